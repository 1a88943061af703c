"""The waiting room: taking a number, waiting (cheaply), coming in; and the staff's view of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import action, candidate_page, public_page
from zikao.stages.entries import commands, forms, queries
from zikao.stages.entries.models import EntryWindow, Ticket
from zikao.stages.entries.states import RateMode, WindowState

SALT = "entries.waiting"
DAY_SECONDS = 86_400
SPREAD_SECONDS = 10


def turned_away(actor: Actor, window: EntryWindow) -> HttpResponse | None:
    """Where somebody must wait who comes to choose: the waiting page; None for those inside."""
    if not window.waiting_room:
        return None
    now, ticket = clock.now(), queries.ticket_of(actor.candidate_id or 0, window)
    if ticket is not None and (ticket.done_at is not None or queries.is_inside(ticket, now)):
        return None
    is_reached = ticket is not None and queries.turn_of(ticket.queue, ticket.number, now).is_reached
    if ticket is not None and is_reached and ticket.came_in_at is None:
        commands.come_in(ticket_id=ticket.pk, by=actor, at=now)
        return None
    return HttpResponseRedirect(reverse("entries:wait", args=[window.sitting.code]))


@candidate_page
def wait(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """My place in the queue; the page asks again by itself, with or without a script."""
    window, now = queries.window_of(sitting_code), clock.now()
    if request.method == "POST":
        commands.take_ticket(candidate_id=actor.candidate_id or 0, sitting_code=sitting_code, by=actor, at=now)
        return HttpResponseRedirect(reverse("entries:wait", args=[sitting_code]))
    ticket, page = queries.ticket_of(actor.candidate_id or 0, window), _wait_page(window, now)
    if ticket is None or not window.waiting_room or page["is_closed"] or queries.is_over(ticket, now):
        return render(request, "entries/wait.html", {**page, "is_over": ticket is not None})
    if ticket.number is None and now >= window.opens_at:
        commands.take_ticket(candidate_id=actor.candidate_id or 0, sitting_code=sitting_code, by=actor, at=now)
        ticket.refresh_from_db()
    spread = ticket.pk % SPREAD_SECONDS  # not all of the early ones ask in the same second
    opens_in = int((window.opens_at - now).total_seconds()) + 1 + spread
    turn = queries.turn_of(ticket.queue, ticket.number, now, opens_in)
    page |= {"ticket": ticket, "turn": turn, "poll": _poll_url(ticket)}
    answer = render(request, "entries/wait.html", page)
    if not turn.is_reached:  # where a script runs, it asks the small page instead and this one is not loaded again
        answer["Refresh"] = str(max(30, turn.ask_again_seconds))
    return answer


def _wait_page(window: EntryWindow, now: datetime) -> dict[str, Any]:
    since = queries.waiting_opens_at(window)
    return {
        "window": window,
        "since": since,
        "is_early": now < since,
        "is_closed": window.state == WindowState.CLOSED or now >= window.closes_at,
        "stay_minutes": int(queries.stay(now).total_seconds() // 60),
    }


def _poll_url(ticket: Ticket) -> str:
    told = signing.dumps([ticket.queue_id, ticket.candidate_id, ticket.number, ticket.pk], salt=SALT, compress=True)
    return reverse("entries:queue", args=[told])


@public_page
def queue(request: HttpRequest, actor: Actor | None, token: str) -> HttpResponse:
    """A number's place: one small query, no session. The token is ours and of one candidate; it lets nobody in."""
    try:
        queue_id, _, number, _ = signing.loads(token, salt=SALT, max_age=DAY_SECONDS)
    except signing.BadSignature:
        return HttpResponse("号码无效，请回到候场页面。", status=404)
    if number is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    turn = queries.turn_in(queue_id, number, clock.now())
    if turn.is_reached:  # the whole page says so, with the way in
        return HttpResponse(headers={"HX-Refresh": "true"})
    return HttpResponse(render_to_string("entries/_turn.html", {"turn": turn, "poll": request.path}))


set_room = action(
    commands.set_waiting_room, forms.WaitingRoomForm, title="候场排队", clause="EA-13.2", button="设定",
    what="启用后，考生先取号、按序进入选课；可以按实测自动放行，也可以人工设定每分钟放行的人数。", done="已设定。",
    back="entries:window", initial=lambda actor, sitting_code: _room(sitting_code),
)  # fmt: skip


def _room(sitting_code: str) -> dict[str, object]:
    found = queries.queue_of(queries.window_of(sitting_code))
    if found is None:
        return {"mode": RateMode.MEASURED, "rate_a_minute": 60}
    return {"mode": found.mode, "rate_a_minute": found.rate_a_minute}
