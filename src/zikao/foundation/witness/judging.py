"""What a checkpoint of another node means beside what it showed before. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from zikao.foundation.ledger import verify_consistency
from zikao.foundation.ledger.notes import Note

Judgement = Literal["first", "grown", "same", "late", "other-base", "forked", "inconsistent", "shrunk"]
FOUND: frozenset[Judgement] = frozenset({"forked", "inconsistent", "shrunk"})


@dataclass(frozen=True)
class Held:
    """A head that we cosigned before."""

    tree_size: int
    root: bytes
    signed_at: datetime


def judge(note: Note, base_size: int, proof: Sequence[bytes], *, last: Held | None, same: Held | None) -> Judgement:
    """`last` is the largest head we cosigned, `same` the one of this size; the proof leads from `base_size`.

    A smaller head signed later than the last shows a tree that shrank; signed earlier, it is only a late message.
    """
    if last is None:
        return "first"
    if same is not None:
        return "same" if same.root == note.root else "forked"
    if note.tree_size < last.tree_size:
        return "shrunk" if note.signed_at > last.signed_at else "late"
    if base_size != last.tree_size:
        return "other-base"
    held = verify_consistency(last.tree_size, last.root, note.tree_size, note.root, proof)
    return "grown" if held else "inconsistent"
