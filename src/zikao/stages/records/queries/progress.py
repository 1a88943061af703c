"""How far candidates are in their plans."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from zikao.foundation import clock
from zikao.stages.programmes.models import Plan
from zikao.stages.programmes.queries import stands_for
from zikao.stages.records.models import PassCertificate
from zikao.stages.records.rules import CourseFact, Held, PlanFact
from zikao.stages.results.models import Score
from zikao.stages.results.queries import COLUMNS, current_scores, shows_scores
from zikao.stages.results.states import HowObtained


def plan_fact(plan: Plan, on: date | None = None) -> PlanFact:
    """A plan with its courses, groups and the replacements in force on a day (today), as the audit sees it."""
    rows = plan.courses.select_related("course", "group").order_by("course__code")
    return PlanFact(
        level=plan.major.level,
        courses=tuple(
            CourseFact(row.course.code, row.credits, row.assess, row.group.code if row.group else None) for row in rows
        ),
        groups={group.code: group.rule for group in plan.groups.all()},
        min_credits=plan.min_credits,
        min_courses=plan.min_courses,
        replacements=stands_for(plan, on or clock.today()),
    )


def _passes() -> QuerySet[Score]:
    rows = current_scores().filter(passed=True)
    return rows.exclude(sitting__isnull=False, sitting__publication__published_at__isnull=True)


@shows_scores("plan-progress", "计划进度、毕业审核", passes=True)
def passes_shown() -> QuerySet[Any]:
    """Every pass that counts in a plan, as the pages of progress and of graduation read it."""
    return _passes().values_list(*COLUMNS)


@shows_scores("pass-certificates", "课程合格证、课程合格证明", passes=True, whole=False)
def certified() -> QuerySet[Any]:
    """The scores that pass certificates print, each as its record's candidate holds it."""
    printed = PassCertificate.objects.values_list(
        *(
            "record__candidate_id" if name == "candidate_id" else "score_id" if name == "id" else f"score__{name}"
            for name in COLUMNS
        )
    )
    return printed.filter(score__superseded_by__isnull=True)  # a correction says itself that the paper is void


def held_by(candidate_ids: Iterable[int]) -> dict[int, Held]:
    """What each candidate has passed, by published scores in force."""
    rows = _passes().filter(candidate_id__in=list(candidate_ids)).values_list("candidate_id", "course__code", "how")
    passed: dict[int, set[str]] = {}
    here: dict[int, set[str]] = {}
    moved: set[int] = set()
    for candidate_id, code, how in rows:
        passed.setdefault(candidate_id, set()).add(code)
        if how == HowObtained.TRANSFER:
            moved.add(candidate_id)
        elif how != HowObtained.EXEMPTION:
            here.setdefault(candidate_id, set()).add(code)
    return {
        candidate_id: Held(frozenset(codes), len(here.get(candidate_id, ())), candidate_id in moved)
        for candidate_id, codes in passed.items()
    }
