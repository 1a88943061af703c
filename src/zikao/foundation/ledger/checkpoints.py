"""Signed heads of the tree, and proofs from it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection

from zikao.foundation import crypto
from zikao.foundation.errors import NotFound
from zikao.foundation.ledger.tree import Frontier, Inclusion, Levels, consistency_path


def note_text(*, origin: str, tree_size: int, root: bytes, signed_at: datetime, key_id: str) -> str:
    """What the node signs: five lines, readable, one form only."""
    when = signed_at.astimezone(UTC).isoformat(timespec="microseconds")
    return f"zikao ledger {origin}\n{tree_size}\n{b64encode(root).decode()}\n{when}\n{key_id}\n"


def checkpoint(at: datetime) -> int | None:
    """Sign the head of the tree where it has grown since the last checkpoint; returns its size, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tree_size, peaks FROM ledger_batch"
            " WHERE tree_size > (SELECT coalesce(max(tree_size), 0) FROM ledger_checkpoint) ORDER BY id DESC LIMIT 1"
        )
        row = cursor.fetchone()
        if row is None:
            return None
        size, root = row[0], Frontier(row[0], bytes(row[1])).root()
        key_id = crypto.signing_key_id()
        note = note_text(origin=settings.ZIKAO_NODE, tree_size=size, root=root, signed_at=at, key_id=key_id)
        cursor.execute(
            "INSERT INTO ledger_checkpoint (tree_size, root, signed_at, key_id, note, signature)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [size, root, at, key_id, note, crypto.sign(note.encode())],
        )
    return int(size)


def prove_inclusion(seq: int, tree_size: int) -> Inclusion:
    """The proof that leaf `seq` is in the tree of `tree_size` leaves.

    Raises:  NotFound where the tree has no such leaf or size
    """
    return prove_inclusions([seq], tree_size)[0]


def prove_inclusions(seqs: Sequence[int], tree_size: int) -> list[Inclusion]:
    """The proofs of many leaves of one tree; it is read once, so ask for all that a print run needs.

    Raises:  NotFound where the tree has no such leaf or size
    """
    for seq in seqs:
        if not 0 <= seq < tree_size:
            raise NotFound("ledger-leaf", facts={"seq": seq, "tree_size": tree_size})
    levels = Levels(_leaves(tree_size))
    return [Inclusion(seq, tree_size, levels.path(seq)) for seq in seqs]


def prove_consistency(old_size: int, new_size: int) -> tuple[bytes, ...]:
    """The proof that the tree of `new_size` leaves begins with that of `old_size`.

    Raises:  NotFound where there is no such tree
    """
    leaves = _leaves(new_size)
    if not 0 < old_size <= new_size:
        raise NotFound("ledger-tree", facts={"old_size": old_size, "new_size": new_size})
    return consistency_path(leaves, old_size)


def _leaves(tree_size: int) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM ledger_leaf WHERE seq < %s ORDER BY seq", [tree_size])
        leaves = [bytes(row[0]) for row in cursor.fetchall()]
    if len(leaves) != tree_size:
        raise NotFound("ledger-tree", facts={"tree_size": tree_size, "leaves": len(leaves)})
    return leaves
