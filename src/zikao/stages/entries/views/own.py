"""A candidate's own entries, payment and withdrawal; and money taken at the counter."""

from __future__ import annotations

import re
import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, node_actor
from zikao.foundation.commands import Receipt
from zikao.foundation.errors import NotPermitted, ZikaoError
from zikao.foundation.pages import Task, action, candidate_page, candidate_task
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.entries import commands, forms, policies, queries
from zikao.stages.entries.models import Payment
from zikao.stages.entries.states import EntryState, WindowState


@candidate_page
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My entries of all sittings, newest first, with what is open to me now."""
    candidate = access_candidate(actor, actor.candidate_id or 0)
    rows = queries.entries(actor).order_by("-sitting__code", "unit__number", "pk")
    window = queries.open_window_now(clock.now())
    due = sum(row.fee_fen for row in rows if row.state == EntryState.ENTERED and _is(window, row.sitting_id))
    page = {"candidate": candidate, "rows": rows, "window": window, "due_fen": due, "lists": queries.frozen_sittings()}
    return render(request, "entries/mine.html", page)


def _is(window: object, sitting_id: int) -> bool:
    return getattr(window, "sitting_id", None) == sitting_id


@candidate_page
def pay(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """What I owe; in a demonstration also the button that plays the bank."""
    candidate = access_candidate(actor, actor.candidate_id or 0)
    window = queries.window_of(sitting_code)
    unpaid = queries.own_entries(candidate.pk, sitting_code).filter(state=EntryState.ENTERED)
    due = sum(unpaid.values_list("fee_fen", flat=True))
    page = {"window": window, "unpaid": unpaid, "due_fen": due, "order_number": uuid.uuid4().hex}
    page["simulated"] = settings.ZIKAO_IS_DEMO
    if request.method != "POST":
        return render(request, "entries/pay.html", page)
    try:
        paid = _play_the_bank(request, candidate, sitting_code, due)
    except ZikaoError as error:
        return render(request, "entries/pay.html", {**page, "error": error}, status=error.http_status)
    return render(request, "entries/paid.html", {"window": window, "payment": paid.value, "receipt": paid})


def _play_the_bank(request: HttpRequest, candidate: Candidate, sitting_code: str, due_fen: int) -> Receipt[Payment]:
    """The payment provider's notice, which only a demonstration makes up: the node hears it, not the candidate."""
    order = request.POST.get("order_number", "")
    if not settings.ZIKAO_IS_DEMO or not re.fullmatch(r"[0-9a-f]{32}", order):
        raise NotPermitted(
            "no-payment-provider", message="本系统没有接通网上支付。", remedy="请到报名县（区）窗口缴费。"
        )
    earlier = candidate.payments.filter(order_number=order).first()
    return commands.record_payment(
        candidate_id=candidate.pk,
        sitting_code=sitting_code,
        order_number=order,
        amount_fen=earlier.amount_fen if earlier else due_fen,
        by=node_actor(candidate.agency_code),
        at=clock.now(),
    )


withdraw_mine = action(
    commands.withdraw_entry, title="退报这门课程", danger=True, clause="EA-13.2", button="退报",
    what="退报后这一单元可以改报其他课程；已缴的考试费记为待退，原路退回。", done="已退报。", back="entries:mine",
    door="candidate",
)  # fmt: skip
take_payment = action(
    commands.record_payment, forms.CounterPaymentForm, title="窗口收费", clause="EA-13.2", button="登记收费",
    what="登记考生在窗口缴纳的考试费；金额须与待缴合计一致。", done="已登记，所报课程转为已缴费。",
    back=lambda receipt, candidate_id, sitting_code: reverse("candidates:candidate", args=[candidate_id]),
    posts=policies.COUNTER,
    initial=lambda actor, candidate_id, sitting_code: {"amount_yuan": _owed(actor, candidate_id, sitting_code)},
    arguments=lambda data: {"order_number": data["order_number"], "amount_fen": int(data["amount_yuan"] * 100)},
)  # fmt: skip


def _owed(actor: Actor, candidate_id: int, sitting_code: str) -> str:
    candidate = access_candidate(actor, candidate_id)
    unpaid = queries.own_entries(candidate.pk, sitting_code).filter(state=EntryState.ENTERED)
    return f"{sum(unpaid.values_list('fee_fen', flat=True)) / 100:.2f}"


@candidate_task("报考课程", order=20, clause="EA-13.2")
def enter_task(actor: Actor) -> Task | None:
    """Enter while the window is open."""
    window = queries.latest_window()
    if window is None or not Candidate.objects.filter(pk=actor.candidate_id or 0).exists():
        return None
    number = queries.own_entries(actor.candidate_id or 0, window.sitting.code).count()
    now = clock.now()
    if now < window.opens_at:
        return Task("later", hint=f"{window.sitting}考试，尚未开始")
    if now >= window.closes_at or window.state == WindowState.CLOSED:
        return Task("done" if number else "closed", reverse("entries:mine"), f"{window.sitting}考试，已报 {number} 门")
    if number:
        return Task("done", reverse("entries:mine"), f"{window.sitting}考试，已报 {number} 门", due=window.closes_at)
    url = reverse("entries:choose", args=[window.sitting.code])
    return Task("todo", url, f"{window.sitting}考试", due=window.closes_at)


@candidate_task("缴纳考试费", order=25, clause="EA-13.2")
def pay_task(actor: Actor) -> Task | None:
    """Pay what is entered; not shown before anything is."""
    window = queries.latest_window()
    if window is None:
        return None
    states = list(queries.own_entries(actor.candidate_id or 0, window.sitting.code).values_list("state", flat=True))
    if not states:
        return None
    if EntryState.ENTERED not in states:
        return Task("done", reverse("entries:mine"), f"{len(states)} 门已缴费")
    if window.state == WindowState.CLOSED:
        return Task("closed", reverse("entries:mine"), "未缴费的课程没有列入名册")
    url = reverse("entries:pay", args=[window.sitting.code])
    return Task("todo", url, f"{states.count(EntryState.ENTERED)} 门待缴费", due=window.closes_at)
