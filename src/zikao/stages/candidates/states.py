"""States and plain values of a candidate, and of what hangs on one."""

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
    CandidateState.CARD_ISSUED: frozenset(
        {CandidateState.REGISTERED, CandidateState.TRANSFERRED, CandidateState.CLOSED}  # back: the card is made anew
    ),
    CandidateState.TRANSFERRED: frozenset(),
    CandidateState.CLOSED: frozenset(),
}

IN_REGISTER = frozenset({CandidateState.REGISTERED, CandidateState.CARD_ISSUED})
"""A candidate in one of these states may enter, sit and hold scores here."""


class Sex(TextChoices):
    MALE = "1", "男"
    FEMALE = "2", "女"


class DocumentKind(TextChoices):
    RESIDENT = "resident", "居民身份证"
    RESIDENCE_PERMIT = "residence-permit", "港澳台居民居住证"
    HK_MACAO_PERMIT = "hk-macao-permit", "港澳居民来往内地通行证"
    TAIWAN_PERMIT = "taiwan-permit", "台湾居民来往大陆通行证"
    PASSPORT = "passport", "中国护照"
    MILITARY = "military", "军人身份证件"


class AccountState(TextChoices):
    AWAITING = "awaiting", "待报送中心"
    ASKED = "asked", "已报送，待中心答复"
    LINKED = "linked", "已并入学习账户"


class QueueState(TextChoices):
    DRAFT = "draft", "填写中"
    QUEUED = "queued", "已提交，待现场确认"
    CALLED = "called", "正在办理"
    REGISTERED = "registered", "已注册"
    RETURNED = "returned", "退回修改"
    STOPPED = "stopped", "已停止"
    WITHDRAWN = "withdrawn", "已撤回"
    LAPSED = "lapsed", "逾期作废"


_ENDS = frozenset({QueueState.STOPPED, QueueState.WITHDRAWN, QueueState.LAPSED})
QUEUE_TRANSITIONS: dict[QueueState, frozenset[QueueState]] = {
    QueueState.DRAFT: frozenset({QueueState.QUEUED}) | _ENDS,
    QueueState.QUEUED: frozenset({QueueState.CALLED, QueueState.RETURNED}) | _ENDS,
    QueueState.CALLED: frozenset({QueueState.REGISTERED, QueueState.RETURNED, QueueState.QUEUED}) | _ENDS,
    QueueState.RETURNED: frozenset({QueueState.QUEUED}) | _ENDS,
    **{ended: frozenset() for ended in (QueueState.REGISTERED, *_ENDS)},
}
OPEN_TO_ANSWERS = frozenset({QueueState.DRAFT, QueueState.RETURNED})
IN_QUEUE = frozenset({QueueState.QUEUED, QueueState.CALLED})


class AccommodationState(TextChoices):
    APPLIED = "applied", "已申请，待决定"
    GRANTED = "granted", "已同意"
    REFUSED = "refused", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"


ACCOMMODATION_TRANSITIONS: dict[AccommodationState, frozenset[AccommodationState]] = {
    AccommodationState.APPLIED: frozenset(
        {AccommodationState.GRANTED, AccommodationState.REFUSED, AccommodationState.WITHDRAWN}
    ),
    AccommodationState.GRANTED: frozenset({AccommodationState.WITHDRAWN}),
    AccommodationState.REFUSED: frozenset(),
    AccommodationState.WITHDRAWN: frozenset(),
}


class IdentityState(TextChoices):
    PROPOSED = "proposed", "逐级审批中"
    DONE = "done", "已更正"
    REFUSED = "refused", "未批准"


class IntegrityKind(TextChoices):
    VIOLATION = "violation", "违规处理"
    SUSPENSION = "suspension", "停考"
    CORRECTION = "correction", "更正"


class ReissueReason(TextChoices):
    LOST = "lost", "遗失"
    DAMAGED = "damaged", "损毁"
    OUT_OF_DATE = "out-of-date", "所载信息已更正"


class SuspensionSource(TextChoices):
    DECISION = "decision", "本省处理决定"
    NATIONAL = "national", "国家库同步"


@dataclass(frozen=True)
class Applicant:
    """What a person brings to the counter at a first registration.

    `portrait` is the picture file (JPEG or PNG); `fee_fen` what was paid, in fen; `ethnic` a code of GB/T 3304;
    `shown` what was shown for a major with a condition of its own (a code of `programmes.states.Evidence`).
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
    document_kind: str = DocumentKind.RESIDENT.value
    shown: str = ""


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


@dataclass(frozen=True)
class Granted:
    """What a candidate with a disability has been granted for a day (EA-52).

    `kinds` are the codes of `accommodation-kinds`; `extra_percent` is added to a paper's minutes.
    """

    kinds: frozenset[str]
    extra_percent: int
    number: str

    @property
    def large_print(self) -> bool:
        return "large-print" in self.kinds

    @property
    def braille(self) -> bool:
        return "braille" in self.kinds

    @property
    def separate_room(self) -> bool:
        return "separate-room" in self.kinds

    @property
    def assistance(self) -> bool:
        return "assistance" in self.kinds

    def extra_minutes(self, paper_minutes: int) -> int:
        """The minutes to add to a paper of so many, rounded up to a whole minute."""
        return -(-paper_minutes * self.extra_percent // 100)


@dataclass(frozen=True)
class ListedCandidate:
    """A row of an institution's list as it was handed in; without a name, the number alone is looked for."""

    line: int
    number: str
    name: str
