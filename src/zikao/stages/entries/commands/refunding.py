"""Refunds: what the gateway made of them, what was handed back at the counter, and money that a person looked at."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.errors import NotFound, WrongState
from zikao.foundation.regulation import parameter
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.entries import policies, queries
from zikao.stages.entries.commands.holding import move_order, owe_back
from zikao.stages.entries.models import Order, Payment, Refund
from zikao.stages.entries.states import (
    REFUND_TRANSITIONS,
    OrderState,
    PaymentState,
    PaymentWay,
    RefundReason,
    RefundState,
)


@command(writes="entries.refund-answered", clauses=("EA-13.2",), posts=policies.GATEWAY_POSTS)
def note_refund(*, refund_id: int, answer: RefundState, by: Actor, at: datetime) -> Outcome[Refund]:
    """Note what the gateway answered to a refund; one that has no end after many tries is for a person to look at.

    Source:  EA-13.2
    Writes:  entries.refund-answered
    Raises:  NotPermitted, NotFound, WrongState
    """
    refund = _locked(by, refund_id)
    before = snapshot(refund)
    refund.asked_at, refund.asked_times = at, refund.asked_times + 1
    if answer == RefundState.SENT and refund.asked_times >= parameter("gateway-refund-tries").on(local_day(at)):
        answer = RefundState.STUCK
    _moved(refund, answer, at)
    return Outcome(refund, before=before, facts={"refund": refund.number, "state": refund.state})


@command(writes="entries.refund-retried", clauses=("EA-13.2",), posts=policies.MONEY_KEEPERS)
def retry_refund(*, refund_id: int, by: Actor, at: datetime) -> Outcome[Refund]:
    """Ask the gateway once more for a refund that was stuck, under the same number.

    Source:  EA-13.2
    Writes:  entries.refund-retried
    Raises:  NotPermitted, NotFound, WrongState
    """
    refund = _locked(by, refund_id)
    before = snapshot(refund)
    check_transition(REFUND_TRANSITIONS, RefundState(refund.state), RefundState.DUE)
    refund.state, refund.asked_at, refund.asked_times = RefundState.DUE, None, 0
    refund.save()
    return Outcome(refund, before=before, facts={"refund": refund.number})


@command(writes="entries.refund-handed-out", clauses=("EA-13.2",), posts=policies.PAYMENT_TAKERS)
def hand_out_refund(*, refund_id: int, voucher: str, by: Actor, at: datetime) -> Outcome[Refund]:
    """Record that money taken at the counter or in a list was handed back, with the number of its voucher.

    Source:  EA-13.2
    Writes:  entries.refund-handed-out
    Raises:  NotPermitted, NotFound, WrongState (paid by the gateway, or done)
    """
    refund = _locked(by, refund_id)
    if refund.payment.way == PaymentWay.GATEWAY and refund.state != RefundState.STUCK:
        raise WrongState(
            "refund-by-gateway",
            message="网上支付的款项原路退回，不在窗口退款。",
            remedy="请等待支付渠道退款；转为人工核对后才可以在窗口办理。",
            clause="EA-13.2",
        )
    before = snapshot(refund)
    refund.voucher = voucher
    _moved(refund, RefundState.DONE, at)
    return Outcome(refund, before=before, facts={"refund": refund.number, "voucher": voucher})


@command(writes="entries.reviewed-refunded", clauses=("EA-13.2",), posts=policies.MONEY_KEEPERS)
def refund_reviewed(*, order_number: str, reason: str, by: Actor, at: datetime) -> Outcome[Order]:
    """Send back the money of an order that a person looked at: an amount that is not what was asked pays nothing.

    Source:  EA-13.2
    Writes:  entries.reviewed-refunded
    Raises:  NotPermitted, NotFound, WrongState (nothing to look at)
    """
    found = queries.order_of(by, order_number)
    access_candidate(by, found.candidate_id, lock=True)
    order = Order.objects.select_for_update().get(pk=found.pk)
    before = snapshot(order)
    money = list(order.payments.select_for_update().filter(state=PaymentState.REVIEW))
    if not money:
        raise WrongState("nothing-in-review", message="这一订单没有需要核对的款项。", remedy="请刷新页面查看最新状态。")
    for payment in money:
        owe_back(payment, payment.amount_fen, RefundReason.SETTLED, at)
    if order.state == OrderState.REVIEW:
        move_order(order, OrderState.REFUNDING)
    return Outcome(order, before=before, facts={"order": order.number, "reason": reason, "payments": len(money)})


def _locked(by: Actor, refund_id: int) -> Refund:
    found = Refund.objects.filter(pk=refund_id).select_related("payment").first()
    if found is None:
        raise NotFound("refund-not-found", facts={"refund": refund_id})
    access_candidate(by, found.payment.candidate_id, lock=True)
    return Refund.objects.select_for_update(of=("self",)).select_related("payment").get(pk=refund_id)


def _moved(refund: Refund, state: RefundState, at: datetime) -> None:
    if refund.state != state:
        check_transition(REFUND_TRANSITIONS, RefundState(refund.state), state)
    refund.state = state
    if state == RefundState.DONE:
        refund.done_at = at
    refund.save()
    if state == RefundState.DONE:
        _settled(refund.payment)


def _settled(payment: Payment) -> None:
    """When nothing is due any more: the payment is refunded, or paid still for what was kept of it."""
    if payment.refunds.exclude(state=RefundState.DONE).exists():
        return
    whole = payment.refund_fen == payment.amount_fen
    payment.state = PaymentState.REFUNDED if whole else PaymentState.PAID
    payment.save(update_fields=["state"])
    order = payment.order
    if order is not None and order.state == OrderState.REFUNDING:
        waiting = Refund.objects.filter(payment__order=order).exclude(state=RefundState.DONE)
        if not waiting.exists():
            move_order(order, OrderState.REFUNDED)
