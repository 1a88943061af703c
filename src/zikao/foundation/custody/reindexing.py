"""The keyed indexes written anew under the newest index key; look-ups ask with all keys meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db import connection

from zikao.foundation import crypto
from zikao.foundation.custody.resealing import BATCH_ROWS, Batch, swap
from zikao.foundation.secrecy import SealedField, sealed_fields


def indexed_fields() -> list[SealedField]:
    """The sealed columns that have an index beside them."""
    return [field for field in sealed_fields() if field.index]


def reindex_rows(field: SealedField, after: int, limit: int = BATCH_ROWS) -> Batch:
    """Write the next rows' indexes under the newest index key."""
    table, changes, broken, last = field.model_class._meta.db_table, [], 0, None
    for row_id, index, text in _rows(field, after, limit):
        last = row_id
        if text is None:
            broken += 1
        elif (new := crypto.index_of(text)) != index:
            changes.append((row_id, index, new))
    if last is None:
        return Batch(None, 0)
    with connection.cursor() as cursor:
        return Batch(last, swap(cursor, table, str(field.index), changes), broken)


def stale_indexes() -> Counter[str]:
    """How many rows of each indexed column do not stand under the newest index key: every row is looked at."""
    stale: Counter[str] = Counter()
    for field in indexed_fields():
        after = 0
        while rows := list(_rows(field, after, BATCH_ROWS)):
            after = rows[-1][0]
            stale[field.name] += sum(1 for _, index, text in rows if text is None or crypto.index_of(text) != index)
    return +stale


def _rows(field: SealedField, after: int, limit: int) -> Iterator[tuple[int, bytes, str | None]]:
    bound = ", ".join(f'"{name}"' for name in field.bound_to)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "id", "{field.index}", "{field.column}", {bound} FROM "{field.model_class._meta.db_table}"'  # noqa: S608
            ' WHERE "id" > %s ORDER BY "id" LIMIT %s',
            [after, limit],
        )
        rows = cursor.fetchall()
    for row_id, index, sealed, *key in rows:
        try:
            yield row_id, bytes(index), crypto.unseal_text(sealed, field.place(*key))
        except (crypto.SealBroken, crypto.KeysMissing):
            yield row_id, bytes(index), None
