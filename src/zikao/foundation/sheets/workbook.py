"""Workbooks (XLSX) as sheets of text: read within fixed limits, written plainly.

Only values are read: no formulas are worked out. How large the file is when unpacked is looked at before it is opened,
and a document type or an entity, which no spreadsheet program writes, is refused unread.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.writer.excel import save_workbook

LARGEST_PART = 8 * 1024 * 1024
MOST_PARTS = 200
MOST_ROWS = 20_000
MOST_COLUMNS = 60
_FIRST_DAY = date(1899, 12, 30)
"""The day before the first of a workbook's calendar, which counts 29 February 1900."""
_BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, KeyError, ValueError, TypeError, AttributeError,
    IndexError, RuntimeError, NotImplementedError, EOFError, OverflowError, OSError,
)  # fmt: skip


class WorkbookRefused(Exception):
    """The file cannot be read as a workbook; the text says why."""


@dataclass(frozen=True)
class SheetRow:
    """A row as people count it, with its cells by column heading; empty cells are left out."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A sheet: the headings of its first row, and the rows below that hold anything."""

    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def read_workbook(data: bytes) -> dict[str, Sheet]:
    """The sheets of a workbook by name. Raises WorkbookRefused."""
    try:
        _look_inside(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        found = {}
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what the file says of its own size is not believed
            rows = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
            found[sheet.title.strip()] = _sheet(rows, sheet.title)
        return found
    except WorkbookRefused:
        raise
    except _BROKEN as error:
        raise WorkbookRefused("文件不是能读取的 XLSX 工作簿；加了密码的，请去掉密码再上传。") from error


def _look_inside(data: bytes) -> None:
    """Read every part no further than the limit for all together."""
    left = LARGEST_PART
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if len(archive.infolist()) > MOST_PARTS:
            raise WorkbookRefused(f"工作簿里有 {len(archive.infolist())} 个部分，不像一份清单。")
        for name in archive.namelist():
            with archive.open(name) as part:
                found = part.read(left + 1)
            if len(found) > left:
                most = LARGEST_PART // 1024 // 1024
                raise WorkbookRefused(f"工作簿解开后超过 {most} MB，请核对是否选错文件，或分开导入。")
            left -= len(found)
            if name.endswith((".xml", ".rels")) and _is_strange(found):
                raise WorkbookRefused("工作簿里有不能接受的内容，请用表格软件另存为 XLSX 后再上传。")


def _is_strange(part: bytes) -> bool:
    return b"\x00" in part or b"<!DOCTYPE" in part or b"<!ENTITY" in part


def _sheet(rows: Iterable[Sequence[Any]], name: str) -> Sheet:
    headings: dict[int, str] = {}
    found = []
    for line, values in enumerate(rows, 1):
        if line > MOST_ROWS:
            raise WorkbookRefused(f"工作表“{name}”超过 {MOST_ROWS} 行，请分开导入。")
        cells = {column: text for column, value in enumerate(values) if (text := _text(value))}
        if not headings:
            headings = cells
            if len(set(headings.values())) < len(headings):
                raise WorkbookRefused(f"工作表“{name}”的表头有重复的列。")
        elif cells:
            beside = [text for column, text in cells.items() if column not in headings]
            if beside:
                raise WorkbookRefused(f"工作表“{name}”第{line}行的“{beside[0][:20]}”在没有表头的列里。")
            found.append(SheetRow(line, {headings[column]: text for column, text in cells.items()}))
    return Sheet(tuple(headings.values()), tuple(found))


def _text(value: Any) -> str:
    """A cell as people read it: 是 and 否, days as 2026-08-20, hours as 09:00, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    return (str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)).strip()


def as_day(value: str) -> str:
    """A day as text: a workbook keeps days as numbers of five digits, where the cell is not formatted as a day."""
    return str(_FIRST_DAY + timedelta(int(value))) if value.isdecimal() and len(value) == 5 else value


def write_workbook(sheets: Mapping[str, Sequence[Sequence[str | int]]]) -> bytes:
    """A workbook of these sheets (name to rows), texts as text, never as formulas, and numbers as numbers."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    made = io.BytesIO()
    save_workbook(book, made)
    return made.getvalue()


def _cell(sheet: Any, value: str | int) -> Any:
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell
