"""One list with Chinese heads in its first row, as CSV (UTF-8 or GB 18030) or as the only sheet of a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zikao.foundation.sheets.text import UNREADABLE_ROW, text_of
from zikao.foundation.sheets.workbook import SheetRow, WorkbookRefused, read_workbook, write_workbook

MOST_LISTED = 20_000
LONGEST_CELL = 200
_WORKBOOK = b"PK\x03\x04"
FILE = "文件"


@dataclass(frozen=True)
class Fault:
    """What is wrong in a list: line (from 1, the heads being line 1), column, and the reason with what to do."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class ListedFile:
    """The rows that can be read, and what is wrong with the others."""

    rows: tuple[SheetRow, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_list(data: bytes, heads: Sequence[str], needed: Sequence[str]) -> ListedFile:
    """The rows below the heads, empty cells left out; `needed` columns must be there and filled in every row."""
    try:
        found, rows = _sheet(data) if data.startswith(_WORKBOOK) else _csv(data)
    except _Unreadable as error:
        return ListedFile(faults=(error.fault,))
    missing = [Fault(1, head, "缺少这一列。") for head in needed if head not in found]
    strange = [
        Fault(1, head[:20], f"没有这一列；可以用的列是 {'、'.join(heads)}。") for head in found if head not in heads
    ]
    if missing or strange:
        return ListedFile(faults=(*missing, *strange))
    if not rows:
        return ListedFile(faults=(Fault(2, FILE, "清单是空的。"),))
    faults = tuple(fault for row in rows for fault in _faults(row, needed))
    bad = {fault.line for fault in faults}
    return ListedFile(tuple(row for row in rows if row.line not in bad), faults)


def samples(heads: Sequence[str], *rows: Sequence[str]) -> dict[str, bytes]:
    """The sample of a list by kind of file: csv with a byte order mark, so that spreadsheet programs read it; xlsx."""
    text = io.StringIO()
    csv.writer(text).writerows([heads, *rows])
    return {
        "csv": text.getvalue().encode("utf-8-sig"),
        "xlsx": write_workbook({"清单": [list(heads), *map(list, rows)]}),
    }


class _Unreadable(Exception):
    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.fault = Fault(line, FILE, reason)


def _faults(row: SheetRow, needed: Sequence[str]) -> Iterable[Fault]:
    yield from (Fault(row.line, head, "没有填写。") for head in needed if head not in row.cells)
    for head, text in row.cells.items():
        if len(text) > LONGEST_CELL or not text.isprintable():
            yield Fault(row.line, head, f"超过 {LONGEST_CELL} 个字，或含有不能显示的字符。")


def _sheet(data: bytes) -> tuple[Sequence[str], list[SheetRow]]:
    try:
        sheets = [each for each in read_workbook(data).values() if each.headings]
    except WorkbookRefused as error:
        raise _Unreadable(str(error)) from error
    if len(sheets) != 1:
        raise _Unreadable(f"工作簿里有 {len(sheets)} 张有内容的工作表，请只留清单一张。")
    return sheets[0].headings, list(sheets[0].rows)


def _csv(data: bytes) -> tuple[Sequence[str], list[SheetRow]]:
    reader = csv.reader(io.StringIO(_text(data), newline=""), strict=True)
    try:
        heads = [cell.strip() for cell in next(reader, [])]
        if len(set(heads)) < len(heads):
            raise _Unreadable("表头有重复的列，或有没有名称的列。")
        rows: list[SheetRow] = []
        for cells in reader:
            if len(rows) == MOST_LISTED:
                raise _Unreadable(f"一次最多 {MOST_LISTED} 行，请分开上传。", reader.line_num)
            told = _row(heads, cells, reader.line_num)
            if told:
                rows.append(SheetRow(reader.line_num, told))
    except csv.Error as error:
        raise _Unreadable(UNREADABLE_ROW, reader.line_num) from error
    return heads, rows


def _row(heads: Sequence[str], cells: Sequence[str], line: int) -> Mapping[str, str]:
    texts = [cell.strip() for cell in cells]
    if any(texts[len(heads) :]):
        raise _Unreadable("这一行的列数多于表头。", line)
    return {head: text for head, text in zip(heads, texts, strict=False) if text}


def _text(data: bytes) -> str:
    text = text_of(data)
    if text is not None:
        return text
    raise _Unreadable("不是 XLSX 工作簿，也不是 UTF-8 或 GB 18030 编码的文本。")
