"""The problems of rows before they are registered in bulk: by line, column and reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from zikao.foundation.actors import Actor
from zikao.foundation.commands import all_rows, scoped
from zikao.foundation.crypto import index_of, indexes_of
from zikao.foundation.regulation import Decision, all_of
from zikao.stages.agencies.models import Agency
from zikao.stages.agencies.states import AgencyKind
from zikao.stages.candidates import queries
from zikao.stages.candidates.commands import checks
from zikao.stages.candidates.commands.changing import LONGEST_ADDRESS, PHONE_SHAPE
from zikao.stages.candidates.ethnic import ETHNIC
from zikao.stages.candidates.states import BulkRow, RowProblem
from zikao.stages.programmes.models import Major, Plan
from zikao.stages.programmes.queries import entry_plans

COLUMNS = {
    "name": "姓名",
    "sex": "性别",
    "born_on": "出生日期",
    "id_number": "身份证件号码",
    "portrait": "照片",
    "ethnic": "民族代码",
    "phone": "联系电话",
    "address": "通信地址",
    "county_code": "县区代码",
    "major_code": "专业代码",
    "fee_fen": "报名费",
    "is_military": "军队人员",
    "rules_accepted": "接受考场规则",
    "document_kind": "证件种类",
    "shown": "出示的证明",
}


_ETHNIC = frozenset(code for code, _ in ETHNIC)


def row_problems(rows: Sequence[BulkRow], by: Actor, on: date) -> list[RowProblem]:
    """Everything wrong with the rows, in their order; an empty list means they can be registered."""
    counties = set(scoped(Agency.objects.filter(kind=AgencyKind.COUNTY), by, "code").values_list("code", flat=True))
    majors = set(Major.objects.values_list("code", flat=True))
    indexes = [index_of(row.applicant.id_number) for row in rows]
    portraits = {picture: checks.portrait(picture, on) for picture in {row.applicant.portrait for row in rows}}
    every = {index: indexes_of(row.applicant.id_number) for row, index in zip(rows, indexes, strict=True)}
    suspensions = queries.suspensions_running(every, on)
    plans = entry_plans(on)
    problems = [
        *(problem for row in rows for problem in _place_problems(row, counties, majors)),
        *_twice(rows, indexes, every),
        *(
            problem
            for row, index in zip(rows, indexes, strict=True)
            for problem in _law_problems(
                row, portraits[row.applicant.portrait], suspensions.get(index), plans.get(row.applicant.major_code), on
            )
        ),
    ]
    return sorted(problems, key=lambda problem: problem.line)


def _place_problems(row: BulkRow, counties: set[str], majors: set[str]) -> list[RowProblem]:
    problems = []
    if row.county_code not in counties:
        problems.append(
            _problem(row, "county_code", f"没有代码为 {row.county_code} 的县（区），或不在您的管辖范围内。")
        )
    if row.applicant.major_code not in majors:
        problems.append(_problem(row, "major_code", f"没有代码为 {row.applicant.major_code} 的专业。"))
    person = row.applicant
    if person.ethnic not in _ETHNIC:
        problems.append(_problem(row, "ethnic", "没有这个民族代码；应为 01 至 56、97 或 98（GB/T 3304）。"))
    if person.phone and PHONE_SHAPE.fullmatch(person.phone) is None:
        problems.append(_problem(row, "phone", "请填 7 至 12 位数字，不加空格和横线；没有的留空。"))
    if len(person.address) > LONGEST_ADDRESS or not person.address.isprintable():
        problems.append(_problem(row, "address", f"最长 {LONGEST_ADDRESS} 个字，其中不能有换行和看不见的字符。"))
    return problems


def _twice(
    rows: Sequence[BulkRow], indexes: Sequence[bytes], every: Mapping[bytes, Sequence[bytes]]
) -> list[RowProblem]:
    with all_rows("EA-14：一人一号，在何县（区）注册过都算"):
        known = queries.registered_indexes(index for some in every.values() for index in some)
    first_line: dict[bytes, int] = {}
    problems = []
    for row, index in zip(rows, indexes, strict=True):
        if not known.isdisjoint(every[index]):
            problems.append(_problem(row, "id_number", "此人已经注册，请沿用原准考证号。"))
        elif index in first_line:
            problems.append(_problem(row, "id_number", f"与第 {first_line[index]} 行是同一人。"))
        else:
            first_line[index] = row.line
    return problems


def _law_problems(
    row: BulkRow, portrait: Decision, suspended_until: date | None, plan: Plan | None, on: date
) -> list[RowProblem]:
    decision = all_of(
        checks.identity(row.applicant, on),
        portrait,
        checks.eligibility(row.applicant, rules_accepted=True, suspended_until=suspended_until, plan=plan, on=on),
    )
    return [
        _problem(row, checks.field_of(finding.code), finding.message + finding.remedy) for finding in decision.refusals
    ]


def _problem(row: BulkRow, field: str, reason: str) -> RowProblem:
    return RowProblem(row.line, COLUMNS.get(field, field), reason)
