"""Holds that ran out give their places back; what was chosen stays, and may be paid while places remain."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Q

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command
from zikao.stages.candidates.models import Candidate
from zikao.stages.entries import policies
from zikao.stages.entries.commands.locks import window_shared
from zikao.stages.entries.models import Entry, EntryWindow, Order
from zikao.stages.entries.states import OPEN_ORDERS, EntryState, OrderState, WindowState

MOST = 2000


@command(writes="entries.holds-released", clauses=("EA-13.2",), posts=policies.GATEWAY_POSTS)
def release_holds(*, keep: Sequence[int], by: Actor, at: datetime) -> Outcome[int]:
    """Give back the places whose hold ran out, but for the orders named in `keep`, which the gateway may yet answer.

    Gives the number of places. Candidates whose row somebody works on are left for the next time.

    Source:  EA-13.2
    Writes:  entries.holds-released
    Raises:  NotPermitted
    """
    released, orders = 0, 0
    for window in EntryWindow.objects.filter(state=WindowState.OPEN).select_related("sitting").order_by("id"):
        if window_shared(window.sitting.code).state != WindowState.OPEN:
            continue
        gone = Entry.objects.filter(sitting_id=window.sitting_id, state=EntryState.ENTERED, held_until__lte=at)
        gone = gone.exclude(order_id__in=list(keep))
        people = _locked(gone.order_by("candidate_id").values_list("candidate_id", flat=True).distinct()[:MOST])
        ended = Order.objects.filter(sitting_id=window.sitting_id, state__in=OPEN_ORDERS, expires_at__lte=at)
        orders += ended.filter(candidate_id__in=people).exclude(pk__in=list(keep)).update(state=OrderState.RELEASED)
        released += gone.filter(Q(candidate_id__in=people)).update(held_until=None)
    return Outcome(released, on="entries.holds", facts={"places": released, "orders": orders})


def _locked(candidate_ids: Collection[int]) -> list[int]:
    rows = Candidate.objects.filter(pk__in=list(candidate_ids)).order_by("pk")
    return list(rows.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
