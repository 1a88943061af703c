"""Who says which courses are national, and from when."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide

IN_FORCE = date(2020, 9, 27)

COURSE_KIND = Rule("programmes.course-kind", title="统考课程的调整")


@COURSE_KIND.version("EA-22.2", since=IN_FORCE)
def _(*, course: str, national: bool, was_national: bool, since: date, issued_in: str, on: date) -> Decision:
    """`issued_in`: the sitting since then in whose timetable the centre has the course; empty where there is none."""
    return all_of(
        decide("EA-22.2", since > on, "course-kind-backdated", since=since, today=on),
        decide("EA-22.2", national != was_national, "course-kind-same", course=course, national=national),
        decide("EA-22.2", national or not issued_in, "course-kind-issued", course=course, sitting=issued_in),
    )
