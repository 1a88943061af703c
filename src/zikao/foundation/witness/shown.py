"""A signed note as it comes from another node: read, and shown to be that node's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zikao.foundation.errors import BadInput
from zikao.foundation.ledger.notes import Note, NoteMalformed, parse_note
from zikao.foundation.witness.keys import is_signed


@dataclass(frozen=True)
class Shown:
    """A note with its node's signature, checked."""

    note: Note
    signature: bytes


def shown_by(origin: str, text: Any, signature_hex: Any) -> Shown:
    """Read and check a signed note of this node. Raises BadInput where it is malformed, another's, or not signed."""
    try:
        note = parse_note(str(text))
        signature = bytes.fromhex(str(signature_hex))
    except (NoteMalformed, ValueError):
        raise BadInput(
            "witness-malformed",
            message="送来的检查点不是规定的格式。",
            remedy="请由对方节点核对程序版本后重新发送。",
            clause="EA-49.1",
        ) from None
    if note.origin != origin:
        raise BadInput(
            "witness-foreign",
            facts={"origin": note.origin},
            message=f"检查点属于 {note.origin}，不是 {origin} 的。",
            remedy="节点只能提请见证自己的检查点。",
            clause="EA-49.1",
        )
    if not is_signed(origin, note.key_id, note.text, signature):
        raise BadInput(
            "witness-signature",
            facts={"key_id": note.key_id},
            message="检查点不是对方节点登记的密钥签名的。",
            remedy="对方更换过密钥的，请先由双方系统管理员更新往来节点的公钥。",
            clause="EA-49.1",
        )
    return Shown(note, signature)


def proof_of(body: Mapping[str, Any]) -> tuple[bytes, ...]:
    """The proof in a message. Raises BadInput."""
    try:
        steps = tuple(bytes.fromhex(each) for each in body["proof"])
        if len(steps) > 128 or any(len(step) != 32 for step in steps):
            raise ValueError
    except (KeyError, TypeError, ValueError):
        raise BadInput(
            "witness-proof-malformed",
            message="送来的一致性证明不是规定的格式。",
            remedy="请由对方节点核对程序版本后重新发送。",
            clause="EA-49.1",
        ) from None
    return steps
