"""Scores as staff and candidates may read them; before publication a candidate reads none of the sitting's."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import scoped
from zikao.stages.programmes.models import Sitting
from zikao.stages.results.models import Score
from zikao.stages.results.states import PublicationState


def current_scores() -> QuerySet[Score]:
    """The versions in force: those no later version replaces."""
    return Score.objects.filter(superseded_by__isnull=True)


def scores_of(sitting: Sitting) -> QuerySet[Score]:
    """The scores in force of one sitting."""
    return current_scores().filter(sitting=sitting)


def published_scores(candidate_id: int) -> QuerySet[Score]:
    """What a candidate may read: scores without a sitting here, and those of published sittings."""
    told = Q(sitting__isnull=True) | Q(sitting__publication__state=PublicationState.PUBLISHED)
    return (
        current_scores()
        .filter(told, candidate_id=candidate_id)
        .select_related("course", "sitting")
        .order_by("-sitting_label", "course__code")
    )


def passes_of(candidate_id: int) -> QuerySet[Score]:
    """The passing scores in force of a candidate, as far as published."""
    return published_scores(candidate_id).filter(passed=True)


def pass_counts(candidate_ids: Collection[int]) -> dict[int, int]:
    """How many courses each candidate has passed, by published scores in force."""
    return {candidate_id: len(ways) for candidate_id, ways in passes_with_their_way(candidate_ids).items()}


def passes_with_their_way(candidate_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """The codes of the courses that each candidate has passed, each with how (`HowObtained`), by published scores."""
    told = Q(sitting__isnull=True) | Q(sitting__publication__state=PublicationState.PUBLISHED)
    rows = current_scores().filter(told, candidate_id__in=candidate_ids, passed=True)
    passed: dict[int, dict[str, str]] = {}
    for candidate_id, code, how in rows.values_list("candidate_id", "course__code", "how"):
        passed.setdefault(candidate_id, {})[code] = how
    return passed


def all_scores(actor: Actor, candidate_id: int) -> QuerySet[Score]:
    """Every version of every score of a candidate in the actor's subtree, published or not, newest first."""
    rows = scoped(Score.objects.filter(candidate_id=candidate_id), actor)
    return rows.select_related("course", "sitting", "superseded_by").order_by(
        "-sitting_label", "course__code", "version"
    )


def unpublished_sittings() -> list[int]:
    """The ids of sittings whose scores nobody but their staff may read yet."""
    rows = Sitting.objects.filter(publication__isnull=False)
    return list(rows.exclude(publication__state=PublicationState.PUBLISHED).values_list("id", flat=True))


def awaited_sittings(candidate_id: int) -> list[Sitting]:
    """The sittings that the candidate had a seat in and whose results are not published yet, newest first."""
    rows = Sitting.objects.filter(papers__seats__entry__candidate_id=candidate_id)
    return list(rows.exclude(publication__state=PublicationState.PUBLISHED).distinct().order_by("-code"))
