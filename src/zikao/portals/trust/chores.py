"""What the node does by itself for trust: offers checkpoints to witnesses, verifies its ledger from time to time."""

from __future__ import annotations

from zikao.foundation import clock
from zikao.foundation.actors import node_actor
from zikao.foundation.jobs.caretaker import chore
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.states import ENDED
from zikao.foundation.witness import queries
from zikao.foundation.witness.caring import minutes, offer_due
from zikao.foundation.witness.models import Verification


@chore("witness", every_seconds=20)
def offer_checkpoints() -> int:
    """Offer the newest checkpoint to those who witness it."""
    return offer_due(clock.now())


@chore("verify", every_seconds=60)
def verify_from_time_to_time() -> bool:
    """Order a verification when the last one is older than the parameter says."""
    from zikao.portals.trust.commands import KIND, order_verification

    at = clock.now()
    last = Verification.objects.order_by("-id").first()
    if queries.last_checkpoint() is None or (
        last is not None and at - last.ended_at < minutes("verification-every", at)
    ):
        return False
    if Work.objects.filter(kind=KIND).exclude(state__in=ENDED).exists():
        return False
    order_verification(by=node_actor(), at=at)
    return True
