"""How far one candidate is in the plan: course by course, group by group, in credits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zikao.stages.agencies.models import School
from zikao.stages.candidates.models import Candidate
from zikao.stages.entries.queries import plans_of
from zikao.stages.programmes.models import Plan, PlanCourse
from zikao.stages.programmes.queries import examining_school_of
from zikao.stages.programmes.rules import replaced
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
    replaced_by: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the course is passed, itself or by courses that stand for it."""
        return self.score is not None or bool(self.replaced_by)


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
    school: School
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
    def courses_lacking(self) -> int:
        """How many courses are lacking of the number that the plan asks for."""
        return max((self.plan.min_courses or 0) - self.courses, 0)

    @property
    def missing(self) -> tuple[CourseProgress, ...]:
        """The courses outside groups that are not passed."""
        return tuple(course for course in self.required if not course.passed)

    @property
    def missing_groups(self) -> tuple[GroupProgress, ...]:
        """The groups whose rule is not met."""
        return tuple(group for group in self.groups if not group.met)


def progress_of(candidate: Candidate, on: date) -> Progress | None:
    """How far the candidate is in their plan; None where the major has none.

    While two versions may be chosen, it is their own, or the newer one once that is complete and their own is not.
    """
    found: Progress | None = None
    for plan in plans_of(candidate, on):
        progress = progress_in(candidate, plan, on)
        if progress.complete:
            return progress
        found = found or progress
    return found


def progress_in(candidate: Candidate, plan: Plan, on: date) -> Progress:
    """How far the candidate is in one version."""
    fact = plan_fact(plan, on)
    held = held_by([candidate.pk]).get(candidate.pk, Held())
    points, courses = earned(fact, held.passed)
    rows = list(plan.courses.select_related("course", "group").order_by("course__code"))
    best = {score.course.code: score for score in passes_of(candidate.pk).order_by("recorded_at", "id")}
    by_others = replaced(held.passed, fact.replacements, frozenset(row.course.code for row in rows))
    return Progress(
        plan=plan,
        school=examining_school_of(plan, candidate.agency_code),
        fact=fact,
        held=held,
        credits=points,
        courses=courses,
        required=tuple(_course(row, best, by_others) for row in rows if row.group_id is None),
        groups=_groups(plan, fact, held, rows, best, by_others),
        complete=is_complete(fact, held.passed) and points >= plan.min_credits and courses >= (plan.min_courses or 0),
    )


def _course(row: PlanCourse, best: dict[str, Score], by_others: Mapping[str, frozenset[str]]) -> CourseProgress:
    course, others = row.course, tuple(sorted(by_others.get(row.course.code, ())))
    score = best.get(course.code)
    return CourseProgress(course.code, course.name, row.credits, row.get_assess_display(), score, others)


def _groups(
    plan: Plan,
    fact: PlanFact,
    held: Held,
    rows: list[PlanCourse],
    best: dict[str, Score],
    by_others: Mapping[str, frozenset[str]],
) -> tuple[GroupProgress, ...]:
    unmet = unmet_groups(fact, held.passed)
    return tuple(
        GroupProgress(
            group.code,
            describe_group(group.rule),
            group.code not in unmet,
            tuple(_course(row, best, by_others) for row in rows if row.group_id == group.pk),
        )
        for group in plan.groups.order_by("code")
    )
