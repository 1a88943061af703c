"""The gateway is asked, outside transactions; what it answers is taken in by commands, one order at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings

from zikao.foundation.actors import node_actor
from zikao.foundation.clock import local_day
from zikao.foundation.errors import ZikaoError
from zikao.foundation.regulation import parameter
from zikao.stages.entries import queries
from zikao.stages.entries.commands.hearing import take_answer
from zikao.stages.entries.commands.orders import note_asked
from zikao.stages.entries.commands.refunding import note_refund
from zikao.stages.entries.commands.releasing import release_holds
from zikao.stages.entries.gateway import Gateway, GatewayAway
from zikao.stages.entries.models import Order

log = logging.getLogger(__name__)


def ask_about(gateway: Gateway, orders: Iterable[Order], at: datetime) -> set[int]:
    """Ask the gateway about orders and take in what it says; gives the ids of those it did not answer about."""
    silent: set[int] = set()
    nothing: list[int] = []
    for order in orders:
        try:
            money = gateway.money_of(order.number)
        except GatewayAway:
            silent.add(order.pk)
            continue
        if money:
            _quietly(partial(take_answer, money=money, by=node_actor(), at=at))
        else:
            nothing.append(order.pk)
    if nothing:
        note_asked(order_ids=nothing, by=node_actor(), at=at)
    return silent


def release(gateway: Gateway | None, at: datetime) -> None:
    """Give back the places of holds that ran out; who went to pay is asked about first, and kept a while longer."""
    due = queries.orders_to_release(at)
    begun = [order for order in due if order.started_at is not None]
    silent = ask_about(gateway, begun, at) if gateway is not None else set()
    minutes = parameter("entry-hold-grace-minutes").on(local_day(at), province=settings.ZIKAO_NODE_CODE)
    keep = [o.pk for o in begun if o.pk in silent and o.expires_at + timedelta(minutes=minutes) > at]
    if queries.anything_to_release(at, keep):
        release_holds(keep=keep, by=node_actor(), at=at)


def send_refunds(gateway: Gateway, at: datetime) -> None:
    """Ask the gateway for the refunds that are due."""
    for refund in queries.refunds_to_ask(at):
        try:
            answer = gateway.refund(
                refund_number=refund.number,
                transaction=refund.payment.order_number,
                amount_fen=refund.amount_fen,
            )
        except GatewayAway:
            return
        _quietly(partial(note_refund, refund_id=refund.pk, answer=answer, by=node_actor(), at=at))


def _quietly(do: Callable[[], object]) -> None:
    """One order that cannot be settled now does not keep the others waiting."""
    try:
        do()
    except ZikaoError as error:
        log.warning("entries: %s", error.code)
