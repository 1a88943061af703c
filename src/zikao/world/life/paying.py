"""Paying online: some candidates order and pay at the played gateway, whose call-backs repeat or are lost."""

from __future__ import annotations

from zikao.foundation.actors import Actor, node_actor
from zikao.foundation.clock import local_day
from zikao.stages.candidates.models import Candidate
from zikao.stages.entries import commands
from zikao.stages.entries.gateway import current
from zikao.stages.entries.gateway.simulated import SimulatedGateway
from zikao.stages.entries.models import Order, Reconciliation
from zikao.stages.entries.states import RateMode
from zikao.world.calendar import LIST_FROZEN, PAYING, SITTING, WINDOW_SET
from zikao.world.life.context import Life

ONLINE = 12
LOST, TWICE = 5, 7
"""Of those who pay online: whose call-back is lost, and who pays twice."""


def set_places(life: Life) -> None:
    """As many places as usable sites have seats, and a waiting room for the first rush."""
    by = life.who("exam-affairs", WINDOW_SET)
    commands.set_places(sitting_code=SITTING, by=by, at=WINDOW_SET)
    commands.set_waiting_room(sitting_code=SITTING, mode=RateMode.MEASURED, rate_a_minute=600, by=by, at=WINDOW_SET)


def pay_online(life: Life, owing: list[Candidate], as_candidate: dict[int, Actor]) -> None:
    """The first of those who owe pay by phone; what the gateway did not tell is asked, what came twice goes back."""
    gateway = current()
    if not isinstance(gateway, SimulatedGateway):
        return
    begun = []
    for number, candidate in enumerate(life.each("网上支付", owing[:ONLINE])):
        by = as_candidate[candidate.pk]
        order: Order = commands.place_order(candidate_id=candidate.pk, sitting_code=SITTING, by=by, at=PAYING).value
        gateway.collect(order_number=order.number, amount_fen=order.amount_fen, title="报考费", until=order.expires_at)
        commands.begin_payment(order_number=order.number, by=by, at=PAYING)
        gateway.pay(order.number, notices=0 if number == LOST else 1 + number % 2, at=PAYING)
        if number == TWICE:
            gateway.pay(order.number, at=PAYING)
        begun.append(order)
    for notice in gateway.notices_due(PAYING):
        commands.hear_gateway(notice=notice, address="simulated", by=node_actor(), at=PAYING)
    commands.ask_about(gateway, begun, PAYING)
    commands.send_refunds(gateway, PAYING)


def reconcile(life: Life) -> None:
    """The day of paying compared with the gateway's statement; the caretaker may have been first."""
    gateway, day = current(), local_day(PAYING)
    if gateway is None or Reconciliation.objects.filter(on=day).exists():
        return
    by = life.who("clerk", LIST_FROZEN)
    commands.reconcile(on=day, statement=gateway.statement(day), by=by, at=LIST_FROZEN)
