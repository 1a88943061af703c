"""When a certificate may be registered and what is checked before."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter
from zikao.stages.registry.states import Verdict

IN_FORCE = date(2020, 9, 27)

PERIOD = Rule("registry.period", title="电子注册的时间")
CHECKS = Rule("registry.checks", title="上报前核对计划、身份、成绩和学历资格")
APPROVAL = Rule("registry.approval", title="上报须经审批")
PUBLIC_ANSWER = Rule[Verdict]("registry.public-answer", title="对查验的答复")


@PERIOD.version("SR-A3.2", since=IN_FORCE)
def _(*, issued_on: date, on: date) -> Decision:
    opens, closes = period_of(issued_on, on)
    return decide("SR-A3.2", opens <= on <= closes, "outside-registration-period", opens=opens, closes=closes)


def period_of(issued_on: date, on: date) -> tuple[date, date]:
    """First and last day of the registration of certificates of an issue date, by the law of a day."""
    for period in parameter("registration-periods").on(on):
        if issued_on.strftime("%m-%d") == period["issued"]:
            opens = date.fromisoformat(f"{issued_on.year}-{period['opens']}")
            closes = date.fromisoformat(f"{issued_on.year}-{period['closes']}")
            return opens, closes if closes >= opens else closes.replace(year=closes.year + 1)
    return date.max, date.min


@CHECKS.version(("SR-A3.5a", "SR-A3.5b", "SR-A3.5c", "SR-A3.5d"), since=IN_FORCE)
def _(*, plan_on_file: bool, identity_agrees: bool, scores_agree: bool, prior_verified: bool) -> Decision:
    return all_of(
        decide("SR-A3.5a", plan_on_file, "plan-not-on-file"),
        decide("SR-A3.5b", identity_agrees, "identity-differs"),
        decide("SR-A3.5c", scores_agree, "scores-differ"),
        decide("SR-A3.5d", prior_verified, "prior-qualification-unverified"),
    )


@APPROVAL.version("SR-A3.3", since=IN_FORCE)
def _(*, checked_by: int | None, approver: int | None) -> Decision:
    return decide("SR-A3.3", approver is not None and approver != checked_by, "registration-approver-checked")


@PUBLIC_ANSWER.version(("SR-22.2", "SR-A3.7"), since=IN_FORCE)
def _(*, registered: bool, name_agrees: bool, revoked: bool) -> Verdict:
    if not (registered and name_agrees):
        return Verdict.NOT_FOUND
    return Verdict.REVOKED if revoked else Verdict.REGISTERED
