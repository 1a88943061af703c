"""Rows of scores handed in from outside, held against candidates, courses and what is filed already."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from zikao.foundation.actors import Actor
from zikao.foundation.commands import scoped
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.states import RowProblem
from zikao.stages.programmes.models import Course, Paper
from zikao.stages.programmes.queries import schools_by_place
from zikao.stages.results import rules
from zikao.stages.results.models import Score, StagedScore
from zikao.stages.results.states import HowObtained, ListState, ScoreRow

_LABEL = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Known:
    """What the rows name: candidates (id and agency code) by admission number, course ids by code."""

    candidates: dict[str, tuple[int, str]]
    courses: dict[str, int]


def known_of(rows: Sequence[ScoreRow], by: Actor) -> Known:
    """The candidates of the actor's subtree and the courses that the rows name."""
    numbers = {row.admission_number for row in rows}
    found = scoped(Candidate.objects.filter(admission_number__in=numbers), by)
    codes = {row.course_code for row in rows}
    return Known(
        {number: (pk, agency) for number, pk, agency in found.values_list("admission_number", "id", "agency_code")},
        dict(Course.objects.filter(code__in=codes).values_list("code", "id")),
    )


def schools_of(known: Known, on: date) -> dict[int, str]:
    """By candidate id, the name of the school that examines their major in their prefecture (SR-18.1.2)."""
    people = Candidate.objects.filter(pk__in=[pk for pk, _ in known.candidates.values()])
    places = {pk: (major, agency[:4]) for pk, major, agency in people.values_list("id", "major_id", "agency_code")}
    schools = schools_by_place(set(places.values()), on)
    return {pk: schools[place].name for pk, place in places.items() if place in schools}


def row_problems(rows: Sequence[ScoreRow], known: Known, on: date) -> Iterator[RowProblem]:
    """What is wrong in the rows, by line (counted from 1 where a row names none)."""
    filed = _filed(known)
    examined = set(
        Paper.objects.filter(sitting__code__in={row.sitting_label for row in rows}).values_list(
            "sitting__code", flat=True
        )
    )
    for number, row in enumerate(rows, 1):
        line = row.line or number
        key = (row.admission_number, row.course_code, row.sitting_label, row.how.value)
        if row.admission_number not in known.candidates:
            yield RowProblem(line, "准考证号", f"没有准考证号为 {row.admission_number} 的考生。")
        elif row.course_code not in known.courses:
            yield RowProblem(line, "课程代码", f"没有代码为 {row.course_code} 的课程。")
        elif key in filed:
            yield RowProblem(line, "课程代码", "同一考生、课程、考次的成绩已经登记。")
        else:
            filed.add(key)
            yield from _problems_of(row, line, examined, on)


def _problems_of(row: ScoreRow, line: int, examined: set[str], on: date) -> Iterator[RowProblem]:
    if not _LABEL.fullmatch(row.sitting_label):
        yield RowProblem(line, "取得考次", "请写年和月，例如 2024-10。")
    elif row.how == HowObtained.WRITTEN and row.sitting_label in examined:
        yield RowProblem(line, "取得考次", f"{row.sitting_label} 的笔试成绩由本系统评卷采集，不能另行登记。")
    for finding in rules.SCORE_SHAPE(on=on, value=row.value, grade=row.grade).refusals:
        yield RowProblem(line, "成绩", finding.message)


def _filed(known: Known) -> set[tuple[str, str, str, str]]:
    people = [pk for pk, _ in known.candidates.values()]
    columns = ("candidate__admission_number", "course__code", "sitting_label", "how")
    filed = Score.objects.filter(candidate_id__in=people).values_list(*columns)
    waiting = StagedScore.objects.filter(
        candidate_id__in=people, list__state__in=(ListState.STAGED, ListState.APPROVED), version=1
    )
    return {*filed, *waiting.values_list(*columns)}
