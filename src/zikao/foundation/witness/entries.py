"""The bytes of lines as the tree hashes them."""

from __future__ import annotations

from django.db import connection

from zikao.foundation.ledger.entry import ENTRY_SQL


def entry_of(line_id: int) -> tuple[bytes, int | None] | None:
    """The bytes of a line and its place in the tree, once it has one; None where there is no such line."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {ENTRY_SQL}, leaf.seq FROM ledger_line line"  # noqa: S608 - constants only
            " LEFT JOIN ledger_leaf leaf ON leaf.line_id = line.id WHERE line.id = %s",
            [line_id],
        )
        row = cursor.fetchone()
    return (bytes(row[0]), row[1]) if row else None


def entries_up_to(tree_size: int) -> list[bytes]:
    """The bytes of the first lines of the tree, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {ENTRY_SQL} FROM ledger_leaf leaf JOIN ledger_line line ON line.id = leaf.line_id"  # noqa: S608
            " WHERE leaf.seq < %s ORDER BY leaf.seq",
            [tree_size],
        )
        return [bytes(row[0]) for row in cursor.fetchall()]
