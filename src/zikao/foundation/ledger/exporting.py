"""The whole ledger as one file that anyone can verify without our database (read by `offline`).

"ZKL1", then records: length (4 bytes, big endian) and CBOR. The first is {"format", "origin", "made_at"}; then chunks
[first, [entry, ...]] of 16,384 lines each as bytes; the last is {"leaves": n, "heads": [[note, signature], ...],
"cosignatures": [[witness, instant, key id, signature, note], ...], "renewals": [[text, signature], ...]}.
Keys are not in it: whoever checks has them from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import cbor2
import psycopg

from zikao.foundation.ledger.audit import CHUNK, JOINED, connect
from zikao.foundation.ledger.entry import ENTRY_SQL

FORMAT = 1
MAGIC = b"ZKL1"
LENGTH_BYTES = 4
_READ = JOINED.format(columns=ENTRY_SQL)
_HEADS = "SELECT note, signature FROM ledger_checkpoint WHERE tree_size <= %s ORDER BY tree_size"


def export_ledger(
    conninfo: str,
    path: Path,
    *,
    origin: str,
    at: datetime,
    cosignatures: Iterable[Sequence[Any]] = (),
    renewals: Iterable[Sequence[Any]] = (),
) -> int:
    """Write the lines under the last checkpoint; returns how many. The file must not exist."""
    with connect(conninfo) as connection, path.open("xb") as file:
        size = _signed_size(connection)
        file.write(MAGIC)
        _write(file, {"format": FORMAT, "origin": origin, "made_at": at.isoformat()})
        for first in range(0, size, CHUNK):
            with connection.cursor(binary=True) as cursor:
                cursor.execute(_READ, [first, min(first + CHUNK, size)])
                _write(file, [first, [bytes(row[0] or b"") for row in cursor.fetchall()]])
        heads = [[note, bytes(signature)] for note, signature in connection.execute(_HEADS, [size])]
        tail = {
            "leaves": size,
            "heads": heads,
            "cosignatures": [list(each) for each in cosignatures],
            "renewals": [list(each) for each in renewals],
        }
        _write(file, tail)
    return size


def _write(file: BinaryIO, record: Any) -> None:
    packed = cbor2.dumps(record)
    file.write(len(packed).to_bytes(LENGTH_BYTES, "big") + packed)


def _signed_size(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT coalesce(max(tree_size), 0) FROM ledger_checkpoint").fetchone()
    assert row is not None
    return int(row[0])
