"""States and plain values of entering and paying."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices

LIST_VERSION = 2
"""Which lines a list is frozen with: since the second they tell the site wished for."""


class WindowState(TextChoices):
    OPEN = "open", "开放"
    CLOSED = "closed", "已截止并封存"


WINDOW_TRANSITIONS: dict[WindowState, frozenset[WindowState]] = {
    WindowState.OPEN: frozenset({WindowState.CLOSED}),
    WindowState.CLOSED: frozenset(),
}


ONLINE, ON_SITE = "网上报考", "现场报考"


def ways(*, online: bool, on_site: bool) -> frozenset[str]:
    """The ways of entering that are open."""
    return frozenset(way for way, is_open in ((ONLINE, online), (ON_SITE, on_site)) if is_open)


class EntryState(TextChoices):
    ENTERED = "entered", "已报考未缴费"
    PAID = "paid", "已缴费"
    WITHDRAWN = "withdrawn", "已退报"


ENTRY_TRANSITIONS: dict[EntryState, frozenset[EntryState]] = {
    EntryState.ENTERED: frozenset({EntryState.PAID, EntryState.WITHDRAWN}),
    EntryState.PAID: frozenset({EntryState.WITHDRAWN}),
    EntryState.WITHDRAWN: frozenset(),
}


COURSE_DROPPED = "考试安排更正，这门课程取消（或本专业不再开考）"
STILL_CLASHED = "考试安排更正后时间冲突，名册封存前没有处理"
TAKEN_BACK = frozenset({COURSE_DROPPED, STILL_CLASHED})
"""What `Entry.was_at` says of an entry that a correction ended."""


class Category(TextChoices):
    FIRST_TIME = "first-time", "首次报考考生"
    CONTINUING = "continuing", "非首次报考考生"
    MILITARY = "military", "军队考生"
    ASSISTED = "assisted", "已批准合理便利的考生"


class PaymentWay(TextChoices):
    GATEWAY = "gateway", "网上支付"
    COUNTER = "counter", "窗口收费"
    LIST = "list", "批量缴费清单"


class PaymentState(TextChoices):
    PAID = "paid", "缴费成功"
    REVIEW = "review", "需人工核对"
    REFUND_DUE = "refund-due", "待退费"
    REFUNDED = "refunded", "已退费"


class OrderState(TextChoices):
    PENDING = "pending", "待支付"
    CONFIRMING = "confirming", "支付确认中"
    PAID = "paid", "已支付"
    RELEASED = "released", "已超时释放"
    CANCELLED = "cancelled", "已取消"
    REFUNDING = "refunding", "退款中"
    REFUNDED = "refunded", "已退款"
    REVIEW = "review", "需人工核对"


_LATE_MONEY = frozenset({OrderState.REFUNDING, OrderState.REVIEW})
ORDER_TRANSITIONS: dict[OrderState, frozenset[OrderState]] = {
    OrderState.PENDING: _LATE_MONEY
    | {OrderState.CONFIRMING, OrderState.PAID, OrderState.RELEASED, OrderState.CANCELLED},
    OrderState.CONFIRMING: _LATE_MONEY
    | {OrderState.PENDING, OrderState.PAID, OrderState.RELEASED, OrderState.CANCELLED},
    OrderState.PAID: _LATE_MONEY,
    OrderState.RELEASED: _LATE_MONEY | {OrderState.PAID},
    OrderState.CANCELLED: _LATE_MONEY,
    OrderState.REFUNDING: frozenset({OrderState.REFUNDED, OrderState.REVIEW}),
    OrderState.REFUNDED: _LATE_MONEY,
    OrderState.REVIEW: frozenset({OrderState.REFUNDING}),
}
OPEN_ORDERS = (OrderState.PENDING, OrderState.CONFIRMING)


class RefundReason(TextChoices):
    WITHDRAWN = "withdrawn", "退报"
    PAID_TWICE = "paid-twice", "重复支付"
    NO_PLACE = "no-place", "名额已释放且考区已满"
    ORDER_ENDED = "order-ended", "报考变更后原订单到款"
    LIST_FROZEN = "list-frozen", "名册封存后到款"
    SETTLED = "settled", "人工核对后退款"
    CORRECTED = "corrected", "考试安排更正"


class RefundState(TextChoices):
    DUE = "due", "待退款"
    SENT = "sent", "退款处理中"
    DONE = "done", "已退款"
    STUCK = "stuck", "需人工核对"


REFUND_TRANSITIONS: dict[RefundState, frozenset[RefundState]] = {
    RefundState.DUE: frozenset({RefundState.SENT, RefundState.DONE, RefundState.STUCK}),
    RefundState.SENT: frozenset({RefundState.DONE, RefundState.STUCK}),
    RefundState.STUCK: frozenset({RefundState.DUE, RefundState.DONE}),
    RefundState.DONE: frozenset(),
}


class NoticeVerdict(TextChoices):
    ACCEPTED = "accepted", "已记账"
    REPEATED = "repeated", "重复通知，已记过"
    UNKNOWN = "unknown", "没有这一订单"
    REPLAYED = "replayed", "重放，不予受理"
    STALE = "stale", "签发过久，不予受理"
    FORGED = "forged", "签名不符，不予受理"
    MALFORMED = "malformed", "格式不符，不予受理"


class DifferenceKind(TextChoices):
    ONLY_OURS = "only-ours", "仅我方有"
    ONLY_THEIRS = "only-theirs", "仅支付方有"
    AMOUNT = "amount", "金额不一致"


class LineOutcome(TextChoices):
    MATCHED = "matched", "一致"
    ONLY_OURS = "only-ours", "仅我方有"
    ONLY_THEIRS = "only-theirs", "仅支付方有"
    AMOUNT = "amount", "金额不一致"


class DifferenceState(TextChoices):
    OPEN = "open", "待处理"
    PROPOSED = "proposed", "待第二人确认"
    SETTLED = "settled", "已处理"


class Settlement(TextChoices):
    EXPLAINED = "explained", "跨日或已查明，不需动账"
    REFUND = "refund", "原路退款"
    RECORD = "record", "补记到款"


class RateMode(TextChoices):
    MEASURED = "measured", "按实测自动"
    FIXED = "fixed", "人工设定"


@dataclass(frozen=True)
class CourseFacts:
    """What the law asks of one course that somebody wants to enter; pure, made by the queries.

    `after` says what still has to come first (nothing: null); `after_met` is false then.
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
class PeriodFacts:
    """A period of a window as the law sees it: for whom, in which ways, from when until when (exclusive)."""

    title: str
    categories: frozenset[str]
    ways: frozenset[str]
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Money:
    """A movement that the gateway tells: of which order, under which transaction number, how much, when."""

    order_number: str
    transaction: str
    amount_fen: int
    paid_at: datetime


@dataclass(frozen=True)
class EntryRow:
    """One wish of a bulk entry: who (by candidate id), which paper, in which area, and whether the pledge was signed.

    A pledge that is on record already need not be told again.
    """

    candidate_id: int
    paper_id: int
    area_code: str
    pledged: bool = False


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


@dataclass(frozen=True)
class ListedWish:
    """A row of a list of wishes as it was handed in; without an area the candidate's own is meant."""

    line: int
    number: str
    course: str
    area: str
    pledged: bool


@dataclass(frozen=True)
class ListedPayment:
    """A row of a list of fees paid as it was handed in; the amount is in fen."""

    line: int
    number: str
    order: str
    amount_fen: int
