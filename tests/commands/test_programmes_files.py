"""Files of plans and timetables of every wrong kind: place and reason, nothing changed, never a failure."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import programmes as make
from zikao.foundation.sheets import LARGEST_PART, read_workbook, write_workbook
from zikao.stages.programmes import queries
from zikao.stages.programmes.forms import read_plans
from zikao.stages.programmes.forms.actions import PlansForm, TimetableForm
from zikao.stages.programmes.forms.plan_sheets import write_plan_sheets
from zikao.stages.programmes.forms.timetable_file import read_timetable_sheet, write_timetable_sheet
from zikao.stages.programmes.states import PlanData

FILE = make.the_plan_file()
Rows = list[list[str | int]]


def faults_of(data: bytes, name: str = "plans.json", since: str = "2027-01-01") -> list[str]:
    """What the page says of a file of plans; empty where it is taken."""
    form = PlansForm({"since": since}, {"plans": SimpleUploadedFile(name, data)})
    return [] if form.is_valid() else [str(each) for errors in form.errors.values() for each in errors]


def one_plan(change: Callable[[dict[str, Any]], object] = lambda plan: None) -> bytes:
    """The file of the real plan of 080901, changed."""
    plan = deepcopy(next(each for each in FILE["plans"] if each["code"] == "080901"))
    change(plan)
    return json.dumps({"national_courses": FILE["national_courses"], "plans": [plan]}, ensure_ascii=False).encode()


def in_course(number: int, **values: object) -> Callable[[dict[str, Any]], object]:
    return lambda plan: plan["courses"][number].update(values)


def in_plan(**values: object) -> Callable[[dict[str, Any]], object]:
    return lambda plan: plan.update(values)


def a_circle(plan: dict[str, Any]) -> None:
    first, second, third = plan["courses"][:3]
    first["after"], second["after"], third["requires"] = second["code"], third["code"], [first["code"]]


STAND_IN = {"from": ["00001"], "to": ["13015"], "since": "2027-01-01", "document": "苏教考自〔2026〕1号"}
WRONG: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "credits in words": (in_course(5, credits="六"), "plans[0].courses[5].credits", "应为0至9999的整数，不是“六”"),
    "credits as text": (in_course(5, credits="6"), "plans[0].courses[5].credits", "不是“6”"),
    "credits beyond any column": (in_course(5, credits=10**30), "plans[0].courses[5].credits", "应为0至9999"),
    "credits true": (in_course(5, credits=True), "plans[0].courses[5].credits", "应为0至9999"),
    "a code that lost its zeros": (in_course(0, code="37"), "plans[0].courses[0].code", "前面的0不能丢"),
    "a code twice": (lambda p: p["courses"].append(p["courses"][0]), "plans[0].courses[23].code", "在计划中重复"),
    "no credits": (lambda p: p["courses"][3].pop("credits"), "plans[0].courses[3].credits", "应为0至9999"),
    "a name misspelt": (in_course(3, credit=3), "plans[0].courses[3].credit", "不认识这一项"),
    "a course that is a number": (in_plan(courses=[7]), "plans[0].courses[0]", "应为 {…} 的一项"),
    "courses that are an object": (in_plan(courses={"1": {}}), "plans[0].courses", "应为列表"),
    "no courses": (in_plan(courses=[]), "plans[0].courses", "没有课程"),
    "a name too long": (in_course(0, name="论" * 61), "plans[0].courses[0].name", "长 61 个字，最多 60 个字"),
    "a name with NUL": (in_course(0, name="美\x00学"), "plans[0].courses[0].name", "看不见的控制字符"),
    "a name read backwards": (in_course(0, name="美\u202e学"), "plans[0].courses[0].name", "看不见的控制字符"),
    "a name with zero width": (in_plan(name="计算机\u200b科学"), "plans[0].name", "看不见的控制字符"),
    "a group that is a list": (in_course(0, group=["NET"]), "plans[0].courses[0].group", "应为文字"),
    "a group nobody knows": (in_course(0, group="XX"), "plans[0].courses[0].group", "没有选考组“XX”"),
    "a group twice": (lambda p: p["groups"].append(p["groups"][0]), "plans[0].groups[1].id", "选考组 NET 重复"),
    "a group without courses": (
        lambda p: p["groups"].append({"id": "YY", "rule": "choose 1"}), "plans[0].groups[1].id", "里没有课程"),
    "a group that asks too much": (
        lambda p: p["groups"][0].update(rule="选考99门"), "plans[0].groups[0].rule", "不能要求选 99 门"),
    "a group that leans on none": (
        lambda p: p["groups"][0].update(rule="choose 1, or none if whole ZZ taken"), "plans[0].groups[0].rule",
        "选考组“ZZ”不在计划中"),
    "a circle of three": (a_circle, "plans[0].courses[0].after", "先修关系成环：15040 → 15043 → 15044 → 15040"),
    "after itself": (in_course(0, after="15040"), "plans[0].courses[0].after", "不在计划中"),
    "more passed first than there are": (in_course(0, min_passed=23), "plans[0].courses[0].min_passed", "一共 23 门"),
    "more courses than there are": (in_plan(min_courses=24), "plans[0].min_courses", "达不到 24 门"),
    "a replacement twice": (
        in_plan(replacements=[STAND_IN, STAND_IN]), "plans[0].replacements[1].since", "同日写了两次"),
    "a course twice in a replacement": (
        in_plan(replacements=[{**STAND_IN, "from": ["00001", "00001"]}]), "plans[0].replacements[0].from", "写了两次"),
    "a replacement of year 1": (
        in_plan(replacements=[{**STAND_IN, "since": "0001-01-01"}]), "plans[0].replacements[0].since", "1981至2099"),
    "a prefecture of two digits": (
        in_plan(schools=[{"prefecture": "32", "school": "x"}]), "plans[0].schools[0].prefecture", "不是正确的代码"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_place_of_a_plan_file_is_named_with_its_reason(kind: str) -> None:
    change, place, reason = WRONG[kind]
    said = faults_of(one_plan(change))
    assert [each for each in said if each.startswith(f"{place}：") and reason in each], said


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "空"),
        (b"{", "第1行第2列"),
        (b"[]", "没有考试计划"),
        (b"[" * 200_000, "层次太深"),
        (b'{"plans": [1' + b"0" * 5000 + b"]}", "大得读不出的数"),
        (b'{"plans": [{"credits": NaN}]}', "“NaN”不是数"),
        (b'{"plans": [{"code": "050101", "credits": 3, "credits": 5}]}', "“credits”在同一处写了两次（050101）"),
        (b'{"plans": 7}', "没有考试计划"),
        (b'{"plans": [7], "national_courses": {"a": 1}}', "应为五位课程代码的列表"),
        (b"\xff\xfe\x00\x01", "GB 18030"),
        (b" " * (4 * 1024 * 1024 + 1), "超过 4 MB"),
        (b"PK\x03\x04" + b"x" * 90, "不是能读取的 XLSX"),
    ],
)
def test_file_that_is_no_plan_file_is_refused_in_words(data: bytes, reason: str) -> None:
    assert reason in "".join(faults_of(data))


def test_plan_file_in_gb18030_with_rare_characters_is_read() -> None:
    named = json.loads(one_plan(in_course(1, name="\U00020bb7㛃\ue863导论")))
    data = json.dumps(named, ensure_ascii=False).encode("gb18030")
    assert faults_of(data) == []
    form = PlansForm({"since": "2027-01-01"}, {"plans": SimpleUploadedFile("x.json", data)})
    assert form.is_valid()
    assert form.cleaned_data["plans"].plans[0].courses[1].name == "\U00020bb7㛃\ue863导论"


@pytest.mark.parametrize("since", ["1980-12-31", "2100-01-01", "9999-12-31", "0001-01-01", "x"])
def test_day_on_which_no_plan_can_begin_is_refused(since: str) -> None:
    assert len(faults_of(one_plan(), since=since)) == 1


def the_sheets(**changes: Callable[[Rows], object]) -> bytes:
    """The workbook of the real plans, its sheets changed."""
    sheets = read_workbook(write_plan_sheets(read_plans(FILE)))
    rows: dict[str, Rows] = {
        name: [list(sheet.headings), *([row.cells.get(head, "") for head in sheet.headings] for row in sheet.rows)]
        for name, sheet in sheets.items()
    }
    for name, change in changes.items():
        change(rows[name])
    return write_workbook({name: some for name, some in rows.items() if some})


def cell(line: int, column: int, value: str | int) -> Callable[[Rows], object]:
    return lambda rows: rows[line - 1].__setitem__(column, value)


def circle(rows: Rows) -> None:
    rows[1][7], rows[2][7] = rows[2][1], rows[1][1]


SHEETS: dict[str, tuple[Mapping[str, Callable[[Rows], object]], str]] = {
    "wrong sheet": ({"课程": lambda rows: rows.clear()}, "文件：没有名为“课程”的工作表；文件里有 计划、"),
    "missing column": (
        {"课程": lambda rows: [row.pop(3) for row in rows]}, "课程 表头：缺少列：学分。"),
    "strange column": ({"课程": cell(1, 3, "分数")}, "课程 表头的列：不认识的列：分数。"),
    "column twice": ({"课程": cell(1, 3, "课程名称")}, "工作表“课程”的表头有重复的列"),
    "credits in words": ({"课程": cell(7, 3, "六")}, "课程 第7行 学分：应为0至9999的整数，不是“六”。"),
    "half a credit": ({"课程": cell(7, 3, "3.5")}, "课程 第7行 学分：应为0至9999的整数，不是“3.5”。"),
    "zeros lost": ({"课程": cell(8, 1, 37)}, "课程 第8行 课程代码：“37”不是正确的代码；前面的0不能丢"),
    "code twice": ({"课程": lambda rows: rows.append(list(rows[1]))}, "行 课程代码：课程 15040 在计划中重复。"),
    "circle": ({"课程": circle}, "课程 第2行 先考课程：先修关系成环：15040 → 15043 → 15040。"),
    "major of no plan": ({"课程": cell(2, 0, "999999")}, "课程 第2行 专业代码：“计划”工作表里没有专业“999999”。"),
    "unknown rule": ({"选考组": cell(2, 2, "随便")}, "选考组 第2行 规则：读不懂选考规则“随便”。"),
    "neither yes nor no": ({"课程": cell(2, 5, "对")}, "课程 第2行 全国统考：请填“是”或“否”。"),
    "level": ({"计划": cell(2, 2, "硕士")}, "计划 第2行 层次：层次“硕士”应为专升本、本科或专科。"),
    "beside the headings": (
        {"课程": lambda rows: rows[2].append("备注在此")}, "工作表“课程”第3行的“备注在此”在没有表头的列里"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SHEETS)
def test_wrong_cell_of_a_workbook_is_named_by_sheet_row_and_column(kind: str) -> None:
    changes, words = SHEETS[kind]
    said = faults_of(the_sheets(**changes), "plans.xlsx")
    assert [each for each in said if words in each], said


def test_workbook_of_the_real_plans_reads_as_the_same_plans() -> None:
    plans = read_plans(FILE)
    data = the_sheets(课程=cell(2, 3, "3"))
    assert faults_of(data, "plans.xlsx") == []
    form = PlansForm({"since": "2027-01-01"}, {"plans": SimpleUploadedFile("x.xlsx", data)})
    assert form.is_valid()
    assert form.cleaned_data["plans"].plans == plans


def a_bomb(part: str, body: bytes) -> bytes:
    """The workbook with one part replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(the_sheets())) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, body if each == part else old.read(each))
    return made.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    ("part", "body", "reason"),
    [
        ("xl/worksheets/sheet2.xml", b" " * (LARGEST_PART + 1), "解开后超过 8 MB"),
        ("xl/worksheets/sheet2.xml", LAUGHS, "不能接受的内容"),
        ("xl/worksheets/sheet2.xml", LAUGHS.decode().encode("utf-16"), "不能接受的内容"),
        ("xl/worksheets/sheet2.xml", b"<worksheet>", "不是能读取的 XLSX"),
        ("xl/workbook.xml", b"<workbook/>", "没有名为“计划”、“课程”的工作表"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships/>", "不是能读取的 XLSX"),
    ],
)
def test_workbook_made_to_harm_is_refused_in_words(part: str, body: bytes, reason: str) -> None:
    assert reason in "".join(faults_of(a_bomb(part, body), "plans.xlsx"))


HEAD = "session,major,unit,date,time,course,name,national\n"
ROW = "2026-10,050101,1,2026-10-24,09:00-11:30,00037,美学,否\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "缺少列"),
        (HEAD, "文件里没有考试安排"),
        (HEAD.replace("unit,", "") + ROW, "缺少列：单元（unit）"),
        (HEAD + ROW.replace("美学", "美" * 61), "第2行 name"),
        (HEAD + ROW.replace("美学", "美\u200b学"), "看不见的控制字符"),
        (HEAD + ROW.replace("美学", "美\x00学"), "看不见的控制字符"),
        (HEAD + ROW.strip() + ",多\n", "列数多于表头"),
        (HEAD + ROW.replace("美学", '"美学'), "引号没有成对"),
        (HEAD + ROW.replace("美学", "美" * 200_000), "一格太长"),
        (HEAD + ROW.replace("2026-10-24", "2026-02-30"), "日期或时间不存在"),
        (HEAD + "2026-10\n" * 60_000, "一次最多 50000 行"),
        (HEAD + "2026-10\n" * 300, "还有 1900 处没有列出"),
    ],
)
def test_wrong_timetable_file_is_refused_by_line_and_column(text: str, words: str) -> None:
    form = TimetableForm({}, {"timetable": SimpleUploadedFile("x.csv", text.encode() or b"\n")})
    assert not form.is_valid()
    assert words in str(form.errors)


def test_timetable_saved_by_a_spreadsheet_in_gb18030_is_read() -> None:
    form = TimetableForm({}, {"timetable": SimpleUploadedFile("x.csv", (HEAD + ROW).encode("gb18030"))})
    assert form.is_valid()
    assert form.cleaned_data["timetable"].slots[0].course_name == "美学"


def timetable_faults(rows: Rows, name: str = "考试安排") -> str:
    form = TimetableForm({}, {"timetable": SimpleUploadedFile("x.xlsx", write_workbook({name: rows, "说明": [["x"]]}))})
    return "" if form.is_valid() else str(form.errors)


def test_timetable_as_a_workbook_is_the_same_and_its_faults_are_named_by_its_own_headings() -> None:
    data = make.the_timetable_file()
    sheet = read_workbook(write_timetable_sheet(data))["考试安排"]
    rows: Rows = [list(sheet.headings), *([row.cells.get(head, "") for head in sheet.headings] for row in sheet.rows)]
    assert read_timetable_sheet(write_workbook({"x": rows})).as_body() == data.as_body()
    assert timetable_faults(rows) == ""
    national = read_timetable_sheet(write_timetable_sheet(data.national_only))
    assert national.as_body() == data.national_only.as_body()
    rows[1][3] = 46319
    assert timetable_faults(rows) == ""
    rows[1][4], rows[2][1] = "9点", ""
    assert "第2行 时间：时间应写作" in timetable_faults(rows)
    assert "没有名为“考试安排”的工作表；文件里有 安排、说明" in timetable_faults(rows, "安排")
    assert "缺少列：时间（time）" in timetable_faults([[*row[:4], *row[5:]] for row in rows])


@pytest.mark.django_db
def test_workbook_of_the_register_holds_everything_that_was_imported(at: datetime) -> None:
    make.the_plans(at)
    raw: dict[str, PlanData] = {plan.major_code: plan for plan in read_plans(FILE)}
    for plan in queries.plans_as_data(at.date()):
        file = raw[plan.major_code]
        assert sorted(plan.courses, key=lambda c: c.code) == sorted(file.courses, key=lambda c: c.code)
        assert {g.code: dict(g.rule) for g in plan.groups} == {g.code: dict(g.rule) for g in file.groups}
        assert (plan.major_name, plan.level, plan.version, plan.examining_school, plan.min_credits) == (
            file.major_name, file.level, file.version, file.examining_school, file.min_credits,
        )  # fmt: skip
