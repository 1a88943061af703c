"""Cards: read on two machines, unclear ones ruled on by two people, all of them there before totals are made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

READINGS = Rule("marking.two-readings", title="每张答题卡分别在不同的机器上各评阅两次")
RULING = Rule("marking.ruling", title="异常答题卡由指定的两人以上分别处理")
SETTLED_VIEW = Rule["str | None"]("marking.settled-view", title="两人意见一致时裁定生效")
ABSENCE_RULING = Rule("marking.absence-ruling", title="缺考认定与考场情况记录一致")
DATA_CONFIRMATION = Rule("marking.data-confirmation", title="非作答数据的修改由专职人员确认")
DATA_APPLIED = Rule[bool]("marking.data-applied", title="确认人数已足，修改生效")
DATA_CORRECTION = Rule("marking.data-correction", title="非作答数据可以修改")
TOTALLING = Rule("marking.totalling", title="答卷齐全、没有漏评才能合分")


@READINGS.version("EA-A9.2.1.4a", since=IN_FORCE)
def _(*, machines: tuple[str, ...], on: date) -> Decision:
    least = int(parameter("card-readings").on(on))
    return all_of(
        decide("EA-A9.2.1.4a", len(machines) >= least, "read-too-seldom", readings=len(machines), least=least),
        decide("EA-A9.2.1.4a", len(set(machines)) == len(machines), "read-on-one-machine"),
    )


@RULING.version("EA-A9.2.1.5", since=IN_FORCE)
def _(*, person: int | None, ruled_by: frozenset[int]) -> Decision:
    return decide("EA-A9.2.1.5", person is not None and person not in ruled_by, "ruled-already")


@SETTLED_VIEW.version("EA-A9.2.1.5", since=IN_FORCE)
def _(*, views: Mapping[int, str], on: date, province: str | None = None) -> str | None:
    """The view that enough different people share, or None. `views` is account -> what the person saw."""
    least = int(parameter("card-dispute-people").on(on, province))
    counted = sorted(set(views.values()), key=lambda view: -list(views.values()).count(view))
    return next((view for view in counted if list(views.values()).count(view) >= least), None)


@ABSENCE_RULING.version("EA-A9.2.1.5", since=IN_FORCE)
def _(*, ruled_absent: bool, present: bool | None) -> Decision:
    """`present` by the signed room sheet; None where there is no sheet yet."""
    return decide("EA-A9.2.1.5", present is not None and ruled_absent is not present, "absence-against-room-sheet")


@TOTALLING.version(("EA-41.1", "EA-A9.2.1.5"), since=IN_FORCE)
def _(*, expected: int, accounted: int, missing: int, doubtful: int, set_aside: int, unmarked: int) -> Decision:
    return all_of(
        decide("EA-41.1", missing == 0, "cards-missing", missing=missing),
        decide("EA-41.1", expected == accounted, "cards-do-not-add-up", expected=expected, accounted=accounted),
        decide("EA-A9.2.1.5", doubtful == 0, "cards-unsettled", doubtful=doubtful),
        decide("EA-A9.2.1.5", set_aside == 0, "cards-set-aside", cards=set_aside),
        decide("EA-41.1", unmarked == 0, "questions-unmarked", unmarked=unmarked),
    )


@DATA_CORRECTION.version("EA-A9.2.1.2", since=IN_FORCE)
def _(*, placed: bool, in_marking: bool, changes: bool, reason_given: bool) -> Decision:
    """`placed`: the card counts for a seat; `in_marking`: its script is opened, so marks hang on it."""
    return all_of(
        decide("EA-A9.2.1.2", placed, "data-card-not-placed"),
        decide("EA-A9.2.1.2", not in_marking, "data-card-in-marking"),
        decide("EA-A9.2.1.2", changes, "data-changes-nothing"),
        decide("EA-A9.2.1.2", reason_given, "data-without-reason"),
    )


@DATA_CONFIRMATION.version("EA-A9.2.1.2", since=IN_FORCE)
def _(*, full_time: bool, proposed_it: bool, confirmed_already: bool) -> Decision:
    return all_of(
        decide("EA-A9.2.1.2", full_time, "confirmer-not-full-time"),
        decide("EA-A9.2.1.2", not proposed_it, "confirmer-proposed-it"),
        decide("EA-A9.2.1.2", not confirmed_already, "confirmed-already"),
    )


@DATA_APPLIED.version("EA-A9.2.1.2", since=IN_FORCE)
def _(*, confirmed: int, on: date) -> bool:
    return confirmed >= int(parameter("technical-change-confirmers").on(on))
