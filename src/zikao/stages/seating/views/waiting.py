"""What of the draw waits for whom, on the first page of everyone."""

from __future__ import annotations

from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import Asked, Task, Waiting, candidate_task, waits_for
from zikao.stages.seating import policies, queries
from zikao.stages.seating.models import Draw
from zikao.stages.seating.states import DrawState


@waits_for(policies.COMMITTERS, "待提交的密数承诺", "EA-16", stage="seating")
def commitments_to_make(actor: Actor) -> Asked:
    """Sittings still open for entries in which this official has not committed."""
    windows = queries.windows_without_commitment(actor.account_id or 0)
    yield windows
    first = windows.first()
    if first is None:
        return Waiting(0)
    return Waiting(len(windows), reverse("seating:draws"), since=first.opens_at, due=first.closes_at)


@waits_for(policies.COMMITTERS, "待公开的密数", "EA-16", stage="seating")
def secrets_to_reveal(actor: Actor) -> Asked:
    """Closed lists whose seed waits for this official's secret."""
    held = queries.secrets_awaited(actor.account_id or 0)
    yield held
    first = held.first()
    if first is None:
        return Waiting(0)
    place = reverse("seating:reveal", args=[first.draw.sitting.code])
    return Waiting(len(held), place, since=first.draw.sitting.entry_list.closed_at)


@waits_for(policies.DRAWERS, "待编排的座位", "EA-16", stage="seating")
def draws_to_make(actor: Actor) -> Asked:
    """Draws whose seed is fixed."""
    return _in_state(DrawState.REVEALED, "revealed_at")


@waits_for(policies.DRAWERS, "待发放的考试通知单", "EA-16", stage="seating")
def notices_to_issue(actor: Actor) -> Asked:
    """Draws whose notices are not out."""
    return _in_state(DrawState.DRAWN, "drawn_at")


@candidate_task("领取考试通知单", order=30, clause="EA-16")
def notice(actor: Actor) -> Task | None:
    """The candidate's newest notice."""
    draw = queries.draws_with_notice(actor.candidate_id or 0).first()
    if draw is None:
        return None
    place = reverse("seating:my-notice", args=[draw.sitting.code])
    is_ahead = draw.sitting.units.filter(ends_at__gt=clock.now()).exists()
    return Task("todo" if is_ahead else "closed", place, hint=f"{draw.sitting}考试的时间、考场和座位")


def _in_state(state: DrawState, since: str) -> Asked:
    rows = queries.draws().filter(state=state)
    yield rows
    found: list[Draw] = list(rows)
    if not found:
        return Waiting(0)
    place = reverse("seating:draw", args=[found[0].sitting.code])
    return Waiting(len(found), place, since=min(getattr(draw, since) for draw in found))
