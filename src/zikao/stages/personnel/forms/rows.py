"""A file of exam staff as it is handed in: CSV with Chinese heads; bad cells become problems with line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from django.core.exceptions import ValidationError

from zikao.foundation.pages.forms import seen_on_one_line
from zikao.foundation.sheets.text import UNREADABLE_ROW, text_of
from zikao.stages.personnel.states import PersonKind, PersonRow, RowProblem, Sex

HEADS = (
    *("姓名", "性别", "身份证号", "工作单位", "职称或职务", "类别", "机构代码"),
    *("助学机构代码", "联系电话", "通信地址", "已核实的基本条件"),
)
NEEDED = (*HEADS[:4], *HEADS[5:7], HEADS[10])
LONGEST = {"姓名": 60, "工作单位": 60, "职称或职务": 30, "机构代码": 12, "联系电话": 20, "通信地址": 120}
SAMPLE = (
    "\ufeff" + ",".join(HEADS) + "\r\n"
    "王芳,女,329999199003070026,第一中学,一级教师,兼职,3201,,10000000000,中山路1号,"
    "拥护党的路线方针政策;遵纪守法;熟悉业务;保守秘密;工作认真负责;服务意识强;身体健康\r\n"
)
MOST_ROWS = 20_000
_SEXES = {str(label): Sex(value) for value, label in Sex.choices}
_KINDS = {str(label): PersonKind(value) for value, label in PersonKind.choices}


def parse_staff_csv(data: bytes) -> tuple[list[tuple[int, PersonRow]], list[RowProblem]]:
    """The rows that can be read with their lines (heads are line 1), and what is wrong with the others."""
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
    rows: list[tuple[int, PersonRow]] = []
    problems: list[RowProblem] = []
    try:
        for cells in reader:
            found = _row(reader.line_num, cells)
            if isinstance(found, PersonRow):
                rows.append((reader.line_num, found))
            else:
                problems += found
            if len(rows) + len(problems) > MOST_ROWS:
                return [], [RowProblem(reader.line_num, "文件", f"一次最多导入 {MOST_ROWS} 行，请分开导入。")]
    except csv.Error:
        problems.append(RowProblem(reader.line_num, "文件", UNREADABLE_ROW))
    if not rows and not problems:
        problems.append(RowProblem(2, "文件", "名单是空的。"))
    return rows, problems


def _unseen(text: str) -> str:
    """What is wrong with a cell that holds a character nobody sees, or a line end; empty where nothing is."""
    try:
        seen_on_one_line(text)
    except ValidationError as fault:
        return str(fault.messages[0])
    return ""


def _row(line: int, cells: Mapping[str, str | None]) -> PersonRow | list[RowProblem]:
    value = {head: (cells.get(head) or "").strip() for head in HEADS}
    problems = [RowProblem(line, head, "没有填写。") for head in NEEDED if not value[head]]
    problems += [
        RowProblem(line, head, f"超过 {most} 个字。") for head, most in LONGEST.items() if len(value[head]) > most
    ]
    problems += [RowProblem(line, head, fault) for head, text in value.items() if (fault := _unseen(text))]
    if value["性别"] and value["性别"] not in _SEXES:
        problems.append(RowProblem(line, "性别", "请填“男”或“女”。"))
    if value["类别"] and value["类别"] not in _KINDS:
        problems.append(RowProblem(line, "类别", "请填“专职”或“兼职”。"))
    if cells.get(""):
        problems.append(RowProblem(line, "文件", "这一行的列数多于表头。"))
    if problems:
        return problems
    return PersonRow(
        name=value["姓名"],
        unit=value["工作单位"],
        sex=_SEXES[value["性别"]],
        id_number=value["身份证号"].replace(" ", "").upper(),
        kind=_KINDS[value["类别"]],
        agency_code=value["机构代码"],
        conditions=tuple(filter(None, map(str.strip, value["已核实的基本条件"].replace("；", ";").split(";")))),
        title=value["职称或职务"],
        tutoring_institution_code=value["助学机构代码"] or None,
        phone=value["联系电话"],
        address=value["通信地址"],
    )
