"""An entry taken back: the place is free at once, what was paid goes back as the province says."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.errors import NotFound
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.entries import policies, queries
from zikao.stages.entries.commands.correcting import settle_clashes
from zikao.stages.entries.commands.entering import in_period
from zikao.stages.entries.commands.holding import end_open_order, move_order, owe_back
from zikao.stages.entries.commands.locks import window_shared
from zikao.stages.entries.models import Entry, EntryWindow, Order, Payment
from zikao.stages.entries.rules import REFUND, WINDOW
from zikao.stages.entries.states import ENTRY_TRANSITIONS, EntryState, OrderState, RefundReason


@command(writes="entries.withdrawn", clauses=("EA-13.2",), posts=policies.ENTERERS)
def withdraw_entry(*, entry_id: int, by: Actor, at: datetime) -> Outcome[Entry]:
    """Take an entry back while the window is open; what was paid for it becomes due back as the province says.

    One whose time a correction of the timetable changed, or that clashes since then, may be taken back until the list
    is frozen, and what was paid for it goes back whole.

    Source:  EA-13.2
    Writes:  entries.withdrawn
    Raises:  NotPermitted, NotFound, WrongState, Refused (window)
    """
    found = queries.entries(by).filter(pk=entry_id).first()
    if found is None:
        raise NotFound("entry-not-found", facts={"entry": entry_id})
    candidate = access_candidate(by, found.candidate_id, lock=True)
    window = window_shared(found.sitting.code)
    policies.check_window_open(window)
    entry = Entry.objects.select_for_update().get(pk=entry_id)
    check_transition(ENTRY_TRANSITIONS, EntryState(entry.state), EntryState.WITHDRAWN)
    by_correction = queries.is_corrected(entry)
    if not by_correction:
        _in_time(candidate, window, by, at)
    before = snapshot(entry)
    _give_back(entry, at, by_correction=by_correction)
    if by_correction:
        settle_clashes([entry.unit_id], [entry.candidate_id])
    facts = {"candidate": entry.candidate_id, "paper": entry.paper_id, "refund_fen": entry.refund_fen}
    return Outcome(entry, before=before, facts=facts)


def _in_time(candidate: Candidate, window: EntryWindow, by: Actor, at: datetime) -> None:
    ways, period = policies.ways_of(window), {"opens_at": window.opens_at, "closes_at": window.closes_at}
    WINDOW(on=local_day(at), at=at, way=policies.way_of(by), ways=ways, **period).require()
    for decision in in_period(candidate, window, by, at):
        decision.require()


def _give_back(entry: Entry, at: datetime, *, by_correction: bool) -> None:
    if entry.payment_id is not None:
        facts = {"paid_fen": entry.fee_fen, "province": settings.ZIKAO_NODE_CODE, "by_correction": by_correction}
        entry.refund_fen = REFUND(on=local_day(at), **facts)
    else:
        end_open_order(entry.candidate_id, entry.sitting_id)
    entry.state, entry.withdrawn_at, entry.held_until, entry.clashing = EntryState.WITHDRAWN, at, None, False
    entry.save(update_fields=["state", "withdrawn_at", "held_until", "clashing", "refund_fen"])
    if entry.payment_id is not None:
        payment = Payment.objects.select_for_update().get(pk=entry.payment_id)
        owe_back(payment, entry.refund_fen, RefundReason.CORRECTED if by_correction else RefundReason.WITHDRAWN, at)
        _order_goes_back(payment)


def _order_goes_back(payment: Payment) -> None:
    """An order of which every course was withdrawn is being refunded; one with courses left stays paid."""
    if payment.entries.filter(state=EntryState.PAID).exists() or payment.order_id is None:
        return
    order = Order.objects.get(pk=payment.order_id)
    if order.state == OrderState.PAID and payment.refund_fen:
        move_order(order, OrderState.REFUNDING)
