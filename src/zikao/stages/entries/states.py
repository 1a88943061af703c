"""States and plain values of entering and paying."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class WindowState(TextChoices):
    OPEN = "open", "开放"
    CLOSED = "closed", "已截止并封存"


WINDOW_TRANSITIONS: dict[WindowState, frozenset[WindowState]] = {
    WindowState.OPEN: frozenset({WindowState.CLOSED}),
    WindowState.CLOSED: frozenset(),
}


class EntryState(TextChoices):
    ENTERED = "entered", "已报考未缴费"
    PAID = "paid", "已缴费"
    WITHDRAWN = "withdrawn", "已退报"


ENTRY_TRANSITIONS: dict[EntryState, frozenset[EntryState]] = {
    EntryState.ENTERED: frozenset({EntryState.PAID, EntryState.WITHDRAWN}),
    EntryState.PAID: frozenset({EntryState.WITHDRAWN}),
    EntryState.WITHDRAWN: frozenset(),
}


class PaymentState(TextChoices):
    PAID = "paid", "缴费成功"
    REFUND_DUE = "refund-due", "待退费"
    REFUNDED = "refunded", "已退费"


@dataclass(frozen=True)
class CourseFacts:
    """What the law asks of one course that somebody wants to enter; pure, made by the queries.

    `after` is the course that should come first (none: null), `after_met` whether it is passed or entered too.
    """

    paper_id: int
    course_code: str
    course_name: str
    unit: int
    assess: str = "written"
    in_plan: bool = True
    passed: bool = False
    entered: bool = False
    after: str | None = None
    after_met: bool = True


@dataclass(frozen=True)
class EntryRow:
    """One wish of a bulk entry: who (by candidate id), which paper, in which area."""

    candidate_id: int
    paper_id: int
    area_code: str


@dataclass(frozen=True)
class PaymentRow:
    """One paid order of a bulk notice; the amount is in fen."""

    candidate_id: int
    order_number: str
    amount_fen: int


@dataclass(frozen=True)
class RefusedRow:
    """A row of a bulk entry that the law refused, with the code of the finding."""

    candidate_id: int
    paper_id: int
    code: str


@dataclass(frozen=True)
class BulkEntered:
    """What became of a bulk entry: the wishes add up to entered and refused."""

    entered: int
    refused: tuple[RefusedRow, ...]
