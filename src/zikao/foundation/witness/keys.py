"""The public keys that this node knows: its own with the time each signed in, and those of its peers."""

from __future__ import annotations

from itertools import pairwise

from django.conf import settings
from django.db.models import Max, Min

from zikao.foundation import crypto
from zikao.foundation.exchange.models import Peer
from zikao.foundation.exchange.states import KeyKind
from zikao.foundation.ledger.keybook import KeyBook, PublicKey, key_id_of
from zikao.foundation.ledger.models import Checkpoint


def keybook() -> KeyBook:
    """All keys that a checker needs for what this node signs and what others cosigned."""
    peers = {peer.code: list(peer_keys(peer).values()) for peer in Peer.objects.all()}
    return KeyBook({**peers, settings.ZIKAO_NODE: own_keys()})


def own_keys() -> list[PublicKey]:
    """Our keys, oldest first; one signs until the next has signed its first checkpoint."""
    keys = crypto.public_keys()
    used = Checkpoint.objects.values("key_id").annotate(first=Min("signed_at"), last=Max("signed_at")).order_by("first")
    first = {row["key_id"]: row["first"] for row in used}
    names = list(keys)
    following = {name: first.get(after) for name, after in pairwise(names)}
    return [
        PublicKey(name, pem, first.get(name) if place else None, following.get(name))
        for place, (name, pem) in enumerate(keys.items())
    ]


def peer_keys(peer: Peer) -> dict[str, PublicKey]:
    """A peer's signing keys by id, oldest first; the first is good from the beginning."""
    rows = list(peer.keys.filter(kind=KeyKind.SIGN).order_by("id"))
    return {
        key_id_of(row.pem): PublicKey(key_id_of(row.pem), row.pem, row.since_at if place else None, row.until_at)
        for place, row in enumerate(rows)
    }


def keys_of(code: str) -> dict[str, PublicKey]:
    """The keys of a node by its code: ours, a peer's, or none."""
    if code == settings.ZIKAO_NODE:
        return {key.id: key for key in own_keys()}
    peer = Peer.objects.filter(code=code).first()
    return peer_keys(peer) if peer else {}


def is_signed(code: str, key_id: str, data: str, signature: bytes) -> bool:
    """Whether one of the node's keys, the one named, signed this text."""
    key = keys_of(code).get(key_id)
    return key is not None and crypto.verify(data.encode(), signature, key.pem)
