"""The list is frozen: paid entries only, under a digest that the draw of seats will stand on."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.crypto import sm3
from zikao.foundation.regulation import parameter
from zikao.stages.agencies.queries import premises
from zikao.stages.candidates import queries as candidates
from zikao.stages.entries import policies, queries
from zikao.stages.entries.commands.correcting import end_clashes
from zikao.stages.entries.commands.locks import window_alone
from zikao.stages.entries.models import Entry, EntryList, EntryWindow, Order
from zikao.stages.entries.rules import CLOSING
from zikao.stages.entries.states import OPEN_ORDERS, WINDOW_TRANSITIONS, EntryState, OrderState, WindowState
from zikao.stages.programmes.models import Unit


@command(writes="entries.list-frozen", clauses=("EA-13.2",), posts=policies.WINDOW_KEEPERS)
def close_entries(*, sitting_code: str, by: Actor, at: datetime) -> Outcome[EntryList]:
    """Freeze a sitting's entries after the window: the list, its digest and its sums; no entry changes after this.

    Waits for those who are entering, and keeps out those who come later. Unpaid entries stay out of the list and are
    counted (`queries.entered_not_paid` names them); their holds end, and money that still comes for them goes back.
    Of courses that clash since a correction of the timetable, the one that moved is withdrawn and paid back in full.
    For a while it waits for orders that somebody went to pay, so that a late call-back costs nobody their entry.

    Source:  EA-13.2
    Writes:  entries.list-frozen
    Raises:  NotPermitted, NotFound, WrongState, Refused (window still open, orders unsettled)
    """
    window = window_alone(sitting_code)
    check_transition(WINDOW_TRANSITIONS, WindowState(window.state), WindowState.CLOSED)
    facts = {"closes_at": window.closes_at, "at": at, "unsettled": queries.unsettled(window.sitting_id).count()}
    CLOSING(on=local_day(at), province=settings.ZIKAO_NODE_CODE, **facts).require()
    before = snapshot(window)
    clashing = end_clashes(window.sitting_id, at)
    _end_holds(window)
    _fix_needs(window, local_day(at))
    counted = queries.counts(sitting_code)
    frozen = EntryList.objects.create(
        sitting_id=window.sitting_id,
        digest=sm3(queries.canonical_list(sitting_code)).hex(),
        count=counted.paid,
        candidates=counted.paid_candidates,
        unpaid=counted.entered,
        withdrawn=counted.withdrawn,
        fee_fen=counted.paid_fen,
        closed_at=at,
    )
    window.state = WindowState.CLOSED
    window.save(update_fields=["state"])
    facts = {"sitting": sitting_code, "digest": frozen.digest, "count": frozen.count, "unpaid": frozen.unpaid}
    facts |= {"clashing": clashing} if clashing else {}
    return Outcome(frozen, on=window, before=before, facts=facts)


def _fix_needs(window: EntryWindow, on: date) -> None:
    """Write to the entries what the draw must heed, as it stands now: rooms of one's own, and tutoring institutions."""
    paid = Entry.objects.filter(sitting_id=window.sitting_id, state=EntryState.PAID)
    for unit in Unit.objects.filter(sitting_id=window.sitting_id).order_by("number"):
        granted = candidates.accommodations_on(local_day(unit.starts_at))
        alone = [candidate for candidate, found in granted.items() if found.separate_room]
        paid.filter(unit=unit, candidate_id__in=alone).update(separate_room=True)
    barred = parameter("own-candidates-barred-from-premises").on(on)
    for area, code in premises() if barred else ():
        paid.filter(area_code=area, candidate__tutoring_institution__code=code).update(tutoring_code=code)


def _end_holds(window: EntryWindow) -> None:
    open_orders = Order.objects.filter(sitting_id=window.sitting_id, state__in=OPEN_ORDERS)
    open_orders.update(state=OrderState.RELEASED)
    held = Entry.objects.filter(sitting_id=window.sitting_id, held_until__isnull=False)
    held.update(held_until=None)
