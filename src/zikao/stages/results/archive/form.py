"""The bytes of a version that are hashed: SHA-256 by the database, SM3 by the program, over the same bytes.

The server has no SM3. It computes a leaf a row (SHA-256) and a digest a list (SHA-256 over the leaves in order of
their lines); the program computes the SM3 Merkle root (RFC 9162) over the same canonical rows. The window names both,
its head covers both, and the ledger line of the filing holds both: so neither can be changed without the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from zikao.foundation.ledger.tree import Frontier, leaf_hash

CANONICAL = (
    "convert_to(ROW(row.id, row.list_id, row.line, row.candidate_id, row.course_id, row.sitting_id,"
    " row.sitting_label, row.how, row.standing, row.value, row.grade, row.passed, row.source, row.evidence,"
    " row.version, row.supersedes_id, encode(row.previous, 'hex'), extract(epoch FROM row.recorded_at),"
    " row.agency_code)::text, 'UTF8')"
)
LEAF = f"sha256({CANONICAL})"
"""SQL over `... AS row`; the archive's functions were made with the same text (a test compares)."""
BATCH = 20_000


def canonical_rows(table: str, condition: str, value: int) -> Iterator[bytes]:
    """The canonical bytes of rows of "archive.staged" or "archive.score", in order of their lines."""
    query = f"COPY (SELECT {CANONICAL} FROM {table} AS row WHERE {condition} ORDER BY line) TO STDOUT (FORMAT BINARY)"  # noqa: S608
    connection.ensure_connection()
    with connection.cursor() as cursor, cursor.copy(query.replace("%s", str(int(value)))) as copy:
        copy.set_types(["bytea"])
        for (content,) in copy.rows():
            yield content


def root_of(rows: Iterator[bytes]) -> bytes:
    """The SM3 Merkle root over canonical rows."""
    frontier, batch = Frontier(), []
    for content in rows:
        batch.append(leaf_hash(content))
        if len(batch) == BATCH:
            frontier.extend(batch)
            batch = []
    frontier.extend(batch)
    return frontier.root()


def root_of_list(list_id: int) -> bytes:
    """The SM3 Merkle root of a staged list."""
    return root_of(canonical_rows("archive.staged", "row.list_id = %s", list_id))
