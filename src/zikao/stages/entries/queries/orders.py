"""Orders, money and refunds: what a candidate owes, what waits for the gateway, and whether the money adds up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet, Sum

from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import scoped
from zikao.foundation.errors import NotFound
from zikao.stages.entries.models import Entry, GatewayNotice, Order, Payment, Refund
from zikao.stages.entries.states import OPEN_ORDERS, EntryState, OrderState, PaymentState, PaymentWay, RefundState

ASK_AFTER_SECONDS = 5
LONGEST_PAUSE_SECONDS = 600


def orders(actor: Actor) -> QuerySet[Order]:
    """The orders that the actor may see: of their subtree, or their own."""
    rows = Order.objects.select_related("candidate", "sitting")
    if actor.post == Post.CANDIDATE:
        return rows.filter(candidate_id=actor.candidate_id or 0)
    return scoped(rows, actor)


def order_of(actor: Actor, number: str) -> Order:
    """One order with authority; NotFound elsewhere."""
    found = orders(actor).filter(number=number).first()
    if found is None:
        raise NotFound("order-not-found", facts={"order": number[:32]}, message="没有这一订单。")
    return found


def open_order(candidate_id: int, sitting_id: int) -> Order | None:
    """The candidate's order that may still be paid, or None."""
    return Order.objects.filter(candidate_id=candidate_id, sitting_id=sitting_id, state__in=OPEN_ORDERS).first()


def unpaid(candidate_id: int, sitting_id: int) -> QuerySet[Entry]:
    """The candidate's entries that are not paid, in the order of units."""
    rows = Entry.objects.filter(candidate_id=candidate_id, sitting_id=sitting_id, state=EntryState.ENTERED)
    return rows.select_related("paper__course", "unit").order_by("unit__number")


def orders_to_ask(at: datetime, most: int = 50) -> list[Order]:
    """Orders being paid of which no call-back came: asked soon, then ever more seldom."""
    rows = Order.objects.filter(state__in=OPEN_ORDERS, started_at__isnull=False, asked_at__lt=at)
    rows = rows.order_by("asked_at", "id")[: 4 * most]
    return [row for row in rows if row.asked_at and row.asked_at + pause(row.asked_times) <= at][:most]


def orders_to_release(at: datetime, most: int = 200) -> list[Order]:
    """Orders whose hold ran out, the oldest first."""
    return list(Order.objects.filter(state__in=OPEN_ORDERS, expires_at__lte=at).order_by("expires_at")[:most])


def anything_to_release(at: datetime, keep: Collection[int]) -> bool:
    """Whether a hold ran out that nobody asks to keep."""
    rows = Entry.objects.filter(held_until__lte=at, state=EntryState.ENTERED)
    return rows.exclude(order_id__in=list(keep)).exists()


def unsettled(sitting_id: int) -> QuerySet[Order]:
    """Orders of a sitting that somebody went to pay and of which nobody knows yet whether they did."""
    return Order.objects.filter(sitting_id=sitting_id, state__in=OPEN_ORDERS, started_at__isnull=False)


def notices() -> QuerySet[GatewayNotice]:
    """The call-backs that came, with what was made of each: the province's only."""
    return GatewayNotice.objects.all()


def refunds(actor: Actor) -> QuerySet[Refund]:
    """The refunds of the actor's subtree."""
    rows = Refund.objects.select_related("payment__candidate", "payment__sitting", "payment__order")
    return scoped(rows, actor, "payment__candidate__agency_code")


def refunds_to_hand_out(actor: Actor) -> QuerySet[Refund]:
    """Money taken at the counter or in a list that is due back, the oldest first."""
    return refunds(actor).filter(state=RefundState.DUE).exclude(payment__way=PaymentWay.GATEWAY).order_by("due_at")


def refunds_to_ask(at: datetime, most: int = 50) -> list[Refund]:
    """Refunds of the gateway that are due or without an end."""
    rows = Refund.objects.filter(state__in=(RefundState.DUE, RefundState.SENT), payment__way="gateway")
    rows = rows.filter(Q(asked_at__isnull=True) | Q(asked_at__lt=at)).select_related("payment")
    waiting = rows.order_by(F("asked_at").asc(nulls_first=True), "id")[: 4 * most]
    return [row for row in waiting if row.asked_at is None or row.asked_at + pause(row.asked_times) <= at][:most]


def pause(times: int) -> timedelta:
    """How long to wait before asking again: 5 seconds, doubled each time, ten minutes at most."""
    return timedelta(seconds=min(ASK_AFTER_SECONDS * 2 ** min(times, 10), LONGEST_PAUSE_SECONDS))


@dataclass(frozen=True)
class Balance:
    """All money of a sitting in fen: came = for paid entries + kept of withdrawn ones + refunds + in review."""

    came: int
    for_entries: int
    kept: int
    refunded: int
    refund_pending: int
    in_review: int

    @property
    def adds_up(self) -> bool:
        """Whether every fen that came has its place."""
        spent = self.for_entries + self.kept + self.refunded + self.refund_pending + self.in_review
        return self.came == spent


def balance(sitting_code: str) -> Balance:
    """Where the money of a sitting is."""
    money = Payment.objects.filter(sitting__code=sitting_code)
    back = Refund.objects.filter(payment__sitting__code=sitting_code)
    entries = Entry.objects.filter(sitting__code=sitting_code, payment__isnull=False)
    left = entries.filter(state=EntryState.WITHDRAWN)
    return Balance(
        came=_sum(money, "amount_fen"),
        for_entries=_sum(entries.filter(state=EntryState.PAID), "fee_fen"),
        kept=_sum(left, "fee_fen") - _sum(left, "refund_fen"),
        refunded=_sum(back.filter(state=RefundState.DONE), "amount_fen"),
        refund_pending=_sum(back.exclude(state=RefundState.DONE), "amount_fen"),
        in_review=_sum(money.filter(state=PaymentState.REVIEW), "amount_fen"),
    )


def _sum(rows: QuerySet[Payment] | QuerySet[Refund] | QuerySet[Entry], column: str) -> int:
    return rows.aggregate(n=Sum(column))["n"] or 0


def in_review(actor: Actor) -> QuerySet[Order]:
    """Orders that a person has to look at."""
    return orders(actor).filter(state=OrderState.REVIEW)
