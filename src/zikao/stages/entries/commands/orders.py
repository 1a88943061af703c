"""Orders: what is to be paid, placed once however often the button is pressed, and begun at the gateway."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import F

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.entries import policies, queries
from zikao.stages.entries.commands.holding import end_open_order, held_until, move_order, taking_places
from zikao.stages.entries.commands.locks import window_shared
from zikao.stages.entries.models import Entry, EntryWindow, Order
from zikao.stages.entries.rules import AMOUNT, WINDOW
from zikao.stages.entries.states import OPEN_ORDERS, OrderState


@command(writes="entries.order-placed", clauses=("EA-13.2",), posts=policies.ORDERERS)
def place_order(*, candidate_id: int, sitting_code: str, by: Actor, at: datetime) -> Outcome[Order]:
    """Ask for what a candidate owes for a sitting: the open order where it still says so, else a new one.

    Places whose hold ran out are taken again, where there still are any.

    Source:  EA-13.2
    Writes:  entries.order-placed
    Raises:  NotPermitted, NotFound, WrongState (frozen), Refused (window, nothing to pay, no place left)
    """
    candidate = access_candidate(by, candidate_id, lock=True)
    window = window_shared(sitting_code)
    policies.check_window_open(window)
    ways, period = policies.ways_of(window), {"opens_at": window.opens_at, "closes_at": window.closes_at}
    WINDOW(on=local_day(at), at=at, way=policies.way_of(by), ways=ways, **period).require()
    entries = list(queries.unpaid(candidate.pk, window.sitting_id))
    due_fen = sum(entry.fee_fen for entry in entries)
    AMOUNT(on=local_day(at), amount_fen=due_fen, due_fen=due_fen).require()
    same = queries.open_order(candidate.pk, window.sitting_id)
    if same is not None and same.expires_at > at and all(entry.order_id == same.pk for entry in entries):
        return Outcome(same, facts={"order": same.number, "fen": same.amount_fen, "again": True})
    end_open_order(candidate.pk, window.sitting_id)
    order = _placed(candidate, window, entries, due_fen, at)
    return Outcome(order, facts={"order": order.number, "fen": due_fen, "entries": [entry.pk for entry in entries]})


def _placed(candidate: Candidate, window: EntryWindow, entries: Sequence[Entry], fen: int, at: datetime) -> Order:
    lapsed = [entry for entry in entries if entry.held_until is None or entry.held_until <= at]
    until = held_until(window, at, is_online=True)
    order = Order.objects.create(
        number=f"{settings.ZIKAO_NODE_CODE}{window.sitting.code.replace('-', '')}{secrets.randbelow(10**12):012d}",
        candidate=candidate,
        sitting_id=window.sitting_id,
        agency_code=candidate.agency_code,
        amount_fen=fen,
        placed_at=at,
        expires_at=min([until, *(entry.held_until for entry in entries if entry not in lapsed and entry.held_until)]),
    )
    with taking_places(lapsed, at):
        Entry.objects.filter(pk__in=[entry.pk for entry in lapsed]).update(held_until=until)
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(order=order)
    return order


@command(writes="entries.payment-begun", clauses=("EA-13.2",), posts=policies.ORDERERS)
def begin_payment(*, order_number: str, by: Actor, at: datetime) -> Outcome[Order]:
    """Note that the candidate goes to the gateway: from now on it is asked where no call-back comes.

    Source:  EA-13.2
    Writes:  entries.payment-begun
    Raises:  NotPermitted, NotFound, WrongState (the order is not open)
    """
    found = queries.order_of(by, order_number)
    access_candidate(by, found.candidate_id, lock=True)
    order = Order.objects.select_for_update().get(pk=found.pk)
    before = snapshot(order)
    if order.state != OrderState.CONFIRMING:
        move_order(order, OrderState.CONFIRMING, started_at=order.started_at or at, asked_at=at, asked_times=0)
    return Outcome(order, before=before, facts={"order": order.number})


@command(writes="entries.orders-asked", clauses=("EA-13.2",), posts=policies.GATEWAY_POSTS)
def note_asked(*, order_ids: Sequence[int], by: Actor, at: datetime) -> Outcome[int]:
    """Note that the gateway was asked about orders and has no money for them: they can be paid again.

    Source:  EA-13.2
    Writes:  entries.orders-asked
    Raises:  NotPermitted
    """
    rows = Order.objects.filter(pk__in=order_ids, state__in=OPEN_ORDERS)
    count = rows.update(asked_at=at, asked_times=F("asked_times") + 1, state=OrderState.PENDING)
    return Outcome(count, on="entries.orders", facts={"orders": count})
