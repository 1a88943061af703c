"""Keeping signatures good for decades (ADR 19): a newer key, or a newer hash, signs over what the older one signed.

After RFC 4998, with our own notes. A chain begins with a checkpoint: the first renewal covers the digest of the note,
its signature and the cosignatures that were kept; each later one covers the digest of the one before. Where the hash
itself grows old, a renewal names a newer one and gives the root over the same lines computed with it: whoever holds
the lines can check it for ever, and the old hash is needed no more. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.ledger.keybook import KeyBook
from zikao.foundation.ledger.notes import instant
from zikao.foundation.ledger.receipts import Cosignature, Renewal

TITLE = "zikao renewal v1"
HASHES: dict[str, Callable[[bytes], bytes]] = {"sm3": sm3, "sha3-256": lambda data: hashlib.sha3_256(data).digest()}
SIGNATURES = ("sm2-sm3",)


@dataclass(frozen=True)
class RenewalNote:
    """What a renewal says: its number in the chain, which head, with which hash, over what, when, by which key."""

    origin: str
    number: int
    tree_size: int
    hash: str
    root: str
    covers: str
    signed_at: datetime
    algorithm: str
    key_id: str

    @property
    def text(self) -> str:
        """What is signed: ten lines, one form only."""
        fields = (
            TITLE,
            self.origin,
            str(self.number),
            str(self.tree_size),
            self.hash,
            self.root,
            self.covers,
            instant(self.signed_at),
            self.algorithm,
            self.key_id,
        )
        return "\n".join(fields) + "\n"


def parse_renewal(text: str) -> RenewalNote:
    """Read a renewal's text. Raises ValueError where it is not in the one form."""
    title, origin, number, size, name, root, covers, when, algorithm, key_id, end = text.split("\n")
    at = datetime.fromisoformat(when)
    note = RenewalNote(origin, int(number), int(size), name, root, covers, at, algorithm, key_id)
    if title != TITLE or end or at.tzinfo is None or note.text != text:
        raise ValueError("renewal")
    return note


def covered_digest(note: str, signature: bytes, cosignatures: Iterable[Cosignature], hash_name: str) -> str:
    """The digest that the first renewal of a checkpoint covers: note, signature, all cosignatures by witness."""
    cosigned = sorted([c.witness, instant(c.cosigned_at), c.key_id, c.signature.hex()] for c in cosignatures)
    return HASHES[hash_name](canonical([note, signature.hex(), cosigned])).hex()


def next_digest(earlier: Renewal, hash_name: str) -> str:
    """The digest that a renewal of a renewal covers."""
    return HASHES[hash_name](canonical([earlier.text, earlier.signature.hex()])).hex()


def root_with(hash_name: str, entries: Sequence[bytes]) -> bytes:
    """The root of RFC 9162 over the lines' bytes with a hash of this name."""
    digest = HASHES[hash_name]
    row = [digest(b"\x00" + entry) for entry in entries]
    while len(row) > 1:
        above = [digest(b"\x01" + left + right) for left, right in zip(row[::2], row[1::2], strict=False)]
        row = [*above, row[-1]] if len(row) % 2 else above
    return row[0] if row else digest(b"")


def check_chain(
    note: str,
    signature: bytes,
    cosignatures: Sequence[Cosignature],
    chain: Sequence[Renewal],
    *,
    origin: str,
    tree_size: int,
    keys: KeyBook,
) -> list[str]:
    """What does not hold in a chain of renewals, in Chinese; nothing where all does."""
    wrong: list[str] = []
    before: Renewal | None = None
    last_at: datetime | None = None
    for number, renewal in enumerate(chain, 1):
        try:
            said = parse_renewal(renewal.text)
            covers = _covers(note, signature, cosignatures, before, said.hash)
        except (ValueError, KeyError):
            return [*wrong, f"第 {number} 次续签读不出，或用了本程序不认识的算法"]
        if (said.origin, said.number, said.tree_size) != (origin, number, tree_size):
            wrong.append(f"第 {number} 次续签说的不是这个检查点")
        if said.covers != covers:
            wrong.append(f"第 {number} 次续签没有盖住前一个签名")
        if said.algorithm not in SIGNATURES or (last_at is not None and said.signed_at <= last_at):
            wrong.append(f"第 {number} 次续签的算法或时间不对")
        why = keys.why_not(origin, said.key_id, said.signed_at, renewal.text.encode(), renewal.signature)
        wrong += [f"第 {number} 次续签：{why}"] if why else []
        before, last_at = renewal, said.signed_at
    return wrong


def _covers(
    note: str, signature: bytes, cosignatures: Sequence[Cosignature], before: Renewal | None, hash_name: str
) -> str:
    return next_digest(before, hash_name) if before else covered_digest(note, signature, cosignatures, hash_name)
