"""Many persons at once: every row is checked as at the counter, and one bad row stops them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from secrets import token_hex
from typing import Any

from django.db import connection

from zikao.foundation import storage
from zikao.foundation.access.states import AccountKind
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command, copied_in
from zikao.foundation.crypto import index_of, sm3
from zikao.foundation.errors import BadInput
from zikao.stages.candidates import policies
from zikao.stages.candidates.commands.numbers import take_numbers
from zikao.stages.candidates.commands.places import check_period
from zikao.stages.candidates.commands.rows import row_problems
from zikao.stages.candidates.models import ADDRESS, ID_NUMBER, PHONE
from zikao.stages.candidates.portraits import media_type
from zikao.stages.candidates.states import BulkRow, CandidateState, Numbered, RowProblem
from zikao.stages.programmes import queries as programmes
from zikao.stages.programmes.models import Major, Sitting

_CANDIDATE_COLUMNS = (
    "id, admission_number, name, sex, born_on, ethnic, id_number_sealed, id_number_index, phone_sealed, "
    "address_sealed, portrait, agency_code, major_id, first_sitting_id, rules_accepted_at, "
    "fee_fen, registered_at, state, document_kind"
)
_ACCOUNT_COLUMNS = "username, name, kind, agency_code, candidate_id, password, created_at, is_active"
_IDS = "SELECT nextval(pg_get_serial_sequence('candidates_candidate', 'id')) FROM generate_series(1, %s)"


class RowsRefused(BadInput):
    """Rows that cannot be registered, each with line, column and reason; nothing was imported."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        self.problems = tuple(problems)
        lines = len({problem.line for problem in problems})
        super().__init__(
            "rows-refused",
            field_errors={f"第 {each.line} 行 {each.column}": each.reason for each in problems[:50]},
            facts={"lines": lines, "problems": len(problems)},
            message=f"有 {lines} 行不能登记，全部未导入。",
            remedy="请按清单逐行改正后重新导入整个文件。",
        )


@command(
    writes="candidates.registered-in-bulk",
    clauses=("EA-12.1", "EA-12.3", "EA-13.1", "EA-14", "EA-A1.1"),
    posts=policies.BULK_REGISTRARS,
)
def register_many(
    *, rows: Sequence[BulkRow], sitting_code: str, key: str | None = None, by: Actor, at: datetime
) -> Outcome[list[Numbered]]:
    """Register many persons whose papers were taken at the counter; numbers run in the order of the rows, by county.

    The counties vouch with the import that the rules were accepted on paper. Accounts are opened with the row's
    password hash, or unusable. Nothing is registered when one row has a problem. The node itself takes over a former
    register at any time; people import within the period of registration.

    Source:  EA-12, EA-13.1, EA-14, EA-A1.1
    Writes:  candidates.registered-in-bulk
    Raises:  NotPermitted, NotFound (sitting), RowsRefused, Refused (serials exhausted)
    """
    day = local_day(at)
    sitting = programmes.sitting(sitting_code)
    if by.post != Post.NODE:
        check_period(sitting, at)
    problems = row_problems(rows, by, day)
    if problems:
        raise RowsRefused(problems)
    numbered = _numbered(rows, sitting, day)
    _copy(rows, numbered, sitting, at)
    counties = Counter(row.county_code for row in rows)
    digest = sm3("\n".join(f"{each.candidate_id},{each.admission_number}" for each in numbered).encode()).hex()
    facts = {"count": len(rows), "counties": len(counties), "digest": digest}
    return Outcome(numbered, on=f"sitting:{sitting_code}", facts=facts)


def _numbered(rows: Sequence[BulkRow], sitting: Sitting, day: date) -> list[Numbered]:
    numbers = take_numbers(Counter(row.county_code for row in rows), sitting, day)
    queues = {county: iter(run) for county, run in numbers.items()}
    with connection.cursor() as cursor:
        cursor.execute(_IDS, [len(rows)])
        ids = [row[0] for row in cursor.fetchall()]
    return [
        Numbered(row.line, candidate_id, next(queues[row.county_code]))
        for row, candidate_id in zip(rows, ids, strict=True)
    ]


def _copy(rows: Sequence[BulkRow], numbered: Sequence[Numbered], sitting: Sitting, at: datetime) -> None:
    majors = dict(Major.objects.values_list("code", "id"))
    digests = _portraits_kept(rows, at)  # before the COPY: nothing else may use the connection while it runs
    copied_in(
        "candidates_candidate",
        _CANDIDATE_COLUMNS,
        (
            _candidate(row, each, majors[row.applicant.major_code], sitting.pk, digests[row.applicant.portrait], at)
            for row, each in zip(rows, numbered, strict=True)
        ),
    )
    copied_in(
        "access_account",
        _ACCOUNT_COLUMNS,
        (_account(row, each, at) for row, each in zip(rows, numbered, strict=True)),
    )


def _portraits_kept(rows: Sequence[BulkRow], at: datetime) -> dict[bytes | None, str]:
    kept: dict[bytes | None, str] = {}
    pictures = {row.applicant.portrait for row in rows if row.applicant.portrait}
    for kind in sorted({media_type(picture) for picture in pictures}):
        some = [picture for picture in pictures if media_type(picture) == kind]
        kept.update(zip(some, storage.put_many(some, media_type=kind, at=at), strict=True))
    return kept


def _candidate(
    row: BulkRow, each: Numbered, major_id: int, sitting_id: int, portrait: str, at: datetime
) -> tuple[Any, ...]:
    person = row.applicant
    return (
        each.candidate_id,
        each.admission_number,
        person.name,
        person.sex,
        person.born_on,
        person.ethnic,
        ID_NUMBER.seal(person.id_number, each.candidate_id),
        index_of(person.id_number),
        PHONE.seal(person.phone, each.candidate_id) if person.phone else None,
        ADDRESS.seal(person.address, each.candidate_id) if person.address else None,
        portrait,
        row.county_code,
        major_id,
        sitting_id,
        at,
        person.fee_fen,
        at,
        CandidateState.REGISTERED.value,
        person.document_kind,
    )


def _account(row: BulkRow, each: Numbered, at: datetime) -> tuple[Any, ...]:
    password = row.applicant.password_hash or f"!{token_hex(20)}"
    return (
        each.admission_number,
        row.applicant.name,
        AccountKind.CANDIDATE.value,
        row.county_code,
        each.candidate_id,
        password,
        at,
        True,
    )
