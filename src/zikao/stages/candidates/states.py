"""States and plain values of a candidate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices


class CandidateState(TextChoices):
    REGISTERED = "registered", "已注册"
    CARD_ISSUED = "card-issued", "已领准考证"
    TRANSFERRED = "transferred", "已转出"
    CLOSED = "closed", "已注销"


TRANSITIONS: dict[CandidateState, frozenset[CandidateState]] = {
    CandidateState.REGISTERED: frozenset(
        {CandidateState.CARD_ISSUED, CandidateState.TRANSFERRED, CandidateState.CLOSED}
    ),
    CandidateState.CARD_ISSUED: frozenset({CandidateState.TRANSFERRED, CandidateState.CLOSED}),
    CandidateState.TRANSFERRED: frozenset(),
    CandidateState.CLOSED: frozenset(),
}

IN_REGISTER = frozenset({CandidateState.REGISTERED, CandidateState.CARD_ISSUED})
"""A candidate in one of these states may enter, sit and hold scores here."""


class Sex(TextChoices):
    MALE = "1", "男"
    FEMALE = "2", "女"


class IntegrityKind(TextChoices):
    VIOLATION = "violation", "违规处理"
    SUSPENSION = "suspension", "停考"
    CORRECTION = "correction", "更正"


class SuspensionSource(TextChoices):
    DECISION = "decision", "本省处理决定"
    NATIONAL = "national", "国家库同步"


@dataclass(frozen=True)
class Applicant:
    """What a person brings to the counter at a first registration.

    `portrait` is the picture file (JPEG or PNG); `fee_fen` what was paid, in fen; `ethnic` a code of GB/T 3304.
    """

    name: str
    sex: str
    born_on: date
    id_number: str
    major_code: str
    ethnic: str = "01"
    phone: str = ""
    address: str = ""
    portrait: bytes | None = None
    fee_fen: int = 0
    is_military: bool = False
    password_hash: str = ""


@dataclass(frozen=True)
class BulkRow:
    """An applicant on a line of an import (the header is line 1), and the county that registers them."""

    line: int
    county_code: str
    applicant: Applicant


@dataclass(frozen=True)
class Numbered:
    """What a bulk registration gave to a line."""

    line: int
    candidate_id: int
    admission_number: str


@dataclass(frozen=True)
class RowProblem:
    """One thing wrong in one cell of an import: the line counts from 1 with the header as line 1."""

    line: int
    column: str
    reason: str
