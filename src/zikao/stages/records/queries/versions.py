"""What follows for a candidate from the versions of their plan: the transition, and which courses stand for which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from zikao.foundation.clock import local_day
from zikao.stages.candidates.models import Candidate
from zikao.stages.entries.queries import plans_of
from zikao.stages.programmes.models import Course, Plan
from zikao.stages.programmes.queries import transition_over, versions_of
from zikao.stages.programmes.rules import replaced
from zikao.stages.records.queries.plan_progress import Progress, progress_in


@dataclass(frozen=True)
class Passage:
    """Between two versions: the candidate's own, when its transition is over, and how far they are in the other."""

    own: Plan
    over: date
    is_over: bool
    other: Progress | None


@dataclass(frozen=True)
class StandIn:
    """Courses that stand for courses of the plan, in words; `used`: they do so for this candidate."""

    sources: str
    targets: str
    used: bool


def passage_of(candidate: Candidate, progress: Progress, on: date) -> Passage | None:
    """The candidate's passage between versions; None while the version at their registration is in force."""
    registered_on = local_day(candidate.registered_at)
    begun = versions_of(candidate.major_id).filter(since__lte=registered_on)
    own = next((plan for plan in begun if plan.until is None or plan.until > registered_on), None)
    over = transition_over(own, settings.ZIKAO_NODE_CODE or None) if own is not None else None
    if own is None or over is None or own.until is None or on < own.until:
        return None
    other = next((plan for plan in plans_of(candidate, on) if plan != progress.plan), None)
    return Passage(own, over, on >= over, progress_in(candidate, other, on) if other is not None else None)


def stand_ins(progress: Progress) -> list[StandIn]:
    """What may stand for courses of the plan today, those in use first; a course of the plan stands for no other."""
    codes = frozenset(course.code for course in progress.fact.courses)
    replacements = [each for each in progress.fact.replacements if not each.sources & codes]
    used = set(replaced(progress.held.passed, replacements, codes).values())
    wanted = {code for each in replacements for code in each.sources | each.targets}
    names = {course.code: str(course) for course in Course.objects.filter(code__in=wanted)}

    def said(some: frozenset[str]) -> str:
        return "、".join(names.get(code, code) for code in sorted(some))

    found = [StandIn(said(each.sources), said(each.targets & codes), each.sources in used) for each in replacements]
    return sorted(found, key=lambda each: not each.used)
