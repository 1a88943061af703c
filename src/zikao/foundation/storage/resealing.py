"""Stored files sealed anew with the newest data key, a batch at a time."""

from __future__ import annotations

from django.db import connection

from zikao.foundation import crypto
from zikao.foundation.storage import files

BATCH_FILES = 200


def reseal(after: int, limit: int = BATCH_FILES) -> tuple[int | None, int, int]:
    """Seal the next files anew: the last row looked at (None: none left), how many sealed, how many are damaged.

    The file is replaced before its row says so: a crash between leaves a file that names its own key.
    """
    newest = crypto.data_key_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, digest FROM storage_storedfile stored WHERE id > %s AND key_id <> %s"
            " AND NOT EXISTS (SELECT FROM storage_erasedfile gone WHERE gone.digest = stored.digest)"
            " ORDER BY id LIMIT %s",
            [after, newest, limit],
        )
        rows = cursor.fetchall()
        done = [row_id for row_id, digest in rows if files.seal_anew(digest)]
        cursor.execute("UPDATE storage_storedfile SET key_id = %s WHERE id = ANY(%s)", [newest, done])
    return (rows[-1][0] if rows else None), len(done), len(rows) - len(done)
