"""Signed heads of the tree, and proofs from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection

from zikao.foundation import crypto
from zikao.foundation.errors import NotFound
from zikao.foundation.ledger.notes import note_text
from zikao.foundation.ledger.subtrees import Subtrees
from zikao.foundation.ledger.tree import Frontier, Inclusion


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
    """The proofs of many leaves of one tree; what they have in common is read once.

    Raises:  NotFound where the tree has no such leaf or size
    """
    for seq in seqs:
        if not 0 <= seq < tree_size:
            raise NotFound("ledger-leaf", facts={"seq": seq, "tree_size": tree_size})
    tree = _tree(tree_size)
    return [tree.inclusion(seq, tree_size) for seq in seqs]


def prove_consistency(old_size: int, new_size: int) -> tuple[bytes, ...]:
    """The proof that the tree of `new_size` leaves begins with that of `old_size`.

    Raises:  NotFound where there is no such tree
    """
    tree = _tree(new_size)
    if not 0 < old_size <= new_size:
        raise NotFound("ledger-tree", facts={"old_size": old_size, "new_size": new_size})
    return tree.consistency(old_size, new_size)


def _tree(tree_size: int) -> Subtrees:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq) + 1, 0) FROM ledger_leaf")
        (leaves,) = cursor.fetchone()
    if leaves < tree_size:
        raise NotFound("ledger-tree", facts={"tree_size": tree_size, "leaves": leaves})
    return Subtrees()
