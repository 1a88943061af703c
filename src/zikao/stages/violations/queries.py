"""Cases as staff and the candidate concerned may read them."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.stages.programmes.models import Sitting
from zikao.stages.violations.models import Case


def cases(actor: Actor) -> QuerySet[Case]:
    """The cases in the actor's subtree, newest first."""
    rows = Case.objects.select_related("candidate", "entry__paper__course", "entry__sitting")
    return scoped(rows, actor).order_by("-recorded_at", "id")


def case(actor: Actor, case_id: int) -> Case:
    """One case; NotFound outside the subtree."""
    rows = Case.objects.select_related("candidate", "entry__paper__course", "first_recorder", "second_recorder")
    return access(rows, actor, pk=case_id)


def own_cases(actor: Actor) -> QuerySet[Case]:
    """The signed-in candidate's own cases."""
    rows = Case.objects.filter(candidate_id=actor.candidate_id).select_related("entry__paper__course")
    return rows.order_by("-recorded_at", "id")


def cases_by_state(sitting: Sitting) -> dict[str, int]:
    """How many cases of a sitting stand in each state."""
    rows = Case.objects.filter(entry__sitting=sitting).order_by().values_list("state").annotate(n=Count("id"))
    return dict(rows)
