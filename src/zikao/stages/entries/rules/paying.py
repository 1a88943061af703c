"""The law of paying: how much, how long a place is kept, what becomes of money, and what goes back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

FIRST_DAY = date(2020, 9, 27)

AMOUNT = Rule("entries.amount", title="缴费金额与所报课程一致")
FEE = Rule[int]("entries.fee", title="一门课程的考试费（分）")
HOLD = Rule[datetime]("entries.hold", title="名额保留到什么时候")
REFUND = Rule[int]("entries.refund", title="退报一门课程退多少（分）")
MONEY = Rule[str]("entries.money", title="到款怎么处理")
NOTICE = Rule("entries.notice", title="支付通知的受理")
TWO_PEOPLE = Rule("entries.two-people", title="对账差异由两人处理")


@AMOUNT.version("EA-13.2", since=FIRST_DAY)
def _(*, amount_fen: int, due_fen: int) -> Decision:
    return all_of(
        decide("EA-13.2", due_fen > 0, "nothing-to-pay"),
        decide("EA-13.2", amount_fen == due_fen, "amount-differs", paid=yuan(amount_fen), due=yuan(due_fen)),
    )


@FEE.version("EA-13.2", since=FIRST_DAY)
def _(*, province: str, on: date) -> int:
    fee: int = parameter("entry-fee").on(on, province=province)
    return fee


@HOLD.version("EA-13.2", since=FIRST_DAY)
def _(*, at: datetime, closes_at: datetime, is_online: bool, province: str, on: date) -> datetime:
    minutes = parameter("entry-hold-minutes").on(on, province=province)
    return min(at + timedelta(minutes=minutes), closes_at) if is_online else closes_at


@REFUND.version("EA-13.2", since=FIRST_DAY)
def _(*, paid_fen: int, province: str, by_correction: bool = False, on: date) -> int:
    """What was entered for another time, or for a course that is no longer held, goes back whole."""
    if by_correction:
        return paid_fen
    percent: int = parameter("withdrawal-refund-percent").on(on, province=province)
    return paid_fen * percent // 100


@MONEY.version("EA-13.2", since=FIRST_DAY)
def _(*, same_amount: bool, order: str, frozen: bool, place_left: bool) -> str:
    """What becomes of money for an order in this state: pay, review, or refund for a reason."""
    if not same_amount:
        return "review"
    if frozen:
        return "list-frozen"
    if order in ("pending", "confirming"):
        return "pay" if place_left else "no-place"
    if order == "released":
        return "pay" if place_left else "no-place"
    return "order-ended" if order == "cancelled" else "paid-twice"


@NOTICE.version("EA-13.2", since=FIRST_DAY)
def _(*, genuine: bool, heard: bool, age: timedelta, on: date) -> Decision:
    minutes = parameter("gateway-notice-minutes").on(on)
    fresh = abs(age) <= timedelta(minutes=minutes)
    return all_of(
        decide("EA-13.2", genuine, "notice-forged"),
        decide("EA-13.2", not genuine or fresh, "notice-stale", minutes=minutes),
        decide("EA-13.2", not genuine or not fresh or not heard, "notice-replayed"),
    )


@TWO_PEOPLE.version("EA-13.2", since=FIRST_DAY)
def _(*, proposer: int | None, confirmer: int | None) -> Decision:
    return all_of(
        decide("EA-13.2", confirmer is not None, "confirmer-without-account"),
        decide("EA-13.2", confirmer is None or confirmer != proposer, "confirmer-is-proposer"),
    )


def yuan(fen: int) -> str:
    """Fen as yuan with two places."""
    return f"{fen // 100}.{fen % 100:02d}"
