"""Majors and their examination plans: looked at first, then brought in whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from pydantic import TypeAdapter

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.stages.agencies.models import School
from zikao.stages.programmes import policies, queries
from zikao.stages.programmes.models import (
    ChoiceGroup,
    Course,
    Major,
    Plan,
    PlanCourse,
    PlanImport,
    PlanSchool,
    Prerequisite,
    Replacement,
    ReplacementCourse,
)
from zikao.stages.programmes.states import IMPORT_TRANSITIONS, ImportState, Level, PlanData, Side

_PLANS = TypeAdapter(tuple[PlanData, ...])


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

    Source:  SR-18.1.1, SR-18.1.3
    Writes:  programmes.plans-imported
    Raises:  NotPermitted, BadInput (every problem by its place)
    """
    found = queries.changes_of(plans, since, local_day(at))
    _check_none(found.problems)
    made = _put(plans, since)
    facts = {"majors": [p.major_code for p in plans], "since": since, "digest": found.digest, **found.counts}
    return Outcome(made, on="plans", facts=facts)


@command(writes="programmes.plans-staged", clauses=("SR-18.1.1", "SR-18.1.3"), posts=policies.PLAN_KEEPERS)
def stage_plans(
    *, plans: Sequence[PlanData], since: date, file_name: str, by: Actor, at: datetime
) -> Outcome[PlanImport]:
    """Look at what a file of plans would change from a day on: kept with its problems and its digest, nothing done.

    Source:  SR-18.1.1, SR-18.1.3
    Writes:  programmes.plans-staged
    Raises:  NotPermitted
    """
    found = queries.changes_of(plans, since, local_day(at))
    made = PlanImport.objects.create(
        file_name=file_name[:200],
        since=since,
        plans=[queries.plain(plan) for plan in plans],
        changes=found.changes,
        problems=found.problems,
        digest=found.digest,
        staged_at=at,
    )
    facts = {"majors": len(plans), "problems": len(found.problems), "digest": found.digest, **found.counts}
    return Outcome(made, facts=facts)


@command(writes="programmes.plan-import-applied", clauses=("SR-18.1.1", "SR-18.1.3"), posts=policies.PLAN_KEEPERS)
def apply_plan_import(*, import_id: int, digest: str, by: Actor, at: datetime) -> Outcome[PlanImport]:
    """Bring a staged file into force, exactly as it was shown: the digest must be the one that the page showed.

    Source:  SR-18.1.1, SR-18.1.3
    Writes:  programmes.plan-import-applied
    Raises:  NotPermitted, NotFound, WrongState, BadInput (problems), Conflict (plans changed since)
    """
    staged = _staged(import_id)
    before = snapshot(staged)
    check_transition(IMPORT_TRANSITIONS, ImportState(staged.state), ImportState.APPLIED)
    plans = _PLANS.validate_python(staged.plans)
    found = queries.changes_of(plans, staged.since, local_day(at))
    if digest != staged.digest or found.digest != staged.digest:
        raise Conflict(
            "plans-changed-meanwhile",
            facts={"import": staged.pk},
            message="预演之后计划又有变动，导入的结果会与所示的不同，没有导入。",
            remedy="请重新上传文件预演，核对后再导入。",
        )
    _check_none(found.problems)
    made = _put(plans, staged.since)
    staged.state, staged.ended_at = ImportState.APPLIED, at
    staged.save(update_fields=["state", "ended_at"])
    facts = {"plans": [plan.pk for plan in made], "digest": staged.digest, **found.counts}
    return Outcome(staged, before=before, facts=facts)


@command(writes="programmes.plan-import-dropped", posts=policies.PLAN_KEEPERS)
def drop_plan_import(*, import_id: int, by: Actor, at: datetime) -> Outcome[PlanImport]:
    """Put a staged file away without bringing it in.

    Writes:  programmes.plan-import-dropped
    Raises:  NotPermitted, NotFound, WrongState
    """
    staged = _staged(import_id)
    before = snapshot(staged)
    check_transition(IMPORT_TRANSITIONS, ImportState(staged.state), ImportState.DROPPED)
    staged.state, staged.ended_at = ImportState.DROPPED, at
    staged.save(update_fields=["state", "ended_at"])
    return Outcome(staged, before=before)


def _staged(import_id: int) -> PlanImport:
    found = PlanImport.objects.select_for_update().filter(pk=import_id).first()
    if found is None:
        raise NotFound("plan-import-not-found", facts={"import": import_id})
    return found


def _check_none(problems: Sequence[Mapping[str, str]]) -> None:
    if problems:
        by_place: dict[str, str] = {}
        for each in problems:
            by_place[each["place"]] = by_place.get(each["place"], "") + each["reason"]
        raise BadInput("plans-faulty", field_errors=by_place, message="考试计划文件有误，一份也没有导入。")


def _put(plans: Sequence[PlanData], since: date) -> list[Plan]:
    """Write plans that have no problems."""
    schools = School.objects.in_bulk({n for plan in plans for n in queries.school_names(plan)}, field_name="name")
    courses = _courses_of(plans)
    return [_plan(plan, schools, courses, since) for plan in plans]


def _courses_of(plans: Sequence[PlanData]) -> dict[str, Course]:
    """The courses by code; new ones are made, and what the file calls national is national from now on."""
    rows = [row for plan in plans for row in plan.courses]
    wanted = {row.code: row.name for row in rows} | dict(pair for plan in plans for pair in plan.beside)
    mentioned = {c for plan in plans for each in plan.replacements for c in (*each.from_codes, *each.to_codes)}
    national = {row.code for row in rows if row.national}
    known = Course.objects.in_bulk(wanted, field_name="code")
    Course.objects.filter(code__in=national, kinds__isnull=True).update(national=True)
    Course.objects.bulk_create(
        Course(code=code, name=name, national=code in national) for code, name in wanted.items() if code not in known
    )
    return Course.objects.in_bulk(wanted.keys() | mentioned, field_name="code")


def _plan(data: PlanData, schools: dict[str, School], courses: dict[str, Course], since: date) -> Plan:
    major, _ = Major.objects.get_or_create(
        code=data.major_code, defaults={"name": data.major_name, "level": data.level}
    )
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
    _put_replacements(major, data, courses)
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


def _put_replacements(major: Major, data: PlanData, courses: dict[str, Course]) -> None:
    """The replacements that the file states and the major does not have yet."""
    known = set(Replacement.objects.filter(major=major).values_list("key", "since"))
    for each in data.replacements:
        if (each.key, each.since) in known:
            continue
        made = Replacement.objects.create(
            major=major,
            document=each.document,
            since=each.since,
            until=each.until,
            both_ways=each.both_ways,
            key=each.key,
        )
        ReplacementCourse.objects.bulk_create(_sides(made, each.from_codes, each.to_codes, courses))


def _sides(
    made: Replacement, sources: Sequence[str], targets: Sequence[str], courses: dict[str, Course]
) -> Iterable[ReplacementCourse]:
    for side, codes in ((Side.FROM, sources), (Side.TO, targets)):
        yield from (ReplacementCourse(replacement=made, course=courses[code], side=side) for code in codes)
