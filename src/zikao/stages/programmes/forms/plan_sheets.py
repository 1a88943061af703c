"""Plans as a workbook: the same content as the JSON file, in five sheets; faults are named by sheet, row and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from zikao.foundation.errors import BadInput
from zikao.foundation.sheets import (
    Sheet,
    SheetRow,
    WorkbookRefused,
    as_day,
    read_workbook,
    write_workbook,
)
from zikao.stages.programmes.forms.plan_file import read_plans
from zikao.stages.programmes.rules import describe_group
from zikao.stages.programmes.states import Assess, Evidence, Level, PlanData

Take = Callable[[str], Any]
_LABELS = {label: value for value, label in Assess.choices}
_SHOWN = {label: value for value, label in Evidence.choices}
_PLACE = re.compile(r"(plans\[\d+\](?:\.\w+\[\d+\])?)(?:\.(.+))?")


def _text(value: str) -> Any:
    return value


def _whole(value: str) -> Any:
    return int(value) if value.isdecimal() and value.isascii() and len(value) < 10 else value


def _yes(value: str) -> Any:
    return {"是": True, "否": False}.get(value, value)


def _codes(value: str) -> Any:
    return [each for each in re.split(r"[、，,；;\s]+", value) if each]


def _assess(value: str) -> Any:
    return _LABELS.get(value.replace("(", "（").replace(")", "）"), value)


def _evidence(value: str) -> Any:
    return _SHOWN.get(value, value)


MAJOR = "专业代码"
NOTE = "备注"
SHEETS: dict[str, tuple[str, dict[str, tuple[str, Take]]]] = {
    "计划": ("", {
        MAJOR: ("code", _text), "专业名称": ("name", _text), "层次": ("level", _text), "版本": ("plan", _text),
        "主考学校": ("host_school", _text), "最低学分": ("min_credits", _whole),
        "最少课程门数": ("min_courses", _whole), "报考条件": ("entry_condition", _text),
        "报考须出示": ("evidence", _evidence),
    }),
    "课程": ("courses", {
        "课程代码": ("code", _text), "课程名称": ("name", _text), "学分": ("credits", _whole),
        "考核方式": ("assess", _assess), "全国统考": ("national", _yes), "选考组": ("group", _text),
        "先考课程": ("after", _text), "其他先修课程": ("requires", _codes), "先合格门数": ("min_passed", _whole),
        "放在最后": ("last", _yes), "可以顶替": ("replaceable", _yes),
    }),
    "选考组": ("groups", {"组号": ("id", _text), "规则": ("rule", _text)}),
    "课程顶替": ("replacements", {
        "顶替课程": ("from", _codes), "被顶替课程": ("to", _codes), "双向": ("both_ways", _yes),
        "起": ("since", as_day), "止": ("until", as_day), "公布文号": ("document", _text),
    }),
    "分地区主考学校": ("schools", {"地市代码": ("prefecture", _text), "主考学校": ("school", _text)}),
    "计划外课程": ("other_courses", {"课程代码": ("code", _text), "课程名称": ("name", _text)}),
}  # fmt: skip
NEEDED = {
    "计划": {MAJOR, "专业名称", "层次", "版本", "主考学校", "最低学分"},
    "课程": {MAJOR, "课程代码", "课程名称", "学分", "考核方式", "全国统考"},
}


def read_plan_sheets(data: bytes) -> tuple[PlanData, ...]:
    """The plans of a workbook. Raises BadInput naming every bad place by sheet, row and column."""
    try:
        sheets = read_workbook(data)
    except WorkbookRefused as error:
        raise _refused({"文件": str(error)}) from error
    if faults := dict(_form_faults(sheets)):
        raise _refused(faults)
    gathered = _Gathered()
    for row in sheets["计划"].rows:
        gathered.plan(row)
    for name, (key, _) in SHEETS.items():
        for row in sheets[name].rows if key and name in sheets else ():
            gathered.part(name, key, row)
    if gathered.faults:
        raise _refused(gathered.faults)
    try:
        return read_plans({"national_courses": sorted(gathered.national), "plans": gathered.plans})
    except BadInput as error:
        raise _refused({gathered.place(where): words for where, words in error.field_errors.items()}) from error


def _refused(faults: dict[str, str]) -> BadInput:
    return BadInput("plans-faulty", field_errors=faults, message="考试计划文件有误，没有导入。")


def _form_faults(sheets: Mapping[str, Sheet]) -> Iterable[tuple[str, str]]:
    """Sheets and columns that are missing, and those that nobody reads."""
    if lacking := [f"“{name}”" for name in NEEDED if name not in sheets]:
        yield "文件", f"没有名为{'、'.join(lacking)}的工作表；文件里有 {'、'.join(sheets) or '（没有工作表）'}。"
    for name, sheet in sheets.items():
        if name not in SHEETS:
            if sheet.rows and name != "说明":
                yield f"工作表“{name[:30]}”", f"不认识这个工作表，可以有的是 {'、'.join(SHEETS)}、说明。"
            continue
        allowed = {MAJOR, NOTE, *SHEETS[name][1]}
        if missing := sorted((NEEDED.get(name) or {MAJOR, *SHEETS[name][1]} - {"止"}) - set(sheet.headings)):
            yield f"{name} 表头", f"缺少列：{'、'.join(missing)}。"
        if strange := [each for each in sheet.headings if each not in allowed]:
            yield f"{name} 表头的列", f"不认识的列：{'、'.join(each[:20] for each in strange)}。"


class _Gathered:
    """The rows of all sheets put together by major, and where each part stood."""

    def __init__(self) -> None:
        self.plans: list[dict[str, Any]] = []
        self.national: set[str] = set()
        self.faults: dict[str, str] = {}
        self._by_major: dict[str, int] = {}
        self._stood: dict[str, tuple[str, int]] = {}

    def plan(self, row: SheetRow) -> None:
        raw = self._taken("计划", row)
        if evidence := raw.pop("evidence", None):
            raw["entry_condition"] = {"text": raw.get("entry_condition"), "evidence": evidence}
        self._by_major.setdefault(row.cells.get(MAJOR, ""), len(self.plans))
        self._stood[f"plans[{len(self.plans)}]"] = ("计划", row.line)
        self.plans.append(raw)

    def part(self, name: str, key: str, row: SheetRow) -> None:
        major = row.cells.get(MAJOR, "")
        if major not in self._by_major:
            self.faults[f"{name} 第{row.line}行 {MAJOR}"] = f"“计划”工作表里没有专业“{major[:20]}”。"
            return
        raw = self._taken(name, row)
        is_national = raw.pop("national", False)
        if is_national not in (True, False):
            self.faults[f"{name} 第{row.line}行 全国统考"] = "请填“是”或“否”。"
        elif is_national and re.fullmatch(r"[0-9]{5}", str(raw.get("code", ""))):
            self.national.add(raw["code"])
        place = self._by_major[major]
        rows = self.plans[place].setdefault(key, [])
        self._stood[f"plans[{place}].{key}[{len(rows)}]"] = (name, row.line)
        rows.append(raw)

    def _taken(self, name: str, row: SheetRow) -> dict[str, Any]:
        columns = SHEETS[name][1]
        return {columns[head][0]: columns[head][1](text) for head, text in row.cells.items() if head in columns}

    def place(self, where: str) -> str:
        """A place of the JSON file as sheet, row and column."""
        match = _PLACE.fullmatch(where)
        if match is None or match[1] not in self._stood:
            return "课程 全国统考" if "national_courses" in where else where
        name, line = self._stood[match[1]]
        heads = {key: head for head, (key, _) in SHEETS[name][1].items()}
        part = (match[2] or "").partition(".")[0]
        return f"{name} 第{line}行 {heads.get(part, '')}".strip()


def write_plan_sheets(plans: Sequence[PlanData]) -> bytes:
    """A workbook of these plans, as `read_plan_sheets` reads it."""
    rows: dict[str, list[list[str | int]]] = {
        name: [[*([] if name == "计划" else [MAJOR]), *columns]] for name, (_, columns) in SHEETS.items()
    }
    for plan in plans:
        code, levels = plan.major_code, {Level.BACHELOR: "专升本", Level.JUNIOR: "专科"}
        shown = Evidence(plan.entry_evidence).label if plan.entry_evidence else ""
        rows["计划"].append([
            code, plan.major_name, levels[plan.level], plan.version, plan.examining_school, plan.min_credits,
            "" if plan.min_courses is None else plan.min_courses, plan.entry_condition, str(shown),
        ])  # fmt: skip
        rows["选考组"] += [[code, each.code, describe_group(each.rule)] for each in plan.groups]
        rows["分地区主考学校"] += [[code, each.prefecture, each.school] for each in plan.schools]
        rows["计划外课程"] += [[code, *pair] for pair in plan.beside]
        rows["课程"] += [
            [
                code, c.code, c.name, c.credits, str(Assess(c.assess).label), _said(c.national), c.group or "",
                c.after or "", "、".join(c.requires), "" if c.min_passed is None else c.min_passed, _said(c.last),
                _said(c.replaceable),
            ]
            for c in plan.courses
        ]  # fmt: skip
        rows["课程顶替"] += [
            [code, "、".join(r.from_codes), "、".join(r.to_codes), _said(r.both_ways), str(r.since),
             str(r.until or ""), r.document]
            for r in plan.replacements
        ]  # fmt: skip
    return write_workbook(rows)


def _said(value: bool) -> str:
    return "是" if value else "否"
