"""The law of entering: when, which courses, how many, and what may be frozen."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter
from zikao.stages.entries.states import Category, CourseFacts, PeriodFacts

FIRST_DAY = date(2020, 9, 27)

WINDOW = Rule("entries.window", title="在规定的时间、以规定的方式报考")
WINDOW_PERIOD = Rule("entries.window-period", title="报考时间在开考之前")
COURSES = Rule("entries.courses", title="所选课程可以报考")
AREA = Rule("entries.area", title="在报名地以外的地（市）参加考试")
UNIT_CLASH = Rule("entries.unit-clash", title="同一考试单元只能报考一门")
NUMBER = Rule("entries.number", title="一次考试报考门数")
CLOSING = Rule("entries.closing", title="报考截止后才能封存名册")
PERIOD = Rule("entries.period", title="按考生类别和方式，在各自的时段报考")
CHANGE = Rule("entries.window-change", title="公布后调整时间须说明原因")
PLEDGE = Rule("entries.pledge", title="报考时签署诚信考试承诺书")
PLACE = Rule("entries.place", title="所选考区、考点还有名额")


@WINDOW.version("EA-13.2", since=FIRST_DAY)
def _(*, opens_at: datetime, closes_at: datetime, at: datetime, way: str, ways: frozenset[str]) -> Decision:
    return all_of(
        decide("EA-13.2", at >= opens_at, "window-not-open", opens_at=opens_at),
        decide("EA-13.2", at < closes_at, "window-closed", closes_at=closes_at),
        decide("EA-13.2", way in ways, "way-not-offered", way=way),
    )


@WINDOW_PERIOD.version("EA-13.2", since=FIRST_DAY)
def _(*, opens_at: datetime, closes_at: datetime, first_unit_at: datetime | None) -> Decision:
    in_time = first_unit_at is None or closes_at < first_unit_at
    return all_of(
        decide("EA-13.2", opens_at < closes_at, "window-ends-before-start"),
        decide("EA-13.2", in_time, "window-after-exam", first_unit_at=first_unit_at),
    )


@COURSES.version("EA-13.2", since=FIRST_DAY)
def _(*, courses: tuple[CourseFacts, ...], province: str, on: date) -> Decision:
    outside_plan = parameter("entry-outside-plan").on(on, province=province)
    retake = parameter("entry-of-passed-course").on(on, province=province)
    strict_order = parameter("entry-order-enforced").on(on, province=province)
    findings = []
    for course in courses:
        named = {"course": course.course_code, "course_name": course.course_name}
        findings += [
            decide("EA-13.2", course.assess == "written", "course-not-written", **named),
            decide("EA-13.2", course.in_plan or outside_plan, "course-outside-plan", **named),
            decide("EA-13.2", not course.entered, "course-entered-already", **named),
            decide("EA-13.2", not course.passed or retake, "course-passed-already", **named),
            decide("EA-13.2", course.after_met or not strict_order, "course-before-other", **named, after=course.after),
        ]
    return all_of(*findings)


@UNIT_CLASH.version("EA-22.1", since=FIRST_DAY)
def _(*, courses: tuple[CourseFacts, ...]) -> Decision:
    by_unit: dict[int, list[str]] = defaultdict(list)
    for course in courses:
        by_unit[course.unit].append(f"{course.course_code} {course.course_name}")
    return all_of(
        *(
            decide("EA-22.1", len(names) == 1, "unit-clash", unit=unit, courses=tuple(names))
            for unit, names in sorted(by_unit.items())
        )
    )


@AREA.version("SR-16", since=FIRST_DAY)
def _(*, own_area: str, area: str, moved_to: frozenset[str], asked_for: bool) -> Decision:
    open_to = area == own_area or area in moved_to
    return decide("SR-16", not asked_for or open_to, "move-within-province-needed", area=area, own_area=own_area)


@NUMBER.version("EA-13.2", since=FIRST_DAY)
def _(*, wanted: int, entered: int, province: str, on: date) -> Decision:
    most = parameter("max-courses-per-sitting").on(on, province=province)
    return all_of(
        decide("EA-13.2", wanted > 0, "no-course-chosen"),
        decide("EA-13.2", wanted + entered <= most, "too-many-courses", total=wanted + entered, most=most),
    )


@CLOSING.version("EA-13.2", since=FIRST_DAY)
def _(*, closes_at: datetime, at: datetime, unsettled: int, province: str, on: date) -> Decision:
    """Money that is on its way is waited for, as long as places are kept for it."""
    grace = timedelta(minutes=parameter("entry-hold-grace-minutes").on(on, province=province))
    is_over = at >= closes_at
    waits = is_over and unsettled > 0 and at < closes_at + grace
    return all_of(
        decide("EA-13.2", is_over, "window-still-open", closes_at=closes_at),
        decide("EA-13.2", not waits, "orders-unsettled", count=unsettled, until=closes_at + grace),
    )


@PERIOD.version("EA-13.2", since=FIRST_DAY)
def _(*, periods: tuple[PeriodFacts, ...], categories: frozenset[str], way: str, at: datetime) -> Decision:
    mine = [each for each in periods if not each.categories or each.categories & categories]
    offered = [each for each in mine if way in each.ways]
    coming = min((each.opens_at for each in offered if each.opens_at > at), default=None)
    last = max((each.closes_at for each in offered), default=None)
    is_open = any(each.opens_at <= at < each.closes_at for each in offered)
    return all_of(
        decide("EA-13.2", bool(mine) or not periods, "category-not-offered", categories=_labels(categories)),
        decide("EA-13.2", bool(offered) or not mine, "way-not-offered", way=way),
        decide("EA-13.2", is_open or coming is None, "period-not-open", opens_at=coming),
        decide("EA-13.2", is_open or coming is not None or not offered, "period-over", closes_at=last),
    )


def _labels(categories: frozenset[str]) -> tuple[str, ...]:
    return tuple(each.label for each in Category if each.value in categories)


@CHANGE.version("EA-13.2", since=FIRST_DAY)
def _(*, opens_at: datetime, at: datetime, reason: str) -> Decision:
    return decide("EA-13.2", at < opens_at or bool(reason.strip()), "change-needs-reason", opens_at=opens_at)


@PLEDGE.version("EA-26.1", since=FIRST_DAY)
def _(*, pledged: bool, accepts: bool) -> Decision:
    return decide("EA-26.1", pledged or accepts, "pledge-missing")


@PLACE.version("EA-13.2", since=FIRST_DAY)
def _(*, full: tuple[str, ...]) -> Decision:
    return all_of(*(decide("EA-13.2", False, "no-place-left", where=where) for where in full))
