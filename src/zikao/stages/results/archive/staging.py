"""Change lists: rows put down for approval. Nothing here is a score yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from zikao.foundation.actors import Actor
from zikao.stages.results.archive.form import root_of_list
from zikao.stages.results.models import ChangeList
from zikao.stages.results.states import HowObtained, ListKind, ListState, Standing

COLUMNS = (
    "list_id, line, candidate_id, course_id, sitting_id, sitting_label, how, standing, value, grade, passed, source,"
    " evidence, version, supersedes_id, previous, recorded_at, agency_code"
)


@dataclass(frozen=True)
class StagedRow:
    """One row of a change list; a later version names the score that it replaces and that score's leaf."""

    candidate_id: int
    course_id: int
    sitting_label: str
    how: HowObtained
    value: int | None
    grade: str
    passed: bool
    source: str
    agency_code: str
    standing: Standing = Standing.VALID
    sitting_id: int | None = None
    evidence: str = ""
    version: int = 1
    supersedes_id: int | None = None
    previous: bytes | None = None


def open_list(kind: ListKind, subject: str, title: str, *, agency_code: str, by: Actor, at: datetime) -> ChangeList:
    """An empty list; `finish_list` when its rows are there."""
    return ChangeList.objects.create(
        kind=kind,
        subject=subject,
        title=title,
        state=ListState.STAGED,
        count=0,
        digest=bytes(32),
        root=bytes(32),
        staged_at=at,
        staged_by=by.account_id,
        agency_code=agency_code,
    )


def finish_list(opened: ChangeList) -> ChangeList:
    """Count and digest the rows: what is approved from here on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), archive.digest_of(%s) FROM archive.staged WHERE list_id = %s", [opened.pk, opened.pk]
        )
        opened.count, digest = cursor.fetchone()
    opened.digest, opened.root = digest or bytes(32), root_of_list(opened.pk)
    opened.save(update_fields=["count", "digest", "root"])
    return opened


def stage(
    kind: ListKind,
    subject: str,
    title: str,
    rows: Iterable[StagedRow],
    *,
    agency_code: str,
    by: Actor,
    at: datetime,
) -> ChangeList:
    """A whole list from rows, inside a command."""
    opened = open_list(kind, subject, title, agency_code=agency_code, by=by, at=at)
    with connection.cursor() as cursor:  # by way of a temporary table: COPY is refused under row security
        cursor.execute(f"CREATE TEMPORARY TABLE zikao_list AS SELECT {COLUMNS} FROM archive.staged WITH NO DATA")  # noqa: S608
        with cursor.copy(f"COPY pg_temp.zikao_list ({COLUMNS}) FROM STDIN") as copy:
            for line, row in enumerate(rows, 1):
                copy.write_row((opened.pk, line, *_values(row, at)))
        cursor.execute(f"INSERT INTO archive.staged ({COLUMNS}) SELECT {COLUMNS} FROM pg_temp.zikao_list ORDER BY line")  # noqa: S608
        cursor.execute("DROP TABLE pg_temp.zikao_list")
    return finish_list(opened)


def _values(row: StagedRow, at: datetime) -> tuple[object, ...]:
    return (
        *(row.candidate_id, row.course_id, row.sitting_id, row.sitting_label, row.how.value, row.standing.value),
        *(row.value, row.grade, row.passed, row.source, row.evidence, row.version, row.supersedes_id, row.previous),
        *(at, row.agency_code),
    )
