"""Who may leave, what moves with them, and as what a course counts here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zikao.foundation.regulation import Decision
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import suspended_until
from zikao.stages.programmes.models import Course, Plan, PlanCourse
from zikao.stages.records.queries import held_by, plan_fact
from zikao.stages.records.rules import Held, is_complete
from zikao.stages.results.models import Score
from zikao.stages.results.queries import passes_of
from zikao.stages.transfers import rules
from zikao.stages.transfers.models import Substitution, Transfer
from zikao.stages.transfers.states import Direction, MovingScore, OutFacts, TransferState, Way

OPEN_STATES = (TransferState.APPLIED, TransferState.CONFIRMED, TransferState.UPLOADED)


def out_facts(candidate: Candidate, passes_at_destination: int, on: date, *, beside: int | None = None) -> OutFacts:
    """What the law asks before this candidate may leave; `beside` is the transfer that is asked about."""
    suspended = suspended_until(candidate, on) is not None
    arrived = (
        Transfer.objects.filter(candidate=candidate, direction=Direction.IN, state=TransferState.COMPLETED)
        .order_by("-completed_at")
        .values_list("completed_at", flat=True)
        .first()
    )
    months = None
    if arrived is not None:
        day = arrived.date()
        months = (on.year - day.year) * 12 + on.month - day.month - (on.day < day.day)
    held = held_by([candidate.pk]).get(candidate.pk, Held())
    plans = Plan.objects.filter(major_id=candidate.major_id).select_related("major")
    return OutFacts(
        passes_at_destination=passes_at_destination,
        suspended=suspended,
        graduation_delayed=False,
        plan_completed=any(is_complete(plan_fact(plan), held.passed) for plan in plans),
        transferred_in_months_ago=months,
        other_open=Transfer.objects.filter(candidate=candidate, direction=Direction.OUT, state__in=OPEN_STATES)
        .exclude(pk=beside or 0)
        .exists(),
    )


@dataclass(frozen=True)
class Fate:
    """A passing score and whether it moves; its course's credits in the plan here."""

    score: Score
    credits: int
    decision: Decision


def fates_of(candidate: Candidate, on: date) -> list[Fate]:
    """Every passing score and whether it may move: none exempted, no thesis, no practical part without its theory."""
    in_plan = {
        row.course_id: row for row in PlanCourse.objects.filter(plan__major_id=candidate.major_id).order_by("plan_id")
    }
    scores = list(passes_of(candidate.pk).order_by("course__code", "-sitting_label"))
    passed = {score.course_id for score in scores}
    fates = []
    for score in scores:
        row = in_plan.get(score.course_id)
        theory_passed = row is None or row.after_id is None or row.after_id in passed
        assess = row.assess if row else "written"
        decision = rules.MOVES(on=on, how=score.how, assess=assess, theory_passed=theory_passed)
        fates.append(Fate(score, row.credits if row else 0, decision))
    return fates


def moving_scores(candidate: Candidate, on: date) -> tuple[MovingScore, ...]:
    """The passing scores that may move, one a course, the newest."""
    moving: dict[str, MovingScore] = {}
    for fate in fates_of(candidate, on):
        if fate.decision.granted:
            moving.setdefault(fate.score.course.code, _moving(fate.score, fate.credits))
    return tuple(moving.values())


def _moving(score: Score, credits: int) -> MovingScore:
    return MovingScore(
        course_code=score.course.code,
        course=score.course.name,
        credits=credits,
        sitting_label=score.sitting_label,
        how=score.how,
        value=score.value,
        grade=score.grade,
    )


@dataclass(frozen=True)
class Proposal:
    """As what a course of the file counts in the candidate's plan here."""

    course_code: str
    way: Way
    counts_as: Course | None


def proposals(candidate: Candidate, codes: list[str], on: date) -> list[Proposal]:
    """The way of each course, by the plan in force here and the published substitutions."""
    plan_courses = Course.objects.filter(in_plans__plan__major_id=candidate.major_id).distinct()
    here = {course.code: course for course in plan_courses}
    published = Substitution.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gt=on), since_on__lte=on, from_course_code__in=codes
    ).select_related("to_course")
    stands_for = {row.from_course_code: row.to_course for row in published if row.to_course.code in here}
    found = []
    for code in codes:
        way = rules.WAY(on=on, course_in_plan=code in here, substitute=code in stands_for)
        target = here.get(code) if way is Way.ORIGINAL else stands_for.get(code) if way is Way.SUBSTITUTION else None
        found.append(Proposal(code, way, target))
    return found
