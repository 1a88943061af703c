"""New keys told to the peers by a message that is signed with the old one, so that nothing has to be drained first.

Until a peer has answered, it goes on getting packages under the key that it knows.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from zikao.foundation import crypto
from zikao.foundation.actors import Actor
from zikao.foundation.exchange.commands import learn_peer_keys, note_keys_known, proof_text
from zikao.foundation.exchange.handlers import handles, handles_answer
from zikao.foundation.exchange.models import Peer
from zikao.foundation.exchange.outbox import send
from zikao.foundation.exchange.states import MessageState

KIND = "exchange.keys"


def announce_keys(*, known_so_far: str, at: datetime) -> int:
    """Tell every peer this node's newest keys, inside a command; `known_so_far` is the signing key until now."""
    sign, envelope = crypto.public_key_pem(), crypto.envelope_key_pem()
    proof = crypto.sign(proof_text(settings.ZIKAO_NODE, sign, envelope)).hex()
    peers = Peer.objects.exclude(code=settings.ZIKAO_NODE)
    if known_so_far != crypto.signing_key_id():
        peers.filter(knows_key="").update(knows_key=known_so_far)
    for code in peers.values_list("code", flat=True):
        body = {"sign": sign, "envelope": envelope, "proof": proof, "key": crypto.signing_key_id()}
        send(to=code, kind=KIND, body=body, at=at)
    return len(peers)


@handles(KIND)
def take_keys(*, body: dict[str, Any], peer: str, by: Actor, at: datetime) -> None:
    """A peer has new keys."""
    learn_peer_keys(
        code=peer,
        public_key_pem=str(body["sign"]),
        envelope_key_pem=str(body["envelope"]),
        proof=bytes.fromhex(str(body["proof"])),
        by=by,
        at=at,
    )


@handles_answer(KIND)
def keys_taken(*, body: dict[str, Any], answer: dict[str, Any], peer: str, by: Actor, at: datetime) -> None:
    """The peer knows the new keys now; one that refuses them goes on getting the old one's signature."""
    if answer["state"] == MessageState.ACCEPTED:
        note_keys_known(code=peer, key_id=str(body["key"]), by=by, at=at)
