"""How a violation is recorded, who may decide it, when, and what the decision voids."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter, violation_codes
from zikao.stages.violations.states import FoundIn, Scope

IN_FORCE = date(2020, 9, 27)

RECORDING = Rule("violations.recording", title="违规由两名以上监考员记录并告知考生")
DECIDER = Rule("violations.decider", title="作出处理决定的机构")
APART = Rule("violations.apart", title="记录违规的人不作出处理决定")
HEARD = Rule("violations.heard", title="作出决定前告知并听取陈述申辩")
SCOPE = Rule[Scope]("violations.scope", title="处理的范围")


@RECORDING.version(("EA-A5.5", "EA-A6.13", "EA-A1.10"), since=IN_FORCE)
def _(*, code: str, recorders: frozenset[int], told_candidate: bool, on: date) -> Decision:
    needed = int(parameter("conduct-recorders").on(on))
    known = violation_codes().get(code)
    return all_of(
        decide("EA-A1.7", known is not None and known.by_candidate, "violation-code-unknown", code=code),
        decide("EA-A1.10", len(recorders) >= needed, "violation-recorders", needed=needed),
        decide("EA-A1.10", told_candidate, "violation-not-told"),
    )


@DECIDER.version("EA-A1.10", since=IN_FORCE)
def _(*, code: str, found_in: FoundIn, provincial: bool) -> Decision:
    prefecture_may = violation_codes()[code].category == "disciplinary" and found_in is FoundIn.ROOM
    return decide("EA-A1.10", provincial or prefecture_may, "province-decides", code=code)


@APART.version("EA-A1.10", since=IN_FORCE)
def _(*, decider: int | None, recorders: frozenset[int]) -> Decision:
    return decide("EA-A1.10", decider is None or decider not in recorders, "recorder-decides")


@HEARD.version("EA-A1.10", since=IN_FORCE)
def _(*, notified_on: date | None, stated: bool, province: str | None, on: date) -> Decision:
    days = int(parameter("statement-time").on(on, province=province))
    waited = notified_on is not None and (on - notified_on).days >= days
    return all_of(
        decide("EA-A1.10", notified_on is not None, "case-not-notified"),
        decide("EA-A1.10", stated or waited, "statement-time-runs", days=days),
    )


@SCOPE.version("EA-A1.10", since=IN_FORCE)
def _(*, code: str) -> Scope:
    return Scope.SUBJECT if violation_codes()[code].category == "disciplinary" else Scope.SESSION
