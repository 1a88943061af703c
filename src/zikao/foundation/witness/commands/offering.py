"""Sending our checkpoints to those who witness them."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import NotFound
from zikao.foundation.exchange import send
from zikao.foundation.ledger import prove_consistency
from zikao.foundation.witness import queries
from zikao.foundation.witness.models import Offer


@command(writes="witness.offered", clauses=("EA-49.1",), posts={Post.NODE})
def offer_checkpoint(*, witness: str, by: Actor, at: datetime) -> Outcome[Offer]:
    """Send our newest checkpoint to a witness, with the proof that it goes on from the last one cosigned there.

    Source:  EA-49.1
    Writes:  witness.offered
    Raises:  NotPermitted, NotFound (no checkpoint yet), UnknownPeer
    """
    head = queries.last_checkpoint()
    if head is None:
        raise NotFound("no-checkpoint", message="账本还没有签发过检查点。", remedy="请稍后再试。")
    kept = queries.last_cosigned(witness)
    base = kept.tree_size if kept is not None and kept.tree_size <= head.tree_size else 0
    proof = prove_consistency(base, head.tree_size) if base else ()
    body = {
        "note": head.note,
        "signature": bytes(head.signature).hex(),
        "base": base,
        "proof": [step.hex() for step in proof],
    }
    send(to=witness, kind=queries.OFFERED, body=body, at=at)
    offer = Offer.objects.create(witness=witness, tree_size=head.tree_size, base_size=base, offered_at=at)
    return Outcome(offer, facts={"witness": witness, "size": head.tree_size, "base": base})
