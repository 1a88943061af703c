"""A file of scores as it is handed in: CSV with Chinese heads; bad cells become problems with line, column, reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from django import forms

from zikao.foundation.sheets.text import UNREADABLE_ROW, text_of
from zikao.stages.candidates.states import RowProblem
from zikao.stages.results.states import HowObtained, ScoreRow, Standing

HEADS = ("准考证号", "课程代码", "取得考次", "取得方式", "成绩", "等第")
NEEDED = HEADS[:4]
SAMPLE = (
    "\ufeff" + ",".join(HEADS) + "\r\n"
    "010226200001,00018,2024-04,笔试,72,\r\n"
    "010226200001,00019,2024-06,实践性环节考核,,良好\r\n"
)
MOST_ROWS = 200_000
_HOW = {label: HowObtained(value) for value, label in HowObtained.choices}


class ScoresForm(forms.Form):
    """The list, where it comes from, and whether to check it only."""

    rows = forms.FileField(label="成绩清单（CSV，UTF-8 或 GB 18030）")
    source = forms.CharField(
        label="来源说明", max_length=120, help_text="例如“南京大学 2026 年上半年实践考核”；写入每条成绩，永久保存。"
    )
    only_check = forms.BooleanField(label="只核对，不登记", required=False, initial=True)


class SegmentForm(forms.Form):
    """A custodian's own segment, as written on paper."""

    segment = forms.CharField(
        label="您的密码段",
        max_length=80,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="不区分大小写，连字符和空格可以不输。输入内容不会保存，也不会记入日志。",
    )


class CorrectionForm(forms.Form):
    """What a filed score is to be changed to, why, and on which paper."""

    standing = forms.ChoiceField(label="更正后效力", choices=Standing.choices)
    value = forms.IntegerField(label="更正后分数", required=False, min_value=0, max_value=100)
    grade = forms.CharField(
        label="更正后等第", required=False, max_length=8, help_text="等第制的课程填写；与分数只填一项。"
    )
    reason = forms.CharField(label="更正理由", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.FileField(label="依据材料（扫描件）", help_text="复查登记表、答卷复核记录等，签字原件另行留存。")


class AskSegmentForm(forms.Form):
    """Why a segment is needed anew."""

    reason = forms.CharField(label="遗失或者换人的情况", max_length=200)


def correction_arguments(data: dict[str, Any]) -> dict[str, Any]:
    """The form's data as the command takes it."""
    paper = data["evidence"]
    return {
        **data,
        "standing": Standing(data["standing"]),
        "evidence": paper.read(),
        "evidence_type": paper.content_type or "application/octet-stream",
    }


def parse_scores_csv(data: bytes) -> tuple[list[ScoreRow], list[RowProblem]]:
    """The rows that can be read, and what is wrong with the others. Lines count from 1, the heads being line 1."""
    text = text_of(data)
    if text is None:
        return [], [RowProblem(1, "文件", "不是 UTF-8 或 GB 18030 编码的文本。")]
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="")
    try:
        missing = [head for head in NEEDED if head not in (reader.fieldnames or ())]
    except csv.Error:
        missing = list(NEEDED)
    if missing:
        return [], [RowProblem(1, head, "缺少这一列。") for head in missing]
    return _rows(reader)


def _rows(reader: csv.DictReader[str]) -> tuple[list[ScoreRow], list[RowProblem]]:
    rows: list[ScoreRow] = []
    problems: list[RowProblem] = []
    try:
        for cells in reader:
            found = _row(reader.line_num, cells)
            if isinstance(found, ScoreRow):
                rows.append(found)
            else:
                problems += found
            if len(rows) + len(problems) > MOST_ROWS:
                return [], [RowProblem(reader.line_num, "文件", f"一次最多 {MOST_ROWS} 行，请分开登记。")]
    except csv.Error:
        problems.append(RowProblem(reader.line_num, "文件", UNREADABLE_ROW))
    if not rows and not problems:
        problems.append(RowProblem(2, "文件", "清单是空的。"))
    return rows, problems


def _row(line: int, cells: Mapping[str, str | None]) -> ScoreRow | list[RowProblem]:
    value = {head: (cells.get(head) or "").strip() for head in HEADS}
    problems = [RowProblem(line, head, "没有填写。") for head in NEEDED if not value[head]]
    mark = (
        int(value["成绩"]) if value["成绩"].isascii() and value["成绩"].isdigit() and len(value["成绩"]) < 5 else None
    )
    if value["成绩"] and mark is None:
        problems.append(RowProblem(line, "成绩", "请填 0 到 100 的整数；等第填在“等第”一列。"))
    how = _HOW.get(value["取得方式"])
    if value["取得方式"] and how is None:
        problems.append(RowProblem(line, "取得方式", f"请填：{'、'.join(_HOW)}。"))
    if cells.get(""):
        problems.append(RowProblem(line, "文件", "这一行的列数多于表头。"))
    if problems or how is None:
        return problems
    return ScoreRow(value["准考证号"], value["课程代码"], value["取得考次"], how, mark, value["等第"], line)


class CheckForm(forms.Form):
    """What stands on a result statement."""

    number = forms.RegexField(r"^\s*\d{12}\s*$", label="准考证号", max_length=20, strip=True)
    sitting = forms.RegexField(r"^\d{4}-\d{2}$", label="考次", max_length=7, help_text="例如 2026-10", strip=True)
    code = forms.CharField(
        label="核对码", max_length=40, help_text="成绩通知单下方，四个字符一组，例如 1A2B-3C4D-5E6F-7890"
    )
