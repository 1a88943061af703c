"""A file of candidates as it is handed in: CSV with Chinese heads, portraits in a ZIP beside it.

Bad cells become problems with line, column and reason; the law is asked later, row by row, by the command.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date

from django import forms

from zikao.foundation.sheets.text import UNREADABLE_ROW, text_of
from zikao.stages.candidates.states import Applicant, BulkRow, DocumentKind, RowProblem, Sex
from zikao.stages.programmes.states import Evidence

HEADS = (
    *("姓名", "性别", "出生日期", "身份证件号码", "民族代码", "联系电话", "通信地址"),
    *("专业代码", "县区代码", "已交报名费", "照片文件"),
    *("证件种类", "出示的证明"),
)
NEEDED = HEADS[:4] + HEADS[7:11]
SAMPLE = (
    "﻿" + ",".join(HEADS) + "\r\n"
    "王芳,女,1990-03-07,329999199003070026,01,10000000000,中山路1号,050101,320102,10.00,329999199003070026.jpg,居民身份证,\r\n"
)
_DOCUMENTS = {str(label): str(value) for value, label in DocumentKind.choices}
_EVIDENCE = {str(label): str(value) for value, label in Evidence.choices}
_YUAN = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,2}))?")
_SEXES = {label: value for value, label in Sex.choices} | {value: value for value in Sex.values}
MEBIBYTE = 1024 * 1024
LARGEST_PORTRAIT = 2 * MEBIBYTE
LARGEST_ARCHIVE = 512 * MEBIBYTE
MOST_ROWS = 100_000


class ImportForm(forms.Form):
    """A CSV file, and the portraits that it names."""

    rows = forms.FileField(label="考生名单（CSV，UTF-8 或 GB 18030）")
    portraits = forms.FileField(label="照片（ZIP，文件名与名单中的“照片文件”一致）", required=False)
    sitting_code = forms.CharField(label="首次报考考次", max_length=7, help_text="例如 2026-10")


def parse_candidates_csv(
    data: bytes, portraits: Mapping[str, bytes] | None = None, most_rows: int = MOST_ROWS
) -> tuple[list[BulkRow], list[RowProblem]]:
    """The rows that can be read, and what is wrong with the others.

    `portraits` maps the names of the column 照片文件 to picture files. Lines count from 1, the heads being line 1.
    """
    text = text_of(data)
    if text is None:
        return [], [RowProblem(1, "文件", "不是 UTF-8 或 GB 18030 编码的文本。")]
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="")
    try:
        missing = [head for head in NEEDED if head not in (reader.fieldnames or ())]
    except csv.Error:
        return [], [RowProblem(1, "文件", UNREADABLE_ROW)]
    if missing:
        return [], [RowProblem(1, head, "缺少这一列。") for head in missing]
    rows: list[BulkRow] = []
    problems: list[RowProblem] = []
    try:
        for cells in reader:
            found = _row(reader.line_num, cells, portraits or {})
            if isinstance(found, BulkRow):
                rows.append(found)
            else:
                problems += found
            if len(rows) + len(problems) > most_rows:
                return [], [RowProblem(reader.line_num, "文件", f"一次最多导入 {most_rows} 行，请分开导入。")]
    except csv.Error:
        problems.append(RowProblem(reader.line_num, "文件", UNREADABLE_ROW))
    if not rows and not problems:
        problems.append(RowProblem(2, "文件", "名单是空的。"))
    return rows, problems


class PortraitsRefused(ValueError):
    """A ZIP of portraits that is not taken in; says why."""


def read_portraits(archive: bytes) -> dict[str, bytes]:
    """The pictures of a ZIP by file name, without folders; too large ones are left out.

    What is in it is measured before anything is unpacked; no file gives more than its entry states.
    Raises PortraitsRefused.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            return {each.filename.rpartition("/")[2]: opened.read(each) for each in _members(opened)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise PortraitsRefused("照片包不是能读取的 ZIP 文件。") from error


def _members(opened: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = [each for each in opened.infolist() if not each.is_dir() and each.file_size <= LARGEST_PORTRAIT]
    size = sum(each.file_size for each in members)
    if len(members) > MOST_ROWS:
        raise PortraitsRefused(f"照片包里有 {len(members)} 个文件，一次最多 {MOST_ROWS} 个，请分开导入。")
    if size > LARGEST_ARCHIVE:
        most, found = LARGEST_ARCHIVE // MEBIBYTE, -(-size // MEBIBYTE)
        raise PortraitsRefused(f"照片包解开后有 {found} 兆字节，一次最多 {most} 兆字节，请分开导入。")
    return members


def _row(line: int, cells: Mapping[str, str | None], portraits: Mapping[str, bytes]) -> BulkRow | list[RowProblem]:
    value = {head: (cells.get(head) or "").strip() for head in HEADS}
    born_on, fee_fen, picture = _day(value["出生日期"]), _fen(value["已交报名费"]), portraits.get(value["照片文件"])
    problems = [RowProblem(line, head, "没有填写。") for head in NEEDED if not value[head]]
    if value["性别"] and value["性别"] not in _SEXES:
        problems.append(RowProblem(line, "性别", "请填“男”或“女”。"))
    if value["出生日期"] and born_on is None:
        problems.append(RowProblem(line, "出生日期", "请按 1990-03-07 的格式填写一个存在的日期。"))
    if value["已交报名费"] and fee_fen is None:
        problems.append(RowProblem(line, "已交报名费", "请填以元为单位的金额，例如 10.00。"))
    if value["照片文件"] and picture is None:
        problems.append(RowProblem(line, "照片文件", f"照片包中没有“{value['照片文件']}”，或文件超过 2 兆字节。"))
    if value["出示的证明"] and value["出示的证明"] not in _EVIDENCE:
        problems.append(RowProblem(line, "出示的证明", f"应为 {'、'.join(_EVIDENCE)} 之一，没有出示的留空。"))
    if cells.get(""):
        problems.append(RowProblem(line, "文件", "这一行的列数多于表头。"))
    if problems or born_on is None or fee_fen is None:
        return problems
    return BulkRow(line, value["县区代码"], _applicant(value, born_on, fee_fen, picture))


def _applicant(value: Mapping[str, str], born_on: date, fee_fen: int, picture: bytes | None) -> Applicant:
    return Applicant(
        name=value["姓名"],
        sex=_SEXES[value["性别"]],
        born_on=born_on,
        id_number=value["身份证件号码"].replace(" ", "").upper(),
        major_code=value["专业代码"],
        ethnic=value["民族代码"] or "01",
        phone=value["联系电话"],
        address=value["通信地址"],
        portrait=picture,
        fee_fen=fee_fen,
        document_kind=_DOCUMENTS.get(value["证件种类"], value["证件种类"]) or DocumentKind.RESIDENT.value,
        shown=_EVIDENCE.get(value["出示的证明"], ""),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None


def _fen(text: str) -> int | None:
    found = _YUAN.fullmatch(text)
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else None
