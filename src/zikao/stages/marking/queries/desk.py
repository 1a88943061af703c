"""What a marker has in hand, may take and has marked; nothing that names an author."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.stages.marking.models import Mark, Marker, MarkingTask
from zikao.stages.marking.queries.persons import account_of
from zikao.stages.marking.states import TaskState


def task_in_hand(actor: Actor, task_id: int) -> MarkingTask:
    """The task that this marker has in hand; anybody else's does not exist."""
    rows = MarkingTask.objects.filter(account_id=account_of(actor), state=TaskState.TAKEN)
    return access(rows.select_related("script__card__paper", "question__paper__course"), actor, pk=task_id)


def task_of_marker(actor: Actor) -> MarkingTask | None:
    """The task in hand, if there is one."""
    rows = MarkingTask.objects.filter(account_id=account_of(actor), state=TaskState.TAKEN)
    return rows.select_related("script", "question__paper__course").first()


def waiting_for_marker(actor: Actor) -> int:
    """How many tasks this marker may take or has in hand."""
    papers = Marker.objects.filter(account_id=account_of(actor)).values("paper_id")
    own = MarkingTask.objects.filter(
        script=OuterRef("script"), question=OuterRef("question"), account_id=account_of(actor)
    )
    free = MarkingTask.objects.filter(state=TaskState.OPEN, question__paper_id__in=papers).exclude(Exists(own))
    in_hand = MarkingTask.objects.filter(account_id=account_of(actor), state=TaskState.TAKEN)
    return scoped(free, actor).count() + in_hand.count()


def marked_by(actor: Actor) -> int:
    """How many marks this marker has given."""
    return Mark.objects.filter(marker_account_id=account_of(actor)).count()
