"""The file of an export, streamed row by row: CSV that a spreadsheet opens safely, or PDF with the mark on every page.

Personal columns are masked here, in the one place where files are made, unless the export names them as clear.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from zikao.foundation.clock import LOCAL, local_day
from zikao.foundation.documents import render
from zikao.foundation.exports import rules
from zikao.foundation.exports.datasets import ExportColumn, Extract
from zikao.foundation.exports.models import Export
from zikao.foundation.exports.states import Form
from zikao.foundation.exports.watermark import dot_field
from zikao.foundation.exports.watermark.coding import MARK_BITS

BOM = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet read a cell as a formula, full-width signs too."""
NUMBER_SIGNS = frozenset("0123456789.-")

Cells = Callable[[Any], list[str]]


def new_mark() -> int:
    """A mark that nobody can guess, so that nobody can be framed with one."""
    return secrets.randbits(MARK_BITS)


def cells_of(columns: Iterable[ExportColumn], clear: Iterable[str]) -> Cells:
    """A function from a row to its texts, with personal columns masked unless they are clear."""
    shown = set(clear)
    makers = [(column.text, column.masked if column.key not in shown else None, column.is_number) for column in columns]

    def cells(row: Any) -> list[str]:
        made = []
        for text, masked, is_number in makers:
            value = text(row)
            made.append((value if masked is None else masked(value), is_number))
        return [harmless(value, is_number=is_number) for value, is_number in made]

    return cells


def harmless(value: str, *, is_number: bool = False) -> str:
    """A text that no spreadsheet takes for a formula; a number may begin with its sign."""
    if not value.startswith(FORMULA) or (is_number and NUMBER_SIGNS.issuperset(value)):
        return value
    return f"'{value}"


class RowCounter:
    """Hands rows on and counts them; more than were approved are refused."""

    def __init__(self, export: Export, at: datetime, told: Callable[[], object]) -> None:
        self.count = 0
        self._export, self._at, self._told = export, at, told

    def through(self, rows: Iterable[Any]) -> Iterator[Any]:
        """The rows, one by one."""
        for row in rows:
            self.count += 1
            self._told()
            yield row
        self.check()

    def check(self) -> None:
        """Raises Refused where the list grew beyond what was asked for."""
        on = local_day(self._at)
        rules.GROWTH(on=on, approved=self._export.rows_count, found=self.count).require()


def make_files(
    export: Export, extract: Extract, marks: list[int], at: datetime, told: Callable[[], object]
) -> tuple[list[bytes], int]:
    """The files of all copies, in order, and the number of rows in each."""
    columns = extract.chosen(export.columns)
    cells = cells_of(columns, export.clear)
    if extract.count > export.rows_count:  # known before a single row is read
        rules.GROWTH(on=local_day(at), approved=export.rows_count, found=extract.count).require()
    counter = RowCounter(export, at, told)
    rows = (cells(row) for row in counter.through(extract.rows()))
    heads = [column.label for column in columns]
    if export.form == Form.CSV:
        body = _csv_body(heads, rows)
        files = [_csv_file(export, number, body) for number in range(1, len(marks) + 1)]
    else:
        table = list(rows)
        files = [_pdf_file(export, number, mark, columns, table, at) for number, mark in enumerate(marks, start=1)]
    return files, counter.count


def _csv_body(heads: list[str], rows: Iterable[list[str]]) -> bytes:
    text = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows(rows)
    text.flush()
    return text.detach().getvalue()


def _csv_file(export: Export, number: int, body: bytes) -> bytes:
    line = f"{export.number}　第{number}份　{export.requester_name}　用途：{export.purpose}"
    head = io.StringIO()
    csv.writer(head, lineterminator="\r\n").writerow([harmless(" ".join(line.split()))])
    return (BOM + head.getvalue()).encode() + body


def _pdf_file(
    export: Export, number: int, mark: int, columns: Iterable[ExportColumn], table: list[list[str]], at: datetime
) -> bytes:
    return render(
        "foundation/export.typ",
        {
            "title": export.title,
            "number": f"{export.number}　第 {number} 份，共 {export.copies_count} 份",
            "who": f"{export.requester_name}　{export.number}　{at.astimezone(LOCAL):%Y-%m-%d %H:%M}",
            "purpose": export.purpose,
            "recipient": " ".join([export.get_recipient_display(), export.recipient_name]).strip(),
            "told": [f"{label}：{value}" for label, value in export.told],
            "requester": export.requester_name,
            "made_at": at,
            "heads": [column.label for column in columns],
            "numbers": [column.is_number for column in columns],
            "rows": table,
            "mark": dot_field(mark),
        },
    )
