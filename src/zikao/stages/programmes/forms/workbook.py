"""Workbooks (XLSX) as sheets of text: read within fixed limits, written plainly.

Only values are read: no formulas are worked out, nothing outside the file is followed, no entity is expanded.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree import ElementTree
from xml.sax.saxutils import escape

LARGEST_PART = 8 * 1024 * 1024
MOST_PARTS = 200
MOST_ROWS = 20_000
MOST_COLUMNS = 60
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_FIRST_DAY = date(1899, 12, 30)
"""The day before the first of a workbook's calendar, which counts 29 February 1900."""
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, KeyError, ValueError, RuntimeError, NotImplementedError, EOFError,
    OverflowError, OSError, ElementTree.ParseError,
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
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _Parts(archive)
            shared = list(_shared(parts))
            return {name: _sheet(parts.xml(path), name, shared) for name, path in _sheets(parts)}
    except WorkbookRefused:
        raise
    except _BROKEN as error:
        raise WorkbookRefused("文件不是能读取的 XLSX 工作簿；加了密码的，请去掉密码再上传。") from error


class _Parts:
    """The parts of the archive, each read no further than the limit, and all together no further either."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive, self.left = archive, LARGEST_PART
        self.names = {each.filename for each in archive.infolist()}
        if len(archive.infolist()) > MOST_PARTS:
            raise WorkbookRefused(f"工作簿里有 {len(archive.infolist())} 个部分，不像考试计划。")

    def xml(self, name: str) -> ElementTree.Element:
        with self.archive.open(name) as part:
            found = part.read(self.left + 1)
        if len(found) > self.left:
            most = LARGEST_PART // 1024 // 1024
            raise WorkbookRefused(f"工作簿解开后超过 {most} MB，请核对是否选错文件，或分开导入。")
        self.left -= len(found)
        if b"\x00" in found or b"<!DOCTYPE" in found or b"<!ENTITY" in found:
            raise WorkbookRefused("工作簿里有不能接受的内容，请用表格软件另存为 XLSX 后再上传。")
        return ElementTree.fromstring(found)  # noqa: S314 - no document type, no entity, bounded


def _sheets(parts: _Parts) -> Iterator[tuple[str, str]]:
    """(name, path) of every sheet, in order."""
    links = {each.get("Id"): each.get("Target", "") for each in parts.xml("xl/_rels/workbook.xml.rels")}
    for each in parts.xml("xl/workbook.xml").iter(f"{_MAIN}sheet"):
        target = links[each.get(_LINK)].removeprefix("/xl/").removeprefix("xl/")
        yield str(each.get("name")).strip(), f"xl/{target}"


def _shared(parts: _Parts) -> Iterator[str]:
    if "xl/sharedStrings.xml" in parts.names:
        for each in parts.xml("xl/sharedStrings.xml").iter(f"{_MAIN}si"):
            yield _text_of(each)


def _text_of(element: ElementTree.Element) -> str:
    """The runs of a text, without the readings beside it."""
    own = [each.text or "" for each in element.findall(f"{_MAIN}t")]
    return "".join(own + [each.text or "" for run in element.findall(f"{_MAIN}r") for each in run.iter(f"{_MAIN}t")])


def _sheet(root: ElementTree.Element, name: str, shared: Sequence[str]) -> Sheet:
    headings: dict[int, str] = {}
    rows = []
    for number, row in enumerate(root.iter(f"{_MAIN}row"), 1):
        if number > MOST_ROWS:
            raise WorkbookRefused(f"工作表“{name}”超过 {MOST_ROWS} 行，请分开导入。")
        line, cells = int(row.get("r", number)), dict(_cells(row, shared))
        if not headings:
            headings = {column: text for column, text in cells.items() if text}
            if len(set(headings.values())) < len(headings):
                raise WorkbookRefused(f"工作表“{name}”的表头有重复的列。")
        elif any(cells.values()):
            beside = [text for column, text in cells.items() if column not in headings and text]
            if beside:
                raise WorkbookRefused(f"工作表“{name}”第{line}行的“{beside[0][:20]}”在没有表头的列里。")
            rows.append(SheetRow(line, {headings[column]: text for column, text in cells.items() if text}))
    return Sheet(tuple(headings.values()), tuple(rows))


def _cells(row: ElementTree.Element, shared: Sequence[str]) -> Iterator[tuple[int, str]]:
    for place, cell in enumerate(row.iter(f"{_MAIN}c"), 1):
        match = _PLACE.fullmatch(cell.get("r", ""))
        column = _number_of(match[1]) if match else place
        if column <= MOST_COLUMNS:
            yield column, _value(cell, shared)


def _number_of(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found


def _value(cell: ElementTree.Element, shared: Sequence[str]) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{_MAIN}v") or ""
    if kind == "s":
        return shared[int(value)].strip()
    if kind == "inlineStr":
        inside = cell.find(f"{_MAIN}is")
        return _text_of(inside).strip() if inside is not None else ""
    if kind == "b":
        return "是" if value == "1" else "否"
    return value.strip().removesuffix(".0")


def as_day(value: str) -> str:
    """A day as text: a workbook keeps days as numbers of five digits."""
    return str(_FIRST_DAY + timedelta(int(value))) if value.isdecimal() and len(value) == 5 else value


def write_workbook(sheets: Mapping[str, Sequence[Sequence[str | int]]]) -> bytes:
    """A workbook of these sheets (name to rows), texts as text and numbers as numbers."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _types(len(sheets)))
        archive.writestr("_rels/.rels", _RELS)
        names = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1)
        )
        archive.writestr("xl/workbook.xml", f"{_HEAD}<workbook {_NS}><sheets>{names}</sheets></workbook>")
        links = "".join(f'<Relationship Id="rId{n}" Type="{_REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
                        for n, _ in enumerate(sheets, 1))  # fmt: skip
        archive.writestr("xl/_rels/workbook.xml.rels", f'{_HEAD}<Relationships xmlns="{_PKG}">{links}</Relationships>')
        for n, rows in enumerate(sheets.values(), 1):
            body = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
            archive.writestr(
                f"xl/worksheets/sheet{n}.xml", f"{_HEAD}<worksheet {_NS}><sheetData>{body}</sheetData></worksheet>"
            )
    return made.getvalue()


def _cell(value: str | int) -> str:
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PKG = "http://schemas.openxmlformats.org/package/2006/relationships"
_NS = f'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{_REL}"'
_RELS = (
    f'{_HEAD}<Relationships xmlns="{_PKG}"><Relationship Id="rId1" Type="{_REL}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>'
)


def _types(sheets: int) -> str:
    made = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    each = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{made}.worksheet+xml"/>'
        for n in range(1, sheets + 1)
    )
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{made}.sheet.main+xml"/>{each}</Types>'
    )
