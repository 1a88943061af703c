"""What the gateway tells is taken in: by signed call-back, or as its answer when it was asked. Once, in any order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import sm3
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.entries import policies
from zikao.stages.entries.commands.holding import OVERSOLD, move_order, owe_back
from zikao.stages.entries.commands.locks import window_shared
from zikao.stages.entries.gateway.signing import MalformedNotice, Notice, is_genuine, money_told
from zikao.stages.entries.models import Entry, GatewayNotice, Order, Payment
from zikao.stages.entries.rules import MONEY, NOTICE
from zikao.stages.entries.states import (
    EntryState,
    Money,
    NoticeVerdict,
    OrderState,
    PaymentState,
    PaymentWay,
    RefundReason,
    WindowState,
)

_REFUSED = {
    "notice-forged": NoticeVerdict.FORGED,
    "notice-stale": NoticeVerdict.STALE,
    "notice-replayed": NoticeVerdict.REPLAYED,
}
HEARD = (NoticeVerdict.ACCEPTED, NoticeVerdict.REPEATED, NoticeVerdict.UNKNOWN)


@command(writes="entries.gateway-heard", clauses=("EA-13.2",), posts=policies.GATEWAY_POSTS)
def hear_gateway(*, notice: Notice, address: str, by: Actor, at: datetime) -> Outcome[NoticeVerdict]:
    """Take in a call-back; a forged, replayed or stale one changes nothing but the log. Gives what was made of it.

    Source:  EA-13.2
    Writes:  entries.gateway-heard
    Raises:  NotPermitted
    """
    heard = GatewayNotice.objects.filter(nonce=notice.nonce[:64], verdict__in=HEARD).exists()
    age = at - notice.sent_at
    decision = NOTICE(on=local_day(at), genuine=is_genuine(notice), heard=heard, age=age)
    if not decision.granted:
        return _logged(notice, _REFUSED[decision.refusals[0].code], "", address, at)
    try:
        money = money_told(notice.body)
    except MalformedNotice:
        return _logged(notice, NoticeVerdict.MALFORMED, "", address, at)
    return _logged(notice, take_money(money, by, at), money.order_number, address, at)


def _logged(notice: Notice, verdict: NoticeVerdict, order: str, address: str, at: datetime) -> Outcome[NoticeVerdict]:
    digest = sm3(notice.body).hex()
    row = {"order_number": order, "digest": digest, "address": address[:45], "at": at}
    try:
        with transaction.atomic():
            GatewayNotice.objects.create(nonce=notice.nonce[:64], verdict=verdict, **row)
    except IntegrityError:  # the same call-back at the same moment: what the other one did stands
        verdict = NoticeVerdict.REPLAYED
        GatewayNotice.objects.create(nonce=notice.nonce[:64], verdict=verdict, **row)
    facts = {"verdict": verdict.value, "order": order, "digest": digest}
    return Outcome(verdict, on=_subject({order}), facts=facts)


@command(writes="entries.gateway-answered", clauses=("EA-13.2",), posts=policies.GATEWAY_POSTS)
def take_answer(*, money: Sequence[Money], by: Actor, at: datetime) -> Outcome[list[NoticeVerdict]]:
    """Take in what the gateway answered when it was asked about an order.

    Source:  EA-13.2
    Writes:  entries.gateway-answered
    Raises:  NotPermitted
    """
    verdicts = [take_money(each, by, at) for each in money]
    facts = {"orders": [each.order_number for each in money], "verdicts": [each.value for each in verdicts]}
    return Outcome(verdicts, on=_subject({each.order_number for each in money}), facts=facts)


def _subject(numbers: Collection[str]) -> str:
    """What a line is about: the one order that is ours, so that its page tells it, or the gateway."""
    found = list(Order.objects.filter(number__in=numbers).values_list("pk", flat=True)[:2])
    return f"entries.order:{found[0]}" if len(found) == 1 else "entries.gateway"


def take_money(money: Money, by: Actor, at: datetime) -> NoticeVerdict:
    """Take in a movement, once; the candidate's row is locked first, as by every command about their entries."""
    found = Order.objects.filter(number=money.order_number).select_related("sitting").first()
    if found is None:
        return NoticeVerdict.UNKNOWN
    access_candidate(by, found.candidate_id, lock=True)
    window = window_shared(found.sitting.code)
    order = Order.objects.select_for_update().get(pk=found.pk)
    if Payment.objects.filter(order_number=money.transaction).exists():
        return NoticeVerdict.REPEATED
    payment = Payment.objects.create(
        candidate_id=order.candidate_id,
        sitting_id=order.sitting_id,
        order=order,
        way=PaymentWay.GATEWAY,
        order_number=money.transaction,
        amount_fen=money.amount_fen,
        paid_at=money.paid_at,
    )
    _applied(order, payment, is_frozen=window.state == WindowState.CLOSED, at=at)
    return NoticeVerdict.ACCEPTED


def _applied(order: Order, payment: Payment, *, is_frozen: bool, at: datetime) -> None:
    facts = {"same_amount": payment.amount_fen == order.amount_fen, "order": order.state, "frozen": is_frozen}
    fate = MONEY(on=local_day(at), **facts, place_left=True)
    if fate == "pay" and not _paid(order, payment):
        fate = MONEY(on=local_day(at), **facts, place_left=False)
    if fate == "review":
        payment.state = PaymentState.REVIEW
        payment.save(update_fields=["state"])
        if order.state not in (OrderState.PAID, OrderState.REVIEW):
            move_order(order, OrderState.REVIEW, trouble="amount-differs")
    elif fate != "pay":
        owe_back(payment, payment.amount_fen, RefundReason(fate), at)
        if order.state not in (OrderState.PAID, OrderState.REFUNDING, OrderState.REVIEW):
            move_order(order, OrderState.REFUNDING)


def _paid(order: Order, payment: Payment) -> bool:
    """Pay the order's entries; False where a place that was given back is gone, or they are no longer those."""
    entries = Entry.objects.filter(order=order, state=EntryState.ENTERED)
    if sum(entries.values_list("fee_fen", flat=True)) != payment.amount_fen:
        return False
    try:
        with transaction.atomic():
            entries.update(state=EntryState.PAID, payment=payment, held_until=None)
    except IntegrityError as error:
        if OVERSOLD not in str(error):
            raise
        return False
    move_order(order, OrderState.PAID)
    return True
