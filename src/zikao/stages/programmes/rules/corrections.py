"""When a timetable that is public may still be corrected."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide

IN_FORCE = date(2020, 9, 27)

CORRECTION = Rule("programmes.correction", title="已公布考试安排的更正")


@CORRECTION.version(("EA-22.1", "EA-16"), since=IN_FORCE)
def _(*, reason: str, changes: int, begins_on: date | None, listed: int, on: date) -> Decision:
    """`begins_on`: the first day of the sitting; `listed`: entries of a frozen list that it would touch."""
    return all_of(
        decide("EA-22.1", bool(reason.strip()), "timetable-correction-without-reason"),
        decide("EA-22.1", changes > 0, "timetable-correction-changes-nothing"),
        decide("EA-22.1", begins_on is None or on < begins_on, "timetable-correction-after-start", begins=begins_on),
        decide("EA-16", listed == 0, "timetable-correction-after-freeze", count=listed),
    )
