"""Majors and their examination plans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import BadInput, Conflict
from zikao.stages.agencies.models import School
from zikao.stages.programmes import policies, rules
from zikao.stages.programmes.models import (
    ChoiceGroup,
    Course,
    Major,
    Plan,
    PlanCourse,
    PlanSchool,
    Prerequisite,
    Replacement,
    ReplacementCourse,
)
from zikao.stages.programmes.states import CourseData, Level, PlanData, Side


@command(writes="programmes.major-registered", posts=policies.PLAN_KEEPERS)
def register_major(*, code: str, level: Level, name: str, by: Actor, at: datetime) -> Outcome[Major]:
    """Put a major on record that has no plan yet.

    Writes:  programmes.major-registered
    Raises:  NotPermitted, Conflict
    """
    if Major.objects.filter(code=code).exists():
        raise Conflict("major-registered", facts={"code": code}, message=f"专业 {code} 已登记。")
    major = Major.objects.create(code=code, level=level, name=name)
    return Outcome(major, facts={"code": code, "level": level})


@command(writes="programmes.plans-imported", clauses=("SR-18.1.1", "SR-18.1.3"), posts=policies.PLAN_KEEPERS)
def import_plans(*, plans: Sequence[PlanData], since: date, by: Actor, at: datetime) -> Outcome[list[Plan]]:
    """Bring plans into force from a day, all or none; a major's open plan ends on that day.

    The examining schools must be registered by the names that the plans use.

    Source:  SR-18.1.1, SR-18.1.3
    Writes:  programmes.plans-imported
    Raises:  NotPermitted, BadInput, Conflict, Refused
    """
    schools = School.objects.in_bulk({name for plan in plans for name in school_names(plan)}, field_name="name")
    for plan in plans:
        _check_plan(plan, schools, local_day(at))
    courses = _courses_of(course for plan in plans for course in plan.courses)
    made = [_plan(plan, schools, courses, since) for plan in plans]
    facts = {"majors": [p.major_code for p in plans], "courses": len(courses), "since": since}
    return Outcome(made, on="plans", facts=facts)


def school_names(plan: PlanData) -> list[str]:
    """The names of all examining schools of a plan."""
    return [plan.examining_school, *(each.school for each in plan.schools)]


def _check_plan(plan: PlanData, schools: dict[str, School], on: date) -> None:
    if missing := [name for name in school_names(plan) if name not in schools]:
        text = f"主考学校“{'、'.join(missing)}”没有登记。"
        raise BadInput("school-not-registered", field_errors={plan.major_code: text})
    rules.PLAN_MINIMUM(
        on=on,
        level=plan.level,
        courses=len(plan.courses),
        min_credits=plan.min_credits,
        total_credits=sum(course.credits for course in plan.courses),
    ).require()


def _courses_of(rows: Iterable[CourseData]) -> dict[str, Course]:
    """The courses by code; new ones are made, and what the file calls national is national from now on."""
    wanted = {row.code: row for row in rows}
    known = Course.objects.in_bulk(wanted, field_name="code")
    for code, course in known.items():
        if course.name != wanted[code].name:
            raise Conflict(
                "course-name-differs",
                facts={"code": code},
                message=f"课程 {code} 已登记为“{course.name}”，与文件中的“{wanted[code].name}”不同。",
            )
    Course.objects.filter(code__in=[c for c, row in wanted.items() if row.national]).update(national=True)
    Course.objects.bulk_create(
        Course(code=code, name=row.name, national=row.national) for code, row in wanted.items() if code not in known
    )
    return Course.objects.in_bulk(wanted, field_name="code")


def _plan(data: PlanData, schools: dict[str, School], courses: dict[str, Course], since: date) -> Plan:
    major, made = Major.objects.get_or_create(
        code=data.major_code, defaults={"name": data.major_name, "level": data.level}
    )
    if not made and (major.name, major.level) != (data.major_name, data.level):
        raise Conflict("major-differs", facts={"code": major.code}, message=f"专业 {major.code} 与已登记的不同。")
    if major.plans.filter(since__gte=since).exists() or major.plans.filter(version=data.version).exists():
        raise Conflict("plan-in-force", facts={"code": major.code}, message=f"专业 {major.code} 已有同版或更新的计划。")
    major.plans.filter(until__isnull=True).update(until=since)
    plan = Plan.objects.create(
        major=major,
        version=data.version,
        examining_school=schools[data.examining_school],
        min_credits=data.min_credits,
        min_courses=data.min_courses,
        entry_condition=data.entry_condition,
        entry_evidence=data.entry_evidence,
        since=since,
    )
    PlanSchool.objects.bulk_create(
        PlanSchool(plan=plan, agency_code=each.prefecture, school=schools[each.school]) for each in data.schools
    )
    _put_courses(plan, data, courses)
    _put_replacements(plan, data, courses)
    return plan


def _put_courses(plan: Plan, data: PlanData, courses: dict[str, Course]) -> None:
    groups = {
        group.code: ChoiceGroup.objects.create(plan=plan, code=group.code, rule=dict(group.rule))
        for group in data.groups
    }
    rows = PlanCourse.objects.bulk_create(
        PlanCourse(
            plan=plan,
            course=courses[row.code],
            credits=row.credits,
            assess=row.assess,
            group=groups[row.group] if row.group else None,
            after=courses[row.after] if row.after else None,
            min_passed=row.min_passed,
            last=row.last,
            replaceable=row.replaceable,
        )
        for row in data.courses
    )
    Prerequisite.objects.bulk_create(
        Prerequisite(plan_course=made, course=courses[code])
        for made, row in zip(rows, data.courses, strict=True)
        for code in row.requires
    )


def _put_replacements(plan: Plan, data: PlanData, courses: dict[str, Course]) -> None:
    """The replacements that the file states and the major does not have yet."""
    known = set(Replacement.objects.filter(major=plan.major).values_list("key", "since"))
    for each in data.replacements:
        if (each.key, each.since) in known:
            continue
        made = Replacement.objects.create(
            major=plan.major,
            document=each.document,
            since=each.since,
            until=each.until,
            both_ways=each.both_ways,
            key=each.key,
        )
        sides = ((Side.FROM, each.from_codes), (Side.TO, each.to_codes))
        ReplacementCourse.objects.bulk_create(
            ReplacementCourse(replacement=made, course=courses[code], side=side)
            for side, codes in sides
            for code in codes
        )
