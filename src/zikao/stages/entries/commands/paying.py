"""Payments recorded: each order once, however often the notice comes, and only where the sums agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import BadInput, Conflict
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.entries import policies, queries
from zikao.stages.entries.commands.holding import OVERSOLD, end_open_order, owe_back, taking_places
from zikao.stages.entries.commands.locks import window_shared
from zikao.stages.entries.models import Entry, EntryWindow, Order, Payment
from zikao.stages.entries.rules import AMOUNT
from zikao.stages.entries.states import (
    OPEN_ORDERS,
    EntryState,
    OrderState,
    PaymentRow,
    PaymentWay,
    RefundReason,
    WindowState,
)


@command(writes="entries.paid", clauses=("EA-13.2",), posts=policies.PAYMENT_TAKERS)
def record_payment(
    *, candidate_id: int, sitting_code: str, order_number: str, amount_fen: int, by: Actor, at: datetime
) -> Outcome[Payment]:
    """Record money taken for all of a candidate's unpaid entries of a sitting: cash, transfer, a list's order.

    `order_number` is the voucher's. A repeated notice gives the same payment and changes nothing. Money that comes
    after the list is frozen is recorded as due back in full: no entry changes. An open order online is cancelled.

    Source:  EA-13.2
    Writes:  entries.paid
    Raises:  NotPermitted, NotFound, Refused (amount, no place left), Conflict (number used for something else)
    """
    candidate = access_candidate(by, candidate_id, lock=True)
    window = window_shared(sitting_code)
    facts = {"candidate": candidate_id, "sitting": sitting_code, "order": order_number, "fen": amount_fen}
    earlier = queries.recorded([order_number]).get(order_number)
    if earlier is not None:
        _check_same(earlier, PaymentRow(candidate_id, order_number, amount_fen), window.sitting_id)
        return Outcome(earlier, facts={**facts, "repeated": True})
    way = PaymentWay.COUNTER if by.post in policies.COUNTER else PaymentWay.LIST
    payment = _recorded(candidate, window, (order_number, amount_fen, way), at)
    return Outcome(payment, facts={**facts, "state": payment.state})


def _check_same(earlier: Payment, row: PaymentRow, sitting_id: int) -> None:
    if not queries.is_same(earlier, row, sitting_id):
        raise Conflict(
            "order-number-used",
            facts={"order": earlier.order_number},
            message="这个订单号已经用于另一笔缴费。",
            remedy="请核对订单号；确属重复扣款的，由支付渠道原路退回。",
        )


def _recorded(candidate: Candidate, window: EntryWindow, money: tuple[str, int, PaymentWay], at: datetime) -> Payment:
    is_late = window.state == WindowState.CLOSED
    number, amount_fen, way = money
    unpaid = list(queries.unpaid(candidate.pk, window.sitting_id))
    if not is_late:
        due_fen = sum(entry.fee_fen for entry in unpaid)
        AMOUNT(on=local_day(at), amount_fen=amount_fen, due_fen=due_fen).require()
    facts = {"sitting_id": window.sitting_id, "order_number": number, "amount_fen": amount_fen, "way": way}
    try:
        with transaction.atomic():
            payment = Payment.objects.create(candidate=candidate, paid_at=at, **facts)
    except IntegrityError:
        raise Conflict("order-number-used", message="这个订单号已经用于另一笔缴费。") from None
    if is_late:
        owe_back(payment, amount_fen, RefundReason.LIST_FROZEN, at)
        return payment
    end_open_order(candidate.pk, window.sitting_id)
    with taking_places(unpaid, at):
        rows = Entry.objects.filter(pk__in=[entry.pk for entry in unpaid])
        rows.update(state=EntryState.PAID, payment=payment, held_until=None)
    return payment


_PAY = """
WITH paid AS (
    SELECT * FROM unnest(%(people)s::bigint[], %(orders)s::text[], %(fens)s::int[]) AS p(person, number, fen)
),
made AS (
    INSERT INTO entries_payment (candidate_id, sitting_id, order_number, amount_fen, refund_fen, state, paid_at)
    SELECT person, %(sitting)s, number, fen, 0, 'paid', %(at)s FROM paid RETURNING id, candidate_id
)
UPDATE entries_entry e SET state = 'paid', payment_id = made.id, held_until = NULL FROM made
WHERE e.candidate_id = made.candidate_id AND e.sitting_id = %(sitting)s AND e.state = 'entered'
"""


@command(writes="entries.paid-in-bulk", clauses=("EA-13.2",), posts=policies.BULK_ENTERERS)
def record_payments(*, sitting_code: str, payments: Sequence[PaymentRow], by: Actor, at: datetime) -> Outcome[int]:
    """Record a payment provider's list of orders; gives the number of courses paid. One bad order stops the list.

    Orders recorded before are passed over. One order a candidate.

    Source:  EA-13.2
    Writes:  entries.paid-in-bulk
    Raises:  NotPermitted, NotFound, WrongState (frozen), BadInput (orders whose sum is not what is due), Conflict
    """
    window = window_shared(sitting_code)
    policies.check_window_open(window)
    policies.check_all_covered(by, {row.candidate_id for row in payments})
    new = _not_recorded(payments, window.sitting_id)
    columns = _columns(new, window, at)
    if len(set(columns["people"])) != len(new):
        raise BadInput("candidate-twice", message="同一名考生在清单中出现了不止一次。", remedy="请合并为一笔订单。")
    _locked(columns["people"])
    if different := queries.amounts_refused(new, window.sitting_id, at):
        raise BadInput(
            "amounts-differ",
            field_errors=dict(sorted(different.items())[:50]),
            message=f"有 {len(different)} 笔订单的金额与待缴合计不一致，全部未记账。",
            remedy="请与支付渠道对账，改正后重新导入。",
            clause="EA-13.2",
        )
    open_orders = Order.objects.filter(candidate_id__in=columns["people"], sitting_id=window.sitting_id)
    open_orders.filter(state__in=OPEN_ORDERS).update(state=OrderState.CANCELLED)
    with connection.cursor() as cursor:
        courses = _paid(cursor, columns)
    facts = {"orders": len(new), "courses": courses, "fen": sum(columns["fens"])}
    return Outcome(courses, on=f"sitting:{sitting_code}", facts=facts)


def _columns(new: Sequence[PaymentRow], window: EntryWindow, at: datetime) -> dict[str, Any]:
    return {
        "people": [row.candidate_id for row in new],
        "orders": [row.order_number for row in new],
        "fens": [row.amount_fen for row in new],
        "sitting": window.sitting_id,
        "at": at,
    }


def _locked(candidate_ids: Sequence[int]) -> None:
    """Nobody enters, pays or withdraws for these candidates until this transaction ends."""
    rows = Candidate.objects.filter(pk__in=candidate_ids).order_by("pk").select_for_update(of=("self",))
    list(rows.values_list("pk", flat=True))


def _paid(cursor: CursorWrapper, columns: dict[str, Any]) -> int:
    try:
        with transaction.atomic():
            cursor.execute(_PAY, columns)
    except IntegrityError as error:
        if OVERSOLD not in str(error):
            raise
        raise Conflict(
            "places-contended",
            message="清单中有订单的名额已经释放，而且考区已满，全部未记账。",
            remedy="请逐笔登记，满额的订单退款。",
            clause="EA-13.2",
        ) from error
    return int(cursor.rowcount)


def _not_recorded(payments: Sequence[PaymentRow], sitting_id: int) -> list[PaymentRow]:
    known = queries.recorded([row.order_number for row in payments])
    for row in payments:
        if row.order_number in known:
            _check_same(known[row.order_number], row, sitting_id)
    return [row for row in payments if row.order_number not in known]
