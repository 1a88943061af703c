"""Plans as data, as a file of plans would state them."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from zikao.foundation import clock
from zikao.stages.programmes.models import Plan, PlanCourse, Replacement
from zikao.stages.programmes.queries.kinds import kinds_on
from zikao.stages.programmes.queries.plans import plan_courses_in_full, replacements_of
from zikao.stages.programmes.states import (
    Assess,
    CourseData,
    GroupData,
    Level,
    PlanData,
    ReplacementData,
    SchoolData,
    Side,
)


def plans_as_data(on: date) -> list[PlanData]:
    """Every plan in force on a day."""
    rows = Plan.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
    return [plan_as_data(plan) for plan in rows.select_related("major", "examining_school").order_by("major__code")]


def plan_as_data(plan: Plan) -> PlanData:
    """One plan with everything that a file states of it."""
    rows, replacements = plan_courses_in_full(plan), replacements_of(plan.major_id)
    kinds = kinds_on(clock.today())
    codes = {row.course.code for row in rows}
    beside = {c.course.code: c.course.name for each in replacements for c in each.courses.all()}
    return PlanData(
        major_code=plan.major.code,
        major_name=plan.major.name,
        level=Level(plan.major.level),
        version=plan.version,
        examining_school=plan.examining_school.name,
        min_credits=plan.min_credits,
        min_courses=plan.min_courses,
        groups=tuple(GroupData(group.code, group.rule) for group in plan.groups.order_by("code")),
        courses=tuple(_course(row, kinds.is_national(row.course)) for row in rows),
        entry_condition=plan.entry_condition,
        entry_evidence=plan.entry_evidence,
        schools=tuple(SchoolData(s.agency_code, s.school.name) for s in plan.schools.select_related("school")),
        beside=tuple((code, name) for code, name in sorted(beside.items()) if code not in codes),
        replacements=tuple(map(_replacement, replacements)),
    )


def _course(row: PlanCourse, national: bool) -> CourseData:
    return CourseData(
        code=row.course.code,
        name=row.course.name,
        credits=row.credits,
        assess=Assess(row.assess),
        group=row.group.code if row.group else None,
        after=row.after.code if row.after else None,
        national=national,
        requires=tuple(each.course.code for each in row.prerequisites.all()),
        min_passed=row.min_passed,
        last=row.last,
        replaceable=row.replaceable,
    )


def _replacement(row: Replacement) -> ReplacementData:
    sides = {side: tuple(c.course.code for c in row.courses.all() if c.side == side) for side in Side}
    return ReplacementData(sides[Side.FROM], sides[Side.TO], row.since, row.until, row.both_ways, row.document)
