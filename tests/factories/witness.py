"""Ledgers that grow, fork and shrink, and the messages between nodes about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from tests.factories.actors import clerk
from zikao.foundation import crypto, ledger
from zikao.foundation.actors import Post
from zikao.foundation.ledger.notes import note_text
from zikao.foundation.ledger.tree import consistency_path, leaf_hash, root_of


def lines_written(at: datetime, count: int = 3, first: int = 0, checkpoint: bool = True) -> list[int]:
    """Write lines as commands would, sequence them, and sign a checkpoint."""
    made = [
        ledger.append(
            at=at,
            actor=clerk(Post.COUNTY_CLERK, "320102"),
            command="candidates.registered",
            subject=f"candidates.candidate:{first + number}",
            clauses=("EA-13", "SR-3.1"),
            facts={"candidate": first + number, "说": '含“引号"、逗号,和反斜杠\\'},
            before=None,
            after=crypto.sm3(str(number).encode()),
            key=None,
        )
        for number in range(count)
    ]
    ledger.sequence()
    if checkpoint:
        ledger.checkpoint(at)
    return made


@dataclass(frozen=True)
class Head:
    """A signed head of a made-up tree."""

    size: int
    root: bytes
    note: str
    signature: bytes
    leaves: tuple[bytes, ...]

    def body(self, base: int = 0) -> dict[str, object]:
        """The message that offers it."""
        proof = [step.hex() for step in consistency_path(self.leaves, base)] if base else []
        return {"note": self.note, "signature": self.signature.hex(), "base": base, "proof": proof}


def leaves(count: int, flavour: str = "") -> tuple[bytes, ...]:
    """Leaves of a made-up tree."""
    return tuple(leaf_hash(f"{flavour}{number}".encode()) for number in range(count))


def head_of(made: tuple[bytes, ...], at: datetime, minutes: int = 0, origin: str | None = None) -> Head:
    """A head over these leaves, signed by the node that this is now."""
    root = root_of(made)
    note = note_text(
        origin=origin or settings.ZIKAO_NODE,
        tree_size=len(made),
        root=root,
        signed_at=at + timedelta(minutes=minutes),
        key_id=crypto.signing_key_id(),
    )
    return Head(len(made), root, note, crypto.sign(note.encode()), made)
