"""Who this node speaks with."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.foundation.crypto import is_public_key, sm3
from zikao.foundation.errors import BadInput, Conflict
from zikao.foundation.exchange.faults import UnknownPeer
from zikao.foundation.exchange.models import Peer


@command(writes="exchange.peer-added", posts={Post.SYSTEM_ADMIN, Post.NODE})
def add_peer(*, code: str, url: str, public_key_pem: str, by: Actor, at: datetime) -> Outcome[Peer]:
    """Make another node known: its code ("province:33"), address and SM2 public key.

    Source:  the exchange between nodes
    Writes:  exchange.peer-added
    Raises:  NotPermitted, BadInput, Conflict
    """
    _check(url, public_key_pem)
    if Peer.objects.filter(code=code).exists():
        raise Conflict("peer-known", facts={"peer": code}, message="这个节点已经登记。")
    peer = Peer.objects.create(code=code, url=url, public_key_pem=public_key_pem, added_at=at)
    return Outcome(peer, facts={"peer": code, "url": url, "key": sm3(public_key_pem.encode()).hex()})


@command(writes="exchange.peer-changed", posts={Post.SYSTEM_ADMIN})
def change_peer(*, code: str, url: str, public_key_pem: str, by: Actor, at: datetime) -> Outcome[Peer]:
    """Give a known node another address or key.

    Source:  the exchange between nodes
    Writes:  exchange.peer-changed
    Raises:  NotPermitted, NotFound, BadInput
    """
    _check(url, public_key_pem)
    peer = _known(code)
    before = snapshot(peer)
    peer.url, peer.public_key_pem = url, public_key_pem
    peer.save(update_fields=["url", "public_key_pem"])
    facts = {"peer": code, "url": url, "key": sm3(public_key_pem.encode()).hex()}
    return Outcome(peer, facts=facts, before=before)


def _check(url: str, public_key_pem: str) -> None:
    errors = {}
    if not url.startswith(("https://", "http://")):
        errors["url"] = "地址应以 https:// 开头。"
    if not is_public_key(public_key_pem):
        errors["public_key_pem"] = "不是 SM2 公钥（PEM）。"
    if errors:
        raise BadInput("peer-malformed", field_errors=errors)


def _known(code: str) -> Peer:
    peer = Peer.objects.select_for_update().filter(code=code).first()
    if peer is None:
        raise UnknownPeer("unknown-peer", facts={"peer": code})
    return peer
