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
from zikao.stages.programmes.models import ChoiceGroup, Course, Major, Plan, PlanCourse
from zikao.stages.programmes.states import CourseData, Level, PlanData


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
    schools = School.objects.in_bulk({plan.examining_school for plan in plans}, field_name="name")
    for plan in plans:
        _check_plan(plan, schools, local_day(at))
    courses = _courses_of(course for plan in plans for course in plan.courses)
    made = [_plan(plan, schools[plan.examining_school], courses, since) for plan in plans]
    facts = {"majors": [p.major_code for p in plans], "courses": len(courses), "since": since}
    return Outcome(made, on="plans", facts=facts)


def _check_plan(plan: PlanData, schools: dict[str, School], on: date) -> None:
    if plan.examining_school not in schools:
        school = plan.examining_school
        raise BadInput("school-not-registered", field_errors={plan.major_code: f"主考学校“{school}”没有登记。"})
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


def _plan(data: PlanData, school: School, courses: dict[str, Course], since: date) -> Plan:
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
        examining_school=school,
        min_credits=data.min_credits,
        min_courses=data.min_courses,
        since=since,
    )
    groups = {
        group.code: ChoiceGroup.objects.create(plan=plan, code=group.code, rule=dict(group.rule))
        for group in data.groups
    }
    PlanCourse.objects.bulk_create(
        PlanCourse(
            plan=plan,
            course=courses[row.code],
            credits=row.credits,
            assess=row.assess,
            group=groups[row.group] if row.group else None,
            after=courses[row.after] if row.after else None,
        )
        for row in data.courses
    )
    return plan
