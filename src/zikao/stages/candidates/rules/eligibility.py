"""Who may register and enter, and what must be done before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

FIRST_DAY = date(2020, 9, 27)

SUSPENSION = Rule("candidates.suspension", title="停考期内不得报名报考")
MILITARY_ONLY = Rule("candidates.military-only", title="军队自学考试仅接受军队人员报名")
COMPLETE = Rule("candidates.preregistration-complete", title="网上预报名填报完整")
FIRST_SITTING = Rule("candidates.first-sitting", title="首次报考的考次")
PERIOD_SETTING = Rule("candidates.registration-period-setting", title="考次结束之后不再规定报名时间")
REGISTRATION_PERIOD = Rule("candidates.registration-period", title="在规定的时间报名")
TERMS = Rule("candidates.terms", title="接受考场规则、采集图像、交纳费用")


@COMPLETE.version("EA-13.1", since=FIRST_DAY)
def _(*, missing: Sequence[str]) -> Decision:
    return decide("EA-13.1", not missing, "preregistration-incomplete", missing="、".join(missing))


@SUSPENSION.version("EA-12.3", since=FIRST_DAY)
def _(*, suspended_until: date | None, on: date) -> Decision:
    return decide("EA-12.3", suspended_until is None or on >= suspended_until, "suspended", until=suspended_until)


@FIRST_SITTING.version("EA-14", since=FIRST_DAY)
def _(*, over_on: date | None, on: date) -> Decision:
    """The number states year and sitting of the first registration: one that is over is no longer registered for."""
    return decide("EA-14", over_on is None or on <= over_on, "sitting-over", over_on=over_on)


@PERIOD_SETTING.version("EA-12.1", since=FIRST_DAY)
def _(*, over_at: datetime | None, at: datetime) -> Decision:
    return decide("EA-12.1", over_at is None or at < over_at, "sitting-over-for-registration", over_at=over_at)


@REGISTRATION_PERIOD.version("EA-12.1", since=FIRST_DAY)
def _(*, opens_at: datetime | None, closes_at: datetime | None, at: datetime) -> Decision:
    """The province says when people register; where it has not said, they may at any time."""
    return all_of(
        decide("EA-12.1", opens_at is None or opens_at <= at, "registration-not-begun", opens_at=opens_at),
        decide("EA-12.1", closes_at is None or at < closes_at, "registration-over", closes_at=closes_at),
    )


@MILITARY_ONLY.version("EA-12.2", since=FIRST_DAY)
def _(*, military_node: bool, military_person: bool) -> Decision:
    return decide("EA-12.2", military_person or not military_node, "not-military")


@TERMS.version(("EA-13.1", "EA-A1.1"), since=FIRST_DAY)
def _(*, rules_accepted: bool, has_portrait: bool, fee_fen: int, province: str, on: date) -> Decision:
    due = parameter("registration-fee").on(on, province=province)
    return all_of(
        decide("EA-A1.1", rules_accepted, "rules-not-accepted"),
        decide("EA-13.1", has_portrait, "portrait-missing"),
        decide("EA-13.1", fee_fen == due, "registration-fee-differs", paid=_yuan(fee_fen), due=_yuan(due)),
    )


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
