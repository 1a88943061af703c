"""Scores that do not come from marking: an earlier system's record, practical parts, theses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.db import connection

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command, scoped
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput
from zikao.stages.candidates.models import Candidate
from zikao.stages.programmes.models import Course
from zikao.stages.results import policies, rules
from zikao.stages.results.models import Score
from zikao.stages.results.states import HowObtained, ScoreRow, Standing

COLUMNS = (
    "candidate_id, course_id, sitting_label, how, standing, value, grade, passed, source, evidence, version,"
    " recorded_at, agency_code"
)


@command(writes="results.scores-taken-over", clauses=("SR-A1.6", "SR-11"), posts=policies.TAKERS_OVER)
def take_over_scores(*, rows: Sequence[ScoreRow], source: str, evidence: str, by: Actor, at: datetime) -> Outcome[int]:
    """File the scores that an earlier system of the province holds, once, with their source and evidence.

    `evidence` is the SM3 digest of the signed list that was handed over. All rows or none: bad rows are listed.

    Source:  SR-A1.6, SR-11
    Writes:  results.scores-taken-over
    Raises:  NotPermitted, BadInput
    """
    return _file(rows, source=source, evidence=evidence, by=by, at=at)


@command(writes="results.assessments-recorded", clauses=("SR-A1.6", "SR-18.1.2"), posts=policies.ASSESSORS)
def record_assessments(
    *, rows: Sequence[ScoreRow], source: str, evidence: str, by: Actor, at: datetime
) -> Outcome[int]:
    """File the results of practical parts and theses that an examining school has assessed.

    Source:  SR-A1.6, SR-18.1.2
    Writes:  results.assessments-recorded
    Raises:  NotPermitted, BadInput
    """
    if any(row.how not in (HowObtained.PRACTICE, HowObtained.THESIS) for row in rows):
        raise BadInput("not-an-assessment", message="这里只登记实践性环节考核和毕业论文（设计）的成绩。")
    return _file(rows, source=source, evidence=evidence, by=by, at=at)


def _file(rows: Sequence[ScoreRow], *, source: str, evidence: str, by: Actor, at: datetime) -> Outcome[int]:
    on = local_day(at)
    candidates = _candidates(rows, by)
    courses = dict(Course.objects.filter(code__in={row.course_code for row in rows}).values_list("code", "id"))
    faults = list(_faults(rows, candidates, courses, on))
    if faults:
        raise BadInput(
            "bad-score-rows",
            facts={"bad": len(faults), "rows": len(rows)},
            field_errors=dict(faults[:200]),
            message=f"{len(rows)} 条成绩中有 {len(faults)} 条不能登记，全部没有写入。",
            remedy="请按行改正后整批重新提交。",
        )
    with connection.cursor() as cursor, cursor.copy(f"COPY {Score._meta.db_table} ({COLUMNS}) FROM STDIN") as copy:
        for row in rows:
            candidate_id, agency_code = candidates[row.admission_number]
            passed = rules.PASSING(on=on, value=row.value, grade=row.grade)
            copy.write_row(
                (candidate_id, courses[row.course_code], row.sitting_label, row.how.value, Standing.VALID.value)
                + (row.value, row.grade, passed, source, evidence, 1, at, agency_code)
            )
    digest = sm3(canonical([[r.admission_number, r.course_code, r.sitting_label, r.value, r.grade] for r in rows]))
    facts = {"count": len(rows), "digest": digest, "evidence": evidence}
    return Outcome(len(rows), on=f"results.scores:{digest.hex()[:16]}", facts=facts)


def _candidates(rows: Sequence[ScoreRow], by: Actor) -> dict[str, tuple[int, str]]:
    numbers = {row.admission_number for row in rows}
    found = scoped(Candidate.objects.filter(admission_number__in=numbers), by)
    return {number: (pk, agency) for number, pk, agency in found.values_list("admission_number", "id", "agency_code")}


def _faults(
    rows: Sequence[ScoreRow], candidates: dict[str, tuple[int, str]], courses: dict[str, int], on: date
) -> Iterator[tuple[str, str]]:
    there = _already_filed(candidates)
    for number, row in enumerate(rows, 1):
        place = f"第{number}行"
        if row.admission_number not in candidates:
            yield f"{place} 准考证号", f"没有准考证号为 {row.admission_number} 的考生。"
        elif row.course_code not in courses:
            yield f"{place} 课程代码", f"没有代码为 {row.course_code} 的课程。"
        elif (key := (row.admission_number, row.course_code, row.sitting_label, row.how.value)) in there:
            yield f"{place} 课程代码", "同一考生、课程、考次的成绩已经登记。"
        else:
            there.add(key)
            for finding in rules.SCORE_SHAPE(on=on, value=row.value, grade=row.grade).refusals:
                yield f"{place} 成绩", finding.message


def _already_filed(candidates: dict[str, tuple[int, str]]) -> set[tuple[str, str, str, str]]:
    ids = [pk for pk, _ in candidates.values()]
    rows = Score.objects.filter(candidate_id__in=ids).values_list(
        "candidate__admission_number", "course__code", "sitting_label", "how"
    )
    return set(rows)
