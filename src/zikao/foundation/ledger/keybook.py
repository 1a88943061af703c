"""The public keys of nodes, each with the time in which it signed: what a checker holds and nothing else. Pure.

The file is JSON: {"format": 1, "nodes": {"province:32": [{"id": ..., "pem": ..., "since": ..., "until": null}]}}.
`until` is the instant from which the key signs no more; what it signed before stays good.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from zikao.foundation.crypto import sm3, verify
from zikao.foundation.errors import BadInput

KEY_ID_BYTES = 4
FORMAT = 1


@dataclass(frozen=True)
class PublicKey:
    """One public key of a node; without `since` it is good from the beginning."""

    id: str
    pem: str
    since: datetime | None = None
    until: datetime | None = None

    def signed_in(self, at: datetime) -> bool:
        """Whether the key was in use at that instant."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


class KeyBook:
    """Public keys by node and id."""

    def __init__(self, nodes: Mapping[str, Iterable[PublicKey]]) -> None:
        self.nodes = {node: tuple(keys) for node, keys in sorted(nodes.items())}

    def find(self, node: str, key_id: str) -> PublicKey | None:
        """The key of a node with this id."""
        return next((key for key in self.nodes.get(node, ()) if key.id == key_id), None)

    def why_not(self, node: str, key_id: str, at: datetime, data: bytes, signature: bytes) -> str:
        """Why a signature does not count, in Chinese; empty where it does."""
        key = self.find(node, key_id)
        if key is None:
            return f"公钥表里没有 {node} 的密钥 {key_id}"
        if not key.signed_in(at):
            return f"{node} 的密钥 {key_id} 在签名时刻不在使用期内"
        return "" if verify(data, signature, key.pem) else f"不是 {node} 的密钥 {key_id} 签出的"

    def as_json(self) -> str:
        """The file's text."""
        nodes = {node: [_plain(key) for key in keys] for node, keys in self.nodes.items()}
        return json.dumps({"format": FORMAT, "nodes": nodes}, ensure_ascii=False, indent=1) + "\n"


def read_keybook(path: Path) -> KeyBook:
    """Read a file of public keys. Raises BadInput."""
    try:
        content = json.loads(path.read_text())
        if content["format"] != FORMAT:
            raise ValueError
        return KeyBook({node: [_key(each) for each in keys] for node, keys in content["nodes"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(
            "keybook-unreadable",
            message=f"读不出公钥表 {path}。",
            remedy="请在“公开账本 · 公钥”页面重新下载，核对文件没有被改动。",
        ) from None


def key_id_of(pem: str) -> str:
    """The id of a public key, as nodes name it."""
    return sm3(pem.encode())[:KEY_ID_BYTES].hex()


def _key(given: Mapping[str, str | None]) -> PublicKey:
    pem = str(given["pem"])
    if key_id_of(pem) != given["id"]:
        raise ValueError("id")
    return PublicKey(key_id_of(pem), pem, _instant(given.get("since")), _instant(given.get("until")))


def _instant(text: str | None) -> datetime | None:
    found = datetime.fromisoformat(text) if text else None
    if found is not None and found.tzinfo is None:
        raise ValueError("naive")
    return found


def _plain(key: PublicKey) -> dict[str, str | None]:
    since, until = (each.isoformat() if each else None for each in (key.since, key.until))
    return {"id": key.id, "pem": key.pem, "since": since, "until": until}
