"""What waits for people: doubtful items and cards set aside."""

from __future__ import annotations

from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.stages.marking.models import Card, Doubt
from zikao.stages.marking.queries.persons import account_of
from zikao.stages.marking.states import CardState


def open_doubts(actor: Actor, *, paper_id: int | None = None) -> QuerySet[Doubt]:
    """Doubtful items that this person has not ruled on yet, card by card."""
    rows = Doubt.objects.filter(answer="").exclude(rulings__account_id=account_of(actor))
    if paper_id is not None:
        rows = rows.filter(card__paper_id=paper_id)
    return scoped(rows, actor).select_related("card__paper__course").order_by("card_id", "item")


def doubt(actor: Actor, doubt_id: int) -> Doubt:
    """One doubtful item; NotFound outside the actor's subtree."""
    return access(Doubt.objects.select_related("card__paper__course", "card__seat"), actor, pk=doubt_id)


def cards_set_aside(actor: Actor) -> QuerySet[Card]:
    """Cards set aside that still wait."""
    rows = Card.objects.filter(state=CardState.SET_ASIDE).select_related("paper__course", "paper__sitting", "batch")
    return scoped(rows, actor).order_by("paper__course__code", "batch__number", "number")


def set_aside_card(actor: Actor, card_id: int) -> Card:
    """One card that is or was set aside; NotFound outside the actor's subtree."""
    return access(Card.objects.exclude(reason="").select_related("paper__course", "seat"), actor, pk=card_id)
