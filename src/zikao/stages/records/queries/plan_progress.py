"""How far one candidate is in the plan: course by course, group by group, in credits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zikao.stages.candidates.models import Candidate
from zikao.stages.programmes.models import Plan, PlanCourse
from zikao.stages.programmes.rules.groups import describe_group
from zikao.stages.records.queries.progress import held_by, plan_fact
from zikao.stages.records.rules import Held, PlanFact, earned, is_complete, unmet_groups
from zikao.stages.results.models import Score
from zikao.stages.results.queries import passes_of


@dataclass(frozen=True)
class CourseProgress:
    """A course of the plan, and the score that passed it, if any."""

    code: str
    name: str
    credits: int
    assess: str
    score: Score | None

    @property
    def passed(self) -> bool:
        """Whether the course is passed."""
        return self.score is not None


@dataclass(frozen=True)
class GroupProgress:
    """A choice group: its rule in words, whether it is met, its courses."""

    code: str
    rule: str
    met: bool
    courses: tuple[CourseProgress, ...]


@dataclass(frozen=True)
class Progress:
    """A candidate in a plan: credits and courses earned and needed, what is passed and what is missing."""

    plan: Plan
    fact: PlanFact
    held: Held
    credits: int
    courses: int
    required: tuple[CourseProgress, ...]
    groups: tuple[GroupProgress, ...]
    complete: bool

    @property
    def needed(self) -> int:
        """The credits that the plan asks for."""
        return self.plan.min_credits

    @property
    def percent(self) -> int:
        """Credits earned of those needed, at most 100."""
        return min(100, 100 * self.credits // self.needed) if self.needed else 100

    @property
    def missing(self) -> tuple[CourseProgress, ...]:
        """The courses outside groups that are not passed."""
        return tuple(course for course in self.required if not course.passed)

    @property
    def missing_groups(self) -> tuple[GroupProgress, ...]:
        """The groups whose rule is not met."""
        return tuple(group for group in self.groups if not group.met)


def plan_in_force(candidate: Candidate, on: date) -> Plan | None:
    """The plan of the candidate's major on a day; the last one where none is in force any more."""
    rows = Plan.objects.filter(major_id=candidate.major_id, since__lte=on).select_related("major", "examining_school")
    return rows.filter(Q(until__isnull=True) | Q(until__gt=on)).first() or rows.order_by("-since").first()


def progress_of(candidate: Candidate, on: date) -> Progress | None:
    """How far the candidate is in the plan of their major; None where the major has no plan."""
    plan = plan_in_force(candidate, on)
    if plan is None:
        return None
    fact = plan_fact(plan)
    held = held_by([candidate.pk]).get(candidate.pk, Held())
    points, courses = earned(fact, held.passed)
    rows = list(plan.courses.select_related("course", "group").order_by("course__code"))
    best = {score.course.code: score for score in passes_of(candidate.pk).order_by("recorded_at", "id")}
    return Progress(
        plan=plan,
        fact=fact,
        held=held,
        credits=points,
        courses=courses,
        required=tuple(_course(row, best) for row in rows if row.group_id is None),
        groups=_groups(plan, fact, held, rows, best),
        complete=is_complete(fact, held.passed) and points >= plan.min_credits,
    )


def _course(row: PlanCourse, best: dict[str, Score]) -> CourseProgress:
    course = row.course
    return CourseProgress(course.code, course.name, row.credits, row.get_assess_display(), best.get(course.code))


def _groups(
    plan: Plan, fact: PlanFact, held: Held, rows: list[PlanCourse], best: dict[str, Score]
) -> tuple[GroupProgress, ...]:
    unmet = unmet_groups(fact, held.passed)
    return tuple(
        GroupProgress(
            group.code,
            describe_group(group.rule),
            group.code not in unmet,
            tuple(_course(row, best) for row in rows if row.group_id == group.pk),
        )
        for group in plan.groups.order_by("code")
    )
