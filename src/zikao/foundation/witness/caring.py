"""What the node does by itself: offer its newest checkpoint to its witnesses, as often as the parameter says."""

from __future__ import annotations

from datetime import datetime, timedelta

from zikao.foundation.actors import node_actor
from zikao.foundation.clock import local_day
from zikao.foundation.regulation import parameter
from zikao.foundation.witness import queries
from zikao.foundation.witness.commands import offer_checkpoint
from zikao.foundation.witness.models import Offer


def minutes(name: str, at: datetime) -> timedelta:
    """A parameter in minutes, as it is in force."""
    return timedelta(minutes=int(parameter(name).on(local_day(at))))


def offer_due(at: datetime) -> int:
    """Offer the newest checkpoint to each witness that should have it by now; returns to how many."""
    head = queries.last_checkpoint()
    if head is None:
        return 0
    asked = [witness for witness in queries.witnesses() if _is_due(witness, head.tree_size, at)]
    for witness in asked:
        offer_checkpoint(witness=witness, by=node_actor(), at=at)
    return len(asked)


def _is_due(witness: str, size: int, at: datetime) -> bool:
    last = Offer.objects.filter(witness=witness).order_by("-id").first()
    if last is not None and at - last.offered_at < minutes("witness-offer-every", at):
        return False
    if queries.is_on_its_way(witness):
        return False
    kept = queries.last_cosigned(witness)
    return kept is None or (kept.tree_size < size and queries.has_news(kept.tree_size, size))
