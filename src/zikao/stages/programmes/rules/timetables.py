"""What a plan must reach at the least, when sittings are, and which course may stand where in a timetable."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

PLAN_MINIMUM = Rule("programmes.plan-minimum", title="专业考试计划的最低要求")
SITTING_MONTH = Rule("programmes.sitting-month", title="考试月份")
SITTING_DIGIT = Rule[int]("programmes.sitting-digit", title="准考证号中的考次代码")
NATIONAL_ISSUE = Rule("programmes.national-issue", title="全国统考安排的制定")
NATIONAL_UNIT = Rule("programmes.national-unit", title="全国统考单元的考试时间")
SLOT = Rule("programmes.slot", title="课程的考试时间安排")
NATIONAL_PAPER = Rule("programmes.national-paper", title="统考课程的命题和试题修改")
PUBLICATION = Rule("programmes.publication", title="考试安排备案后公布")


@PLAN_MINIMUM.version(("SR-18.1.1", "SR-18.1.3"), since=IN_FORCE)
def _(*, level: str, courses: int, min_credits: int, total_credits: int, on: date) -> Decision:
    fewest = parameter("plan-minimum-courses").on(on)[level]
    least = parameter("plan-minimum-credits").on(on)[level]
    return all_of(
        decide("SR-18.1.1", courses >= fewest, "plan-courses-too-few", courses=courses, fewest=fewest),
        decide("SR-18.1.3", min_credits >= least, "plan-credits-too-low", credits=min_credits, least=least),
        decide(
            "SR-18.1.3",
            total_credits >= min_credits,
            "plan-credits-unreachable",
            credits=min_credits,
            total=total_credits,
        ),
    )


@SITTING_MONTH.version(("EA-22.1", "EA-22.3"), since=IN_FORCE)
def _(*, month: int, on: date) -> Decision:
    months = [
        *parameter("national-sitting-months").on(on),
        *parameter("provincial-only-sitting-months").on(on),
    ]
    return decide("EA-22.1", month in months, "no-sitting-in-month", month=month, months=sorted(months))


@SITTING_DIGIT.version("EA-14", since=IN_FORCE)
def _(*, month: int, on: date) -> int:
    return int(parameter("sitting-digits").on(on)[month])


@NATIONAL_ISSUE.version("EA-22.1", since=IN_FORCE)
def _(*, month: int, all_national: bool, on: date) -> Decision:
    months = parameter("national-sitting-months").on(on)
    return all_of(
        decide("EA-22.1", month in months, "national-sitting-month", month=month, months=months),
        decide("EA-22.1", all_national, "provincial-course-in-national-timetable"),
    )


@NATIONAL_UNIT.version("EA-22.1", since=IN_FORCE)
def _(*, unit: int, times: str, issued: str | None) -> Decision:
    """Times in words; `issued` is None where the centre has no such unit."""
    return decide("EA-22.1", issued in (None, times), "national-unit-moved", unit=unit, times=times, issued=issued)


@SLOT.version(("EA-22.2", "EA-22.3"), since=IN_FORCE)
def _(
    *,
    course: str,
    national: bool,
    month: int,
    unit: int,
    issued_unit: int | None,
    approved_unit: int | None = None,
    on: date,
) -> Decision:
    if not national or approved_unit == unit:
        return decide("EA-22.2", True, "national-course-elsewhere", course=course)
    if month in parameter("provincial-only-sitting-months").on(on):
        return decide("EA-22.3", False, "national-course-in-provincial-sitting", course=course, month=month)
    return all_of(
        decide("EA-22.2", issued_unit is not None, "national-course-not-issued", course=course),
        decide(
            "EA-22.2",
            issued_unit in (None, unit),
            "national-course-elsewhere",
            course=course,
            unit=unit,
            issued=issued_unit,
        ),
    )


@NATIONAL_PAPER.version("EA-22.2", since=IN_FORCE)
def _(*, course: str, national: bool, act: str, permitted: bool) -> Decision:
    code = "national-paper-changed-here" if act == "change" else "national-paper-set-here"
    return decide("EA-22.2", not national or permitted, code, course=course)


@PUBLICATION.version("EA-22.5", since=IN_FORCE)
def _(*, acknowledged: bool) -> Decision:
    return decide("EA-22.5", acknowledged, "timetable-not-acknowledged")
