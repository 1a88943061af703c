"""Everything that an older data key sealed is sealed anew, a batch at a time, while others write.

A row is changed only if it still holds what was read (compare and swap), so no lock is held while the seal is
computed. A batch that is repeated finds nothing to do: the work can stop anywhere and begin again.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from zikao.foundation import crypto
from zikao.foundation.secrecy import SealedField

BATCH_ROWS = 1000


@dataclass(frozen=True)
class Batch:
    """What one batch did: the last row looked at (None: there was none), how many sealed anew, how many broken."""

    last_id: int | None
    sealed: int
    broken: int = 0


def reseal_rows(field: SealedField, after: int, limit: int = BATCH_ROWS) -> Batch:
    """Seal the next rows of a column with the newest data key."""
    table, newest = field.model_class._meta.db_table, crypto.data_key_id()
    bound = ", ".join(f'"{name}"' for name in field.bound_to)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "id", "{field.column}", {bound} FROM "{table}" WHERE "id" > %s AND "{field.column}" IS NOT NULL'  # noqa: S608
            f' AND substring("{field.column}" FROM 2 FOR 4) <> decode(%s, \'hex\') ORDER BY "id" LIMIT %s',
            [after, newest, limit],
        )
        rows = cursor.fetchall()
        if not rows:
            return Batch(None, 0)
        changes, broken = [], 0
        for row_id, old, *key in rows:
            try:
                place = field.place(*key)
                changes.append((row_id, bytes(old), crypto.seal(crypto.unseal(old, place), place)))
            except (crypto.SealBroken, crypto.KeysMissing):
                broken += 1
        return Batch(rows[-1][0], swap(cursor, table, field.column, changes), broken)


def swap(cursor: object, table: str, column: str, changes: list[tuple[int, bytes, bytes]]) -> int:
    """Put the new bytes where the old ones still stand; the number of rows changed."""
    ids, old, new = ([change[at] for change in changes] for at in range(3))
    cursor.execute(  # type: ignore[attr-defined]
        f'UPDATE "{table}" AS row SET "{column}" = change.new'  # noqa: S608
        " FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS change (id, old, new)"
        f' WHERE row."id" = change.id AND row."{column}" = change.old',
        [ids, old, new],
    )
    return int(cursor.rowcount)  # type: ignore[attr-defined]
