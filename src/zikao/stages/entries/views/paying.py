"""Paying: what is owed, the order and its state in words, and the played till of a demonstration."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, node_actor
from zikao.foundation.commands import rows_of
from zikao.foundation.errors import NotFound, ZikaoError
from zikao.foundation.pages import candidate_page, public_page
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.entries import commands, queries
from zikao.stages.entries.gateway import GatewayAway, current
from zikao.stages.entries.gateway.simulated import SimulatedGateway
from zikao.stages.entries.models import Order
from zikao.stages.entries.states import OPEN_ORDERS, WindowState

AWAY = "支付渠道现在没有应答，没有扣款。名额仍为您保留到订单上的时间，请过一会儿再试。"
POLL_SECONDS = (2, 3, 5, 8, 13, 21, 34, 55)


@candidate_page
def pay(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """What I owe for a sitting, and the way to the gateway."""
    candidate = access_candidate(actor, actor.candidate_id or 0)
    window, gateway = queries.window_of(sitting_code), current()
    unpaid = list(queries.unpaid(candidate.pk, window.sitting_id))
    page = {
        "window": window,
        "unpaid": unpaid,
        "due_fen": sum(entry.fee_fen for entry in unpaid),
        "order": queries.open_order(candidate.pk, window.sitting_id),
        "held_until": min((entry.held_until for entry in unpaid if entry.held_until), default=None),
        "lapsed": [entry for entry in unpaid if entry.held_until is None],
        "has_gateway": gateway is not None,
        "is_frozen": window.state == WindowState.CLOSED,
        "is_over": clock.now() >= window.closes_at,
    }
    if request.method != "POST" or gateway is None:
        return render(request, "entries/pay.html", page, status=200 if request.method != "POST" else 409)
    try:
        return _to_the_till(request, actor, sitting_code)
    except GatewayAway:
        return render(request, "entries/pay.html", {**page, "trouble": AWAY}, status=503)
    except ZikaoError as error:
        return render(request, "entries/pay.html", {**page, "error": error}, status=error.http_status)


def _to_the_till(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    order: Order = commands.place_order(
        candidate_id=actor.candidate_id or 0, sitting_code=sitting_code, by=actor, at=clock.now()
    ).value
    gateway = current()
    assert gateway is not None
    title = f"{order.sitting}自学考试报考费"
    url = gateway.collect(order_number=order.number, amount_fen=order.amount_fen, title=title, until=order.expires_at)
    commands.begin_payment(order_number=order.number, by=actor, at=clock.now())
    if url.startswith("/"):
        return HttpResponseRedirect(url)
    return render(request, "entries/go.html", {"order": order, "till": url})


@candidate_page
def order(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """An order: its state in words, what it is for, what happens next. Asks again by itself while it is open."""
    return render(request, "entries/order.html", _order(actor, number, request))


@candidate_page
def order_state(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The state of an order. A fragment."""
    return render(request, "entries/_order.html", _order(actor, number, request))


def _order(actor: Actor, number: str, request: HttpRequest) -> dict[str, object]:
    found = queries.order_of(actor, number)
    asked = request.GET.get("n", "0")
    turn = min(int(asked) if asked.isdecimal() and len(asked) < 4 else 0, len(POLL_SECONDS) - 1)
    window, now = queries.window_of(found.sitting.code), clock.now()
    return {
        "order": found,
        "entries": found.entries.select_related("paper__course", "unit").order_by("unit__number"),
        "refunds": [each for payment in found.payments.all() for each in payment.refunds.all()],
        "is_open": found.state in OPEN_ORDERS,
        "poll_seconds": POLL_SECONDS[turn],
        "turn": turn + 1,
        "window": window,
        "is_window_open": window.state == WindowState.OPEN and window.opens_at <= now < window.closes_at,
    }


@candidate_page
def ask(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """I have paid: ask the gateway now, instead of waiting for its call-back."""
    found, gateway = queries.order_of(actor, number), current()
    if request.method == "POST" and gateway is not None and found.state in OPEN_ORDERS:
        with rows_of(node_actor()):
            silent = commands.ask_about(gateway, [found], clock.now())
        if silent:
            messages.warning(request, "支付渠道现在没有应答，系统会继续查询，不必重复付款。")
    return HttpResponseRedirect(reverse("entries:order", args=[number]))


DEEDS = {
    "pay": (1, timedelta()),
    "lost": (0, timedelta()),
    "thrice": (3, timedelta()),
    "late": (1, timedelta(minutes=1)),
}
"""What the played till can do with its call-backs: how many, and how much later."""


@public_page
def till(request: HttpRequest, actor: Actor | None, number: str) -> HttpResponse:
    """The played gateway's till: where a real one has its own pages."""
    gateway = current()
    asked = gateway.order(number) if isinstance(gateway, SimulatedGateway) else None
    if asked is None or not isinstance(gateway, SimulatedGateway):
        raise NotFound("no-such-page", message="没有这一页。")
    deed = request.POST.get("deed", "")
    if request.method != "POST" or deed not in DEEDS:
        return render(request, "entries/till.html", {"asked": asked, "back": reverse("entries:order", args=[number])})
    notices, after = DEEDS[deed]
    gateway.pay(number, notices=notices, after=after)
    for notice in gateway.notices_due(clock.now()):
        commands.hear_gateway(notice=notice, address="simulated", by=node_actor(), at=clock.now())
    return HttpResponseRedirect(reverse("entries:order", args=[number]))
