"""What was sent and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from zikao.foundation.exchange.models import Inbox, Outbox, Peer
from zikao.foundation.exchange.states import MessageState


@dataclass(frozen=True)
class Balance:
    """The messages to one peer, and those from it. `sent` is counted by the numbers given, the rest by rows."""

    peer: str
    sent: int
    accepted: int
    rejected: int
    pending: int
    received_accepted: int
    received_rejected: int

    @property
    def holds(self) -> bool:
        """Whether every message sent is accounted for."""
        return self.sent == self.accepted + self.rejected + self.pending


def balance() -> list[Balance]:
    """The balance with each peer: sent = accepted + rejected + pending."""
    sent = _counts(Outbox)
    received = _counts(Inbox)
    return [
        Balance(peer.code, peer.last_sequence, *sent.get(peer.pk, (0, 0, 0)), *received.get(peer.pk, (0, 0, 0))[:2])
        for peer in Peer.objects.all()
    ]


def _counts(model: type[Outbox] | type[Inbox]) -> dict[int, tuple[int, int, int]]:
    rows = (
        model._default_manager.values("peer_id")
        .annotate(
            accepted=Count("pk", filter=Q(state=MessageState.ACCEPTED)),
            rejected=Count("pk", filter=Q(state=MessageState.REJECTED)),
            pending=Count("pk", filter=Q(state=MessageState.PENDING)),
        )
        .order_by("peer_id")
    )
    return {row["peer_id"]: (row["accepted"], row["rejected"], row["pending"]) for row in rows}
