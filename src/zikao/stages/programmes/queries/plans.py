"""Reading majors and their plans; none of it is secret, so nothing here is scoped."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import Decision
from zikao.stages.agencies.models import School
from zikao.stages.programmes import rules
from zikao.stages.programmes.models import (
    Major,
    Plan,
    PlanCourse,
    PlanImport,
    PlanSchool,
    Prerequisite,
    Replacement,
    ReplacementCourse,
)
from zikao.stages.programmes.states import Side


def majors() -> QuerySet[Major]:
    """All majors by code, with the number of their plans."""
    return Major.objects.annotate(plan_count=Count("plans"))


def plans() -> QuerySet[Plan]:
    """All plans with major and school, each with its number of courses."""
    return Plan.objects.select_related("major", "examining_school").annotate(course_count=Count("courses"))


def plan_in_force(major: Major, on: date) -> Plan | None:
    """The major's plan that is in force on the day, with its examining school; None where there is none."""
    found = major.plans.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
    return found.select_related("examining_school", "major").first()


def plan(plan_id: int) -> Plan:
    """One plan with major and school; NotFound where there is none."""
    found = Plan.objects.select_related("major", "examining_school").filter(pk=plan_id).first()
    if found is None:
        raise NotFound("plan-not-found", facts={"plan": plan_id})
    return found


def plan_courses(of: Plan) -> QuerySet[PlanCourse]:
    """The courses of a plan in its order, with course, group and the course that comes before."""
    return of.courses.select_related("course", "group", "after")


def groups_lacking(of: Plan, passed: frozenset[str]) -> dict[str, str]:
    """The plan's choice groups that these passed courses (codes) do not satisfy, each with its rule in words."""
    rows = plan_courses(of)
    states = {
        group.code: rules.GroupState(
            rule=group.rule,
            credits={row.course.code: row.credits for row in rows if row.group_id == group.pk},
            passed=passed,
        )
        for group in of.groups.all()
    }
    return rules.groups_lacking(states)


def versions_of(major_id: int) -> QuerySet[Plan]:
    """All versions of a major's plan, the newest first."""
    return Plan.objects.filter(major_id=major_id).select_related("major", "examining_school").order_by("-since")


def plan_openness(of: Plan, registered_on: date, on: date, province: str | None) -> Decision:
    """Whether a candidate registered on a day may still go by this plan on another (transition between versions)."""
    return rules.PLAN_OPEN(on=on, since=of.since, until=of.until, registered_on=registered_on, province=province)


def open_plans(major_id: int, registered_on: date, on: date, province: str | None) -> list[Plan]:
    """The versions by which a candidate may go, their own first: the one in force when they registered."""
    found = [plan for plan in versions_of(major_id) if plan_openness(plan, registered_on, on, province).granted]
    return found[::-1]


def plans_of_candidate(major_id: int, registered_on: date, on: date, province: str | None) -> list[Plan]:
    """The versions by which a candidate goes on a day, their own first; the newest begun where all others are over."""
    found = open_plans(major_id, registered_on, on, province)
    return found or list(versions_of(major_id).filter(since__lte=on)[:1])


def plans_open_to_some(on: date, province: str | None) -> list[int]:
    """The ids of all versions by which some candidate may go on a day: in force, or in their transition."""
    ends = Plan.objects.filter(since__lte=on).values_list("pk", "until")
    return [pk for pk, until in ends if until is None or on < rules.transition_over(until, province)]


def transition_over(of: Plan, province: str | None) -> date | None:
    """The day on which the transition after this version is over; None while the version has no end."""
    return rules.transition_over(of.until, province) if of.until is not None else None


def plan_imports() -> QuerySet[PlanImport]:
    """The files of plans, without their contents."""
    return PlanImport.objects.defer("plans", "changes", "problems")


def plan_import(import_id: int) -> PlanImport:
    """One file of plans; NotFound where there is none."""
    found = PlanImport.objects.filter(pk=import_id).first()
    if found is None:
        raise NotFound("plan-import-not-found", facts={"import": import_id})
    return found


def entry_plans(on: date, major_codes: Collection[str] | None = None) -> dict[str, Plan]:
    """By major code, the plan in force on a day whose condition (EA-12.1) binds who comes now; one query."""
    rows = Plan.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on).select_related("major")
    rows = rows if major_codes is None else rows.filter(major__code__in=set(major_codes))
    return {plan.major.code: plan for plan in rows.order_by("since")}


def major_entry(of: Plan, shown: frozenset[str], on: date) -> Decision:
    """Whether what an applicant shows (codes of `Evidence`) meets the condition of the major (EA-12.1)."""
    return rules.MAJOR_ENTRY(on=on, condition=of.entry_condition, evidence=of.entry_evidence, shown=shown)


def examining_school_of(of: Plan, agency_code: str) -> School:
    """The school that examines the plan's candidates of a prefecture: its own, else the plan's."""
    found = PlanSchool.objects.filter(plan=of, agency_code=agency_code[:4]).select_related("school").first()
    return found.school if found is not None else of.examining_school


def schools_by_place(places: Collection[tuple[int, str]], on: date) -> dict[tuple[int, str], School]:
    """The examining school of each (major id, prefecture) by the plan in force on a day; two queries."""
    plans = Plan.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on), major__in={m for m, _ in places}, since__lte=on
    )
    own = {plan.major_id: plan for plan in plans.select_related("examining_school").order_by("since")}
    rows = PlanSchool.objects.filter(plan__in=own.values()).select_related("school", "plan")
    special = {(row.plan.major_id, row.agency_code): row.school for row in rows}
    return {
        (major, area): special.get((major, area), own[major].examining_school) for major, area in places if major in own
    }


def plan_schools(of: Plan) -> QuerySet[PlanSchool]:
    """The examining schools of single prefectures."""
    return PlanSchool.objects.filter(plan=of).select_related("school")


def plan_courses_in_full(of: Plan) -> list[PlanCourse]:
    """The courses of a plan with what comes before each, in the order of the plan; two queries."""
    named = Prefetch("prerequisites", Prerequisite.objects.select_related("course"))
    return list(plan_courses(of).prefetch_related(named).order_by("id"))


def replacements_of(major_id: int, on: date | None = None) -> list[Replacement]:
    """The replacements of a major with their courses, in the order of publication; those in force on a day if asked."""
    rows = Replacement.objects.filter(major_id=major_id)
    if on is not None:
        rows = rows.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
    courses = Prefetch("courses", ReplacementCourse.objects.select_related("course"))
    return list(rows.prefetch_related(courses).order_by("since", "id"))


def stands_for(of: Plan, on: date) -> tuple[rules.StandsFor, ...]:
    """What stands for what in this plan on a day, in the direction in which the plan has the courses."""
    rows = list(PlanCourse.objects.filter(plan=of).values_list("course__code", "replaceable"))
    codes = frozenset(code for code, _ in rows)
    firm = frozenset(code for code, replaceable in rows if not replaceable)
    found = []
    for row in replacements_of(of.major_id, on):
        sides = {side: frozenset(c.course.code for c in row.courses.all() if c.side == side) for side in Side}
        ways = [(Side.FROM, Side.TO), (Side.TO, Side.FROM)] if row.both_ways else [(Side.FROM, Side.TO)]
        found += [rules.StandsFor(sides[a], sides[b]) for a, b in ways if sides[b] & codes and not sides[b] & firm]
    return tuple(found)


def replacing_plans(on: date) -> dict[int, tuple[frozenset[str], tuple[rules.StandsFor, ...]]]:
    """The plans with replacements in force on a day: their course codes, and what stands for what; by plan id."""
    rows = Plan.objects.filter(major__replacements__since__lte=on).distinct()
    found = {}
    for each in rows.filter(Q(major__replacements__until__isnull=True) | Q(major__replacements__until__gt=on)):
        if stands := stands_for(each, on):
            found[each.pk] = (frozenset(each.courses.values_list("course__code", flat=True)), stands)
    return found
