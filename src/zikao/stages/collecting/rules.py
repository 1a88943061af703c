"""Who may collect and process scores, when, where, and how many must be there (annex 1, two to five)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

LEADING_GROUP = Rule("collecting.leading-group", title="采集领导小组由省和主考学校共同组成")
RESPONSIBILITY = Rule("collecting.responsibility", title="采集各责任岗位落实到人并相互回避")
SET_TIME = Rule("collecting.set-time", title="成绩在规定时间内采集和处理")
TRAINING = Rule("collecting.training", title="采集和处理人员各方面培训合格")
MAY_WORK = Rule("collecting.may-work", title="采集和处理人员审查、培训、备案、签订责任书后上岗")
SAFE_PLACE = Rule("collecting.safe-place", title="采集和处理在安全的环境下进行")
PRESENCE = Rule("collecting.presence", title="采集和处理期间三人以上同时在场")


@LEADING_GROUP.version("SR-A1.3", since=IN_FORCE)
def _(*, led_by_province: bool, province: int, schools: int) -> Decision:
    return all_of(
        decide("SR-A1.3", led_by_province, "group-without-leader"),
        decide("SR-A1.3", province > 0, "group-without-province"),
        decide("SR-A1.3", schools > 0, "group-without-school"),
    )


@RESPONSIBILITY.version("SR-A1.2", since=IN_FORCE)
def _(*, unnamed: str, supervisor_apart: bool, checker_apart: bool) -> Decision:
    return all_of(
        decide("SR-A1.2", not unnamed, "duties-unnamed", unnamed=unnamed),
        decide("SR-A1.2", supervisor_apart, "supervisor-works"),
        decide("SR-A1.2", checker_apart, "checker-collects"),
    )


@SET_TIME.version("SR-A1.3", since=IN_FORCE)
def _(*, confirmed: bool, begins_at: Any, ends_at: Any, moment: Any) -> Decision:
    if not confirmed:
        return decide("SR-A1.3", False, "round-missing")
    inside = begins_at <= moment < ends_at
    return decide("SR-A1.3", inside, "outside-set-time", begins_at=begins_at, ends_at=ends_at)


@TRAINING.version("SR-A1.4", since=IN_FORCE)
def _(*, topics: Sequence[str], on: date) -> Decision:
    lacking = "、".join(topic for topic in parameter("collection-training-topics").on(on) if topic not in topics)
    return decide("SR-A1.4", not lacking, "worker-untrained", lacking=lacking)


@MAY_WORK.version("SR-A1.4", since=IN_FORCE)
def _(*, vetted: bool, topics: Sequence[str], filed: bool, pledged: bool, recused: bool, on: date) -> Decision:
    if not vetted:
        return decide("SR-A1.4", False, "worker-unvetted")
    return all_of(
        TRAINING(on=on, topics=topics),
        decide("SR-A1.4", filed, "worker-unfiled"),
        decide("SR-A1.4", pledged, "pledge-unsigned"),
        decide("SR-A1.2", not recused, "worker-recused"),
    )


@SAFE_PLACE.version("SR-A1.5", since=IN_FORCE)
def _(*, isolated: bool, only_needed: bool, filmed: bool) -> Decision:
    return all_of(
        decide("SR-A1.5", isolated, "machines-not-isolated"),
        decide("SR-A1.5", only_needed, "machines-not-clean"),
        decide("SR-A1.5", filmed, "collection-not-filmed"),
    )


@PRESENCE.version("SR-A1.5", since=IN_FORCE)
def _(*, work: str, in_session: bool, elsewhere: str, present: int, on: date, province: str | None = None) -> Decision:
    """`elsewhere` is what is done where the person is signed in instead, empty when nowhere."""
    if elsewhere:
        return decide("SR-A1.5", False, "in-another-session", work=work, elsewhere=elsewhere)
    if not in_session:
        return decide("SR-A1.5", False, "not-in-session", work=work)
    needed = int(parameter("collection-people-present").on(on, province=province))
    return decide("SR-A1.5", present >= needed, "too-few-present", present=present, needed=needed)
