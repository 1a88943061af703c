"""The way of a transfer out and of a transfer in, and the electronic file between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import TextChoices


class Direction(TextChoices):
    OUT = "out", "转出"
    IN = "in", "转入"


class MoveState(TextChoices):
    APPLIED = "applied", "已申请"
    ACCEPTED = "accepted", "已同意"
    REFUSED = "refused", "不同意"


MOVE_TRANSITIONS: dict[MoveState, frozenset[MoveState]] = {
    MoveState.APPLIED: frozenset({MoveState.ACCEPTED, MoveState.REFUSED}),
    MoveState.ACCEPTED: frozenset(),
    MoveState.REFUSED: frozenset(),
}


class TransferState(TextChoices):
    APPLIED = "applied", "已申请"
    CONFIRMED = "confirmed", "已现场确认"
    UPLOADED = "uploaded", "已上传转考平台"
    RECEIVED = "received", "已接收"
    REVIEWED = "reviewed", "已审核"
    SIGNED = "signed", "已签字，待成绩归档"
    COMPLETED = "completed", "转考完成"
    REFUSED = "refused", "不予转考"
    WITHDRAWN = "withdrawn", "已撤回"


TRANSITIONS: dict[TransferState, frozenset[TransferState]] = {
    TransferState.APPLIED: frozenset({TransferState.CONFIRMED, TransferState.WITHDRAWN}),
    TransferState.CONFIRMED: frozenset({TransferState.UPLOADED, TransferState.WITHDRAWN}),
    TransferState.UPLOADED: frozenset({TransferState.COMPLETED, TransferState.REFUSED}),
    TransferState.RECEIVED: frozenset({TransferState.REVIEWED, TransferState.REFUSED}),
    TransferState.REVIEWED: frozenset({TransferState.SIGNED, TransferState.COMPLETED, TransferState.REFUSED}),
    TransferState.SIGNED: frozenset({TransferState.COMPLETED}),
    TransferState.COMPLETED: frozenset(),
    TransferState.REFUSED: frozenset(),
    TransferState.WITHDRAWN: frozenset(),
}
OUT_PATH = (TransferState.APPLIED, TransferState.CONFIRMED, TransferState.UPLOADED, TransferState.COMPLETED)
IN_PATH = (TransferState.RECEIVED, TransferState.REVIEWED, TransferState.SIGNED, TransferState.COMPLETED)
CLOSED = (TransferState.COMPLETED, TransferState.REFUSED, TransferState.WITHDRAWN)
REFUSING_CLAUSES = ("SR-A2.3.2", "SR-A2.3.3", "SR-A2.3.4", "SR-A2.3.5", "SR-A2.3.6", "SR-A2.4.1", "SR-A2.4.4")
"""The rules that a received file or its candidate can break; 2.4.4: did not come to confirm in person."""


class Way(TextChoices):
    """转入方式 of annex table 2."""

    ORIGINAL = "original", "原成绩转入"
    SUBSTITUTION = "substitution", "替换转入"
    NONE = "none", "不转入"


@dataclass(frozen=True)
class MovingScore:
    """A passing score in a transfer file: course, credits, mark or word, when and how it was obtained."""

    course_code: str
    course: str
    credits: int
    sitting_label: str
    how: str
    value: int | None = None
    grade: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The fields, for the file."""
        return asdict(self)


@dataclass(frozen=True)
class OutFacts:
    """What the law asks before a candidate may leave."""

    passes_at_destination: int
    suspended: bool
    graduation_delayed: bool
    plan_completed: bool
    transferred_in_months_ago: int | None
    other_open: bool


@dataclass(frozen=True)
class TransferFileData:
    """The electronic file that goes over the platform."""

    number: str
    name: str
    sex: str
    born_on: str
    id_number: str
    origin: str
    origin_admission_number: str
    destination: str
    destination_admission_number: str
    major_code: str
    destination_major_code: str
    scores: tuple[MovingScore, ...]
    integrity: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The fields, for the message."""
        return asdict(self)

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> TransferFileData:
        """The file read back from a message."""
        scores = tuple(MovingScore(**score) for score in fields["scores"])
        return cls(**{**fields, "scores": scores, "integrity": tuple(fields["integrity"])})
