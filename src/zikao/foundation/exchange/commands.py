"""Who this node speaks with, and by which keys."""

from __future__ import annotations

from datetime import datetime, timedelta

from zikao.foundation import crypto
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.foundation.errors import BadInput, Conflict
from zikao.foundation.exchange.faults import UnknownPeer
from zikao.foundation.exchange.models import Peer, PeerKey
from zikao.foundation.exchange.states import KeyKind
from zikao.foundation.regulation import parameter


@command(writes="exchange.peer-added", posts={Post.SYSTEM_ADMIN, Post.NODE})
def add_peer(
    *, code: str, url: str, public_key_pem: str, envelope_key_pem: str = "", by: Actor, at: datetime
) -> Outcome[Peer]:
    """Make another node known: its code ("province:33"), address, SM2 public key, and the key to seal to it.

    Without the latter messages to it wait: nothing leaves this node unsealed.

    Source:  the exchange between nodes
    Writes:  exchange.peer-added
    Raises:  NotPermitted, BadInput, Conflict
    """
    _check(url, public_key_pem, envelope_key_pem)
    if Peer.objects.filter(code=code).exists():
        raise Conflict("peer-known", facts={"peer": code}, message="这个节点已经登记。")
    peer = Peer.objects.create(code=code, url=url, added_at=at)
    keys = _take(peer, public_key_pem, envelope_key_pem, at, ends_at=at)
    return Outcome(peer, facts={"peer": code, "url": url, "keys": keys})


@command(writes="exchange.peer-changed", clauses=("EA-21.13",), posts={Post.SYSTEM_ADMIN})
def change_peer(
    *, code: str, url: str, public_key_pem: str, envelope_key_pem: str = "", by: Actor, at: datetime
) -> Outcome[Peer]:
    """Give a known node another address or other keys; a key that is replaced so ends at once.

    Source:  EA-21.13
    Writes:  exchange.peer-changed
    Raises:  NotPermitted, NotFound, BadInput
    """
    _check(url, public_key_pem, envelope_key_pem)
    peer = _known(code)
    before = snapshot(peer)
    peer.url = url
    peer.save(update_fields=["url"])
    keys = _take(peer, public_key_pem, envelope_key_pem, at, ends_at=at)
    return Outcome(peer, facts={"peer": code, "url": url, "keys": keys}, before=before)


@command(writes="exchange.peer-keys-learned", clauses=("EA-21.13",), posts={Post.NODE})
def learn_peer_keys(
    *, code: str, public_key_pem: str, envelope_key_pem: str, proof: bytes, by: Actor, at: datetime
) -> Outcome[Peer]:
    """Take a peer's new keys from its signed message; the older ones still count for a while.

    `proof` is the new signing key's own signature: nobody can announce a key that they do not hold.

    Source:  EA-21.13
    Writes:  exchange.peer-keys-learned
    Raises:  NotPermitted, NotFound, BadInput
    """
    _check("https://", public_key_pem, envelope_key_pem)
    if not crypto.verify(proof_text(code, public_key_pem, envelope_key_pem), proof, public_key_pem):
        raise BadInput("key-not-proven", message="新公钥没有用相应私钥证明，未予采用。", clause="EA-21.13")
    days = int(parameter("peer-key-overlap").on(local_day(at)))
    peer = _known(code)
    keys = _take(peer, public_key_pem, envelope_key_pem, at, ends_at=at + timedelta(days=days))
    return Outcome(peer, facts={"peer": code, "keys": keys, "days": days})


@command(writes="exchange.keys-known-to-peer", clauses=("EA-21.13",), posts={Post.NODE})
def note_keys_known(*, code: str, key_id: str, by: Actor, at: datetime) -> Outcome[Peer]:
    """The peer has taken this node's new keys: from now on it is spoken to with them.

    Source:  EA-21.13
    Writes:  exchange.keys-known-to-peer
    Raises:  NotPermitted, NotFound
    """
    peer = _known(code)
    before = snapshot(peer)
    peer.knows_key = "" if key_id == crypto.signing_key_id() else key_id
    peer.save(update_fields=["knows_key"])
    return Outcome(peer, facts={"peer": code, "key": key_id}, before=before)


def proof_text(code: str, public_key_pem: str, envelope_key_pem: str) -> bytes:
    """What the new signing key signs to prove that its private half is there."""
    return crypto.canonical({"node": code, "sign": public_key_pem, "envelope": envelope_key_pem})


def _take(peer: Peer, sign: str, envelope: str, at: datetime, *, ends_at: datetime) -> list[str]:
    taken = []
    for kind, pem in ((KeyKind.SIGN, sign), (KeyKind.ENVELOPE, envelope)):
        if not pem:
            continue
        is_sign = kind is KeyKind.SIGN
        key_id = crypto.sm3(pem.encode())[:4].hex() if is_sign else crypto.envelope_key_id(pem.encode())
        taken.append(key_id)
        if peer.keys.filter(kind=kind, key_id=key_id, until_at=None).exists():
            continue
        peer.keys.filter(kind=kind, until_at=None).update(until_at=ends_at)
        PeerKey.objects.update_or_create(
            peer=peer, kind=kind, key_id=key_id, defaults={"pem": pem, "since_at": at, "until_at": None}
        )
    return taken


def _check(url: str, public_key_pem: str, envelope_key_pem: str) -> None:
    errors = {}
    if not url.startswith(("https://", "http://")):
        errors["url"] = "地址应以 https:// 开头。"
    if not crypto.is_public_key(public_key_pem):
        errors["public_key_pem"] = "不是 SM2 公钥（PEM）。"
    if envelope_key_pem and not _is_envelope_key(envelope_key_pem):
        errors["envelope_key_pem"] = "不是加密公钥（PEM）。"
    if errors:
        raise BadInput("peer-malformed", field_errors=errors)


def _is_envelope_key(pem: str) -> bool:
    try:
        crypto.envelope_key_id(pem.encode())
    except (ValueError, crypto.KeysMissing):
        return False
    return True


def _known(code: str) -> Peer:
    peer = Peer.objects.select_for_update().filter(code=code).first()
    if peer is None:
        raise UnknownPeer("unknown-peer", facts={"peer": code})
    return peer
