"""Scores that do not come from marking: an earlier system's record, practical parts, theses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput
from zikao.stages.candidates.states import RowProblem
from zikao.stages.collecting.queries import require_at_work
from zikao.stages.collecting.states import Work
from zikao.stages.results import archive, policies, queries, rules
from zikao.stages.results.models import ChangeList
from zikao.stages.results.states import HowObtained, ListKind, ScoreRow


class ScoreRowsRefused(BadInput):
    """Some rows cannot be filed, so none is; `problems` lists line, column and reason."""

    def __init__(self, problems: Sequence[RowProblem], rows: int) -> None:
        super().__init__(
            "bad-score-rows",
            facts={"bad": len(problems), "rows": rows},
            field_errors={f"第{each.line}行 {each.column}": each.reason for each in problems[:200]},
            message=f"{rows} 条成绩中有 {len({each.line for each in problems})} 条不能登记，全部没有写入。",
            remedy="请按行改正后整批重新提交。",
        )
        self.problems = tuple(problems)


@command(
    writes="results.scores-taken-over",
    clauses=("SR-12", "SR-A1.6", "SR-A1.3", "SR-A1.4", "SR-A1.5", "SR-11"),
    posts=policies.TAKERS_OVER,
)
def take_over_scores(
    *, rows: Sequence[ScoreRow], source: str, evidence: str, by: Actor, at: datetime
) -> Outcome[ChangeList]:
    """Hand in the scores that an earlier system of the province holds, once, with their source and evidence.

    `evidence` is the SM3 digest of the signed list that was handed over. All rows or none: bad rows are listed.
    The list is signed by another person and filed in a window of the archive. In the set time, at the place, by a
    worker, while enough of them are present.

    Source:  SR-12, SR-A1.6, SR-A1.3, SR-A1.4, SR-A1.5, SR-11
    Writes:  results.scores-taken-over
    Raises:  NotPermitted, Refused, BadInput
    """
    return _staged(ListKind.TAKE_OVER, rows, source=source, evidence=evidence, by=by, at=at)


@command(
    writes="results.assessments-recorded",
    clauses=("SR-12", "SR-A1.6", "SR-A1.3", "SR-A1.4", "SR-A1.5", "SR-18.1.2"),
    posts=policies.ASSESSORS,
)
def record_assessments(
    *, rows: Sequence[ScoreRow], source: str, evidence: str, by: Actor, at: datetime
) -> Outcome[ChangeList]:
    """Hand in the results of practical parts and theses that an examining school has assessed, as above.

    The source of each names the school that examines the candidate's major in their prefecture.

    Source:  SR-12, SR-A1.6, SR-A1.3, SR-A1.4, SR-A1.5, SR-18.1.2
    Writes:  results.assessments-recorded
    Raises:  NotPermitted, Refused, BadInput
    """
    if any(row.how not in (HowObtained.PRACTICE, HowObtained.THESIS) for row in rows):
        raise BadInput("not-an-assessment", message="这里只登记实践性环节考核和毕业论文（设计）的成绩。")
    return _staged(ListKind.ASSESSMENT, rows, source=source, evidence=evidence, by=by, at=at)


def _staged(
    kind: ListKind, rows: Sequence[ScoreRow], *, source: str, evidence: str, by: Actor, at: datetime
) -> Outcome[ChangeList]:
    on = local_day(at)
    here = require_at_work(Work.HAND_IN, by, at)
    known = queries.known_of(rows, by)
    problems = list(queries.row_problems(rows, known, on))
    if kind == ListKind.ASSESSMENT:
        problems += queries.order_problems(rows, known, on)
    if problems:
        raise ScoreRowsRefused(problems, len(rows))
    schools = queries.schools_of(known, on) if kind == ListKind.ASSESSMENT else {}
    digest = sm3(canonical([[r.admission_number, r.course_code, r.sitting_label, r.value, r.grade] for r in rows]))
    held = archive.stage(
        kind,
        f"rows:{digest.hex()[:16]}",
        f"{source}（{len(rows):,} 条）",
        (_row(row, known, schools, source, evidence, on) for row in rows),
        agency_code=by.agency_code,
        by=by,
        at=at,
    )
    facts = {"count": len(rows), "digest": digest, "evidence": evidence, "list": held.pk, "session": here.session_id}
    return Outcome(held, facts=facts)


def _row(
    row: ScoreRow, known: queries.Known, schools: Mapping[int, str], source: str, evidence: str, on: date
) -> archive.StagedRow:
    candidate_id, agency_code = known.candidates[row.admission_number]
    school = schools.get(candidate_id)
    return archive.StagedRow(
        candidate_id,
        known.courses[row.course_code],
        row.sitting_label,
        row.how,
        row.value,
        row.grade,
        rules.PASSING(on=on, value=row.value, grade=row.grade),
        f"{school}：{source}"[:120] if school else source,
        agency_code,
        evidence=evidence,
    )
