"""Where the rows come from: the database, or a file exported from it; and the ledger's words of the filings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import cbor2
from django.db import connection

from zikao.foundation.errors import BadInput
from zikao.foundation.ledger.exporting import LENGTH_BYTES
from zikao.foundation.ledger.offline import _outline, _record
from zikao.foundation.ledger.rowtext import read_entry
from zikao.stages.results.archive.backups import FiledWindow, filed_windows
from zikao.stages.results.archive.form import CANONICAL
from zikao.stages.results.verify.checking import Row

MAGIC, FORMAT = b"ZKS1", 1
FILED = b",results.filed,"


def windows_here() -> Iterator[tuple[FiledWindow, list[Row]]]:
    """Every filed window of the database with its rows in order of their lines."""
    for window in filed_windows():
        query = (
            f"COPY (SELECT row.id, {CANONICAL}, row.leaf FROM archive.score AS row"  # noqa: S608
            f" WHERE row.window_id = {int(window.id)} ORDER BY row.line) TO STDOUT (FORMAT BINARY)"
        )
        with connection.cursor() as cursor, cursor.copy(query) as copy:
            copy.set_types(["int8", "bytea", "bytea"])
            yield window, [Row(*row) for row in copy.rows()]


def filings_here() -> dict[int, dict[str, Any]]:
    """What the ledger of the database says of each filing, by number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts FROM ledger_line WHERE command = 'results.filed' ORDER BY id")
        rows = [json.loads(facts) if isinstance(facts, str) else facts for (facts,) in cursor.fetchall()]
    return {int(facts["number"]): facts for facts in rows}


def write_export(path: Path, *, origin: str, at: datetime) -> int:
    """Write the whole archive as one file; returns how many rows. The file must not exist."""
    count = 0
    with path.open("xb") as file:
        file.write(MAGIC)
        _write(file, {"format": FORMAT, "origin": origin, "made_at": at.isoformat()})
        for window, rows in windows_here():
            _write(file, [asdict(window), [[row.id, row.content, row.leaf] for row in rows]])
            count += len(rows)
        _write(file, {"filings": list(filings_here().values())})
    return count


def windows_in(path: Path) -> Iterator[tuple[FiledWindow, list[Row]]]:
    """Every window of an exported file. Raises BadInput where it is none."""
    for record in _records(path):
        if isinstance(record, list):
            yield FiledWindow(**record[0]), [Row(*row) for row in record[1]]


def filings_in(path: Path) -> dict[int, dict[str, Any]]:
    """What the exported file itself says of the filings: worth no more than the file."""
    for record in _records(path):
        if isinstance(record, dict) and "filings" in record:
            return {int(facts["number"]): facts for facts in record["filings"]}
    return {}


def filings_in_ledger(path: Path) -> dict[int, dict[str, Any]]:
    """What an exported ledger says of the filings; verify that file by itself (`verify ledger --export`)."""
    _, places, _ = _outline(path)
    found: dict[int, dict[str, Any]] = {}
    with path.open("rb") as file:
        for place in places:
            for entry in _record(file, place)[1]:
                if FILED in entry:
                    facts = read_entry(entry)["facts"]
                    found[int(facts["number"])] = facts
    return found


def _records(path: Path) -> Iterator[Any]:
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise ValueError
            while length := file.read(LENGTH_BYTES):
                packed = file.read(int.from_bytes(length, "big"))
                yield cbor2.loads(packed)
    except (OSError, ValueError, KeyError, TypeError, cbor2.CBORDecodeError, EOFError):
        raise BadInput(
            "export-unreadable",
            message=f"{path} 不是完整的成绩档案导出文件。",
            remedy="请重新导出，或核对文件在传送中没有被截断。",
        ) from None


def _write(file: BinaryIO, record: Any) -> None:
    packed = cbor2.dumps(record)
    file.write(len(packed).to_bytes(LENGTH_BYTES, "big") + packed)
