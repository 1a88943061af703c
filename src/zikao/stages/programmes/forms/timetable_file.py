"""A timetable as CSV or workbook, one row a course and major; every bad row is named by line, column and reason.

Columns: session, major, unit, date, time ("09:00-11:30"), course, name, national (是/否), or the same in Chinese. A
national course may stand without a major. Lines of a CSV that begin with # are notes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from zikao.foundation.clock import LOCAL
from zikao.foundation.errors import BadInput
from zikao.foundation.sheets import WorkbookRefused, as_day, read_workbook, write_workbook
from zikao.stages.programmes.forms.faults import has_unseen
from zikao.stages.programmes.states import SlotData, TimetableData, UnitData

MOST_ROWS = 50_000
COLUMNS = ("session", "major", "unit", "date", "time", "course", "name", "national")
HEADS = dict(
    zip(("考次", "专业代码", "单元", "日期", "时间", "课程代码", "课程名称", "全国统考"), COLUMNS, strict=True)
)
SHEET = "考试安排"
Row = tuple[int, list[str]]
SHAPES = {
    "session": (re.compile(r"[0-9]{4}-[0-9]{2}"), "考次应写作“2026-10”的样子。"),
    "major": (re.compile(r"[0-9]{6}[KT]?"), "专业代码应为6位数字，可带K或T。"),
    "unit": (re.compile(r"[1-9][0-9]?"), "考试单元应为1至99的整数。"),
    "date": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "日期应写作“2026-10-24”的样子。"),
    "time": (re.compile(r"[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}"), "时间应写作“09:00-11:30”的样子。"),
    "course": (re.compile(r"[0-9]{5}"), "课程代码应为5位数字。"),
    "name": (re.compile(r".{1,60}"), "课程名称没有填写，或超过60个字。"),
    "national": (re.compile(r"[是否]"), "是否全国统考应填“是”或“否”。"),
}


def read_timetable(text: str) -> TimetableData:
    """The timetable of a CSV text. Raises BadInput naming every bad line ("第12行 date")."""
    lines = [(n, line) for n, line in enumerate(text.lstrip("\ufeff").splitlines(), 1) if line.strip()]
    lines = [(n, line) for n, line in lines if not line.startswith("#")]
    if len(lines) > MOST_ROWS:
        raise _refused("file", f"有 {len(lines)} 行，一次最多 {MOST_ROWS} 行。")
    try:
        heads, *rows = [next(csv.reader([line], strict=True)) for _, line in lines] or [[]]
    except csv.Error:
        raise _refused("file", "文件不是正确的 CSV：引号没有成对，或一格太长。") from None
    return _timetable(heads, list(zip([n for n, _ in lines][1:], rows, strict=True)))


def read_timetable_sheet(data: bytes) -> TimetableData:
    """The timetable of a workbook's sheet 考试安排, or of its only one. Raises BadInput as above."""
    try:
        sheets = read_workbook(data)
    except WorkbookRefused as error:
        raise _refused("file", str(error)) from error
    sheet = sheets.get(SHEET) or (next(iter(sheets.values())) if len(sheets) == 1 else None)
    if sheet is None:
        raise _refused("file", f"没有名为“{SHEET}”的工作表；文件里有 {'、'.join(sheets) or '（没有工作表）'}。")
    rows = [(row.line, [row.cells.get(head, "") for head in sheet.headings]) for row in sheet.rows]
    return _timetable(list(sheet.headings), rows)


def write_timetable_sheet(data: TimetableData) -> bytes:
    """A workbook of this timetable, as `read_timetable_sheet` reads it."""
    units = {unit.number: unit for unit in data.units}
    rows: list[list[str | int]] = [list(HEADS)]
    for slot in sorted(data.slots, key=lambda each: (each.unit_number, each.course_code)):
        begin, end = (
            at.astimezone(LOCAL) for at in (units[slot.unit_number].starts_at, units[slot.unit_number].ends_at)
        )
        times, national = f"{begin:%H:%M}-{end:%H:%M}", "是" if slot.national else "否"
        for major in slot.major_codes or ("",):
            rows.append([data.sitting_code, major, slot.unit_number, f"{begin:%Y-%m-%d}", times, slot.course_code,
                         slot.course_name, national])  # fmt: skip
    return write_workbook({SHEET: rows})


def _timetable(heads: list[str], rows: list[Row]) -> TimetableData:
    written = [head.strip() for head in heads]
    heads = [HEADS.get(head, head) for head in written]
    if missing := [name for name in COLUMNS if name not in heads]:
        said = {column: head for head, column in HEADS.items()}
        raise _refused("columns", "缺少列：" + "、".join(f"{said[name]}（{name}）" for name in missing))
    faults: dict[str, str] = {}
    good = list(_rows(heads, rows, faults))
    units = _units(good, faults)
    slots = _slots(good, faults)
    if len({row["session"] for _, row in good}) > 1:
        faults["session"] = "一个文件只能有一个考次。"
    if faults or not good:
        names = {f" {head}": f" {own}" for head, own in zip(heads, written, strict=True)}
        faults = {_called(place, names): words for place, words in faults.items()}
        faults = faults or {"file": "文件里没有考试安排。"}
        raise BadInput("timetable-faulty", field_errors=faults, message="考试安排文件有误，没有导入。")
    return TimetableData(good[0][1]["session"], tuple(units.values()), tuple(slots.values()))


def _called(place: str, names: Mapping[str, str]) -> str:
    """A place ("第3行 unit") by the column's heading in the file."""
    line, space, column = place.partition(" ")
    return line + names.get(space + column, space + column)


def _rows(heads: list[str], rows: list[Row], faults: dict[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    for number, cells in rows:
        raw = dict(zip(heads, cells, strict=False))
        row = {name: raw.get(name, "").strip() for name in COLUMNS}
        row["date"] = as_day(row["date"])
        bad = {c: words for c, (shape, words) in SHAPES.items() if not shape.fullmatch(row[c])}
        if not row["major"] and row["national"] == "是":
            bad.pop("major", None)
        if has_unseen("".join(cells)):
            bad = bad or {"name": "含有看不见的控制字符，请重新键入。"}
        if len(cells) > len(heads):
            bad["row"] = "这一行的列数多于表头。"
        faults.update({f"第{number}行 {column}": words for column, words in bad.items()})
        if not bad:
            yield number, row


def _refused(place: str, words: str) -> BadInput:
    return BadInput("timetable-faulty", field_errors={place: words}, message="考试安排文件有误，没有导入。")


def _units(rows: list[tuple[int, dict[str, str]]], faults: dict[str, str]) -> dict[int, UnitData]:
    units: dict[int, UnitData] = {}
    for line, row in rows:
        begin, _, end = row["time"].partition("-")
        try:
            starts_at = datetime.fromisoformat(f"{row['date']}T{begin}").replace(tzinfo=LOCAL)
            ends_at = datetime.fromisoformat(f"{row['date']}T{end}").replace(tzinfo=LOCAL)
        except ValueError:
            faults[f"第{line}行 date"] = "日期或时间不存在。"
            continue
        unit = UnitData(int(row["unit"]), starts_at, ends_at)
        if ends_at <= starts_at:
            faults[f"第{line}行 time"] = "结束时间应晚于开考时间。"
        elif units.setdefault(unit.number, unit) != unit:
            faults[f"第{line}行 unit"] = f"第{unit.number}单元的时间与前面的行不同。"
    return dict(sorted(units.items()))


def _slots(rows: list[tuple[int, dict[str, str]]], faults: dict[str, str]) -> dict[str, SlotData]:
    slots: dict[str, SlotData] = {}
    for line, row in rows:
        new = SlotData(
            row["course"],
            row["name"],
            row["national"] == "是",
            int(row["unit"]),
            (row["major"],) if row["major"] else (),
        )
        old = slots.get(new.course_code)
        if old is None:
            slots[new.course_code] = new
        elif (old.course_name, old.national, old.unit_number) != (new.course_name, new.national, new.unit_number):
            faults[f"第{line}行 course"] = f"课程 {new.course_code} 的名称、单元或统考标记与前面的行不同。"
        elif row["major"] in old.major_codes:
            faults[f"第{line}行 major"] = f"专业 {row['major']} 已列出这门课程。"
        else:
            majors = (*old.major_codes, *new.major_codes)
            slots[new.course_code] = SlotData(old.course_code, old.course_name, old.national, old.unit_number, majors)
    return slots
