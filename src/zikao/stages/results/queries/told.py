"""Published results for agencies and schools (SR-A1.13): in force, of published sittings, of the own subtree."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import scoped
from zikao.foundation.errors import NotFound
from zikao.stages.agencies.models import School
from zikao.stages.programmes.models import PlanSchool, Sitting
from zikao.stages.results.models import Publication, Score
from zikao.stages.results.queries.scores import current_scores
from zikao.stages.results.states import PublicationState, Standing


@dataclass(frozen=True)
class ToldCounts:
    """A published sitting's results in numbers, as far as the reader may see them."""

    count: int
    candidates: int
    valid: int
    passed: int
    absent: int
    void: int


def school_of(actor: Actor) -> School | None:
    """The examining school whose clerk this is; None for every other post, and where nobody named them."""
    if actor.post is not Post.SCHOOL_CLERK:
        return None
    return School.objects.filter(clerks__account_id=actor.account_id or 0, clerks__ended_at__isnull=True).first()


def told_sittings() -> QuerySet[Publication]:
    """The published sittings, the newest first."""
    rows = Publication.objects.filter(state=PublicationState.PUBLISHED)
    return rows.select_related("sitting").order_by("-sitting__code")


def told_sitting(code: str) -> Sitting:
    """A sitting that is published; NotFound before, as if there were none."""
    found = told_sittings().filter(sitting__code=code).first()
    if found is None:
        raise NotFound("not-published", facts={"sitting": code}, message=f"考次 {code} 没有已公布的成绩。")
    return found.sitting


def told_scores(actor: Actor, found: Sitting) -> QuerySet[Score]:
    """The published scores in force of the actor's own candidates; a school's clerk: of the majors it examines."""
    rows = scoped(current_scores().filter(sitting=found), actor)
    rows = rows.filter(sitting__publication__state=PublicationState.PUBLISHED)
    if actor.post is Post.SCHOOL_CLERK:
        school = school_of(actor)
        rows = rows.filter(_examined_by(school)) if school else rows.none()
    return rows.select_related("candidate__major", "course")


def _examined_by(school: School) -> Q:
    """The candidates of the school's majors, but where a prefecture has another school; and those it has instead."""
    here = PlanSchool.objects.filter(
        plan__major=OuterRef("candidate__major"), agency_code=Substr(OuterRef("candidate__agency_code"), 1, 4)
    )
    own = Q(candidate__major__in=school.plans.values("major")) & ~Exists(here.filter(plan__examining_school=school))
    return own | Exists(here.filter(school=school))


def told_counts(actor: Actor, found: Sitting) -> ToldCounts:
    """The same scores, counted."""
    return ToldCounts(
        **told_scores(actor, found).aggregate(
            count=Count("id"),
            candidates=Count("candidate", distinct=True),
            valid=Count("id", filter=Q(standing=Standing.VALID)),
            passed=Count("id", filter=Q(passed=True)),
            absent=Count("id", filter=Q(standing=Standing.ABSENT)),
            void=Count("id", filter=Q(standing=Standing.VOID)),
        )
    )
