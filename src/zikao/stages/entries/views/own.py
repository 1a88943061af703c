"""A candidate's own entries, payment and withdrawal; and money taken at the counter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.commands import Receipt
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import Task, action, candidate_page, candidate_task
from zikao.foundation.pages.formats import moment_text, money_text
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.entries import commands, forms, policies, queries
from zikao.stages.entries.models import Entry, EntryWindow, Order, Refund
from zikao.stages.entries.rules import REFUND
from zikao.stages.entries.states import TAKEN_BACK, EntryState, WindowState


@candidate_page
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My entries of all sittings, newest first, with what is open to me now."""
    candidate, now = access_candidate(actor, actor.candidate_id or 0), clock.now()
    rows = list(queries.entries(actor).order_by("-sitting__code", "unit__number", "pk"))
    windows = queries.open_windows(now)
    coming = queries.coming_window(now)
    page = {
        "candidate": candidate,
        "rows": rows,
        "windows": [_open(window, candidate, rows, now) for window in windows],
        **_corrected(rows, {window.sitting_id for window in windows}),
        "ended": {row.pk for row in rows if row.was_at in TAKEN_BACK},
        "confirmable": {row.sitting_id for row in rows if row.state != EntryState.WITHDRAWN},
        "open_sittings": {window.sitting_id for window in windows},
        "coming": coming,
        "waiting_since": queries.waiting_opens_at(coming) if coming and coming.waiting_room else None,
        "now": now,
        "lists": queries.frozen_sittings(),
        "orders": Order.objects.filter(candidate=candidate).exclude(state="cancelled")[:20],
        "refunds": Refund.objects.filter(payment__candidate=candidate).select_related("payment")[:20],
    }
    return render(request, "entries/mine.html", page)


def _corrected(rows: list[Entry], open_sittings: set[int]) -> dict[str, set[int]]:
    """The entries that clash since a correction, and those that may be taken back: these, and all while it is open."""
    lists = queries.frozen_sittings()
    standing = [row for row in rows if row.state != EntryState.WITHDRAWN and row.sitting_id not in lists]
    places = queries.clashes_among(standing)
    clashing = {row.pk for row in standing if (row.sitting_id, row.unit_id) in places}
    free = {row.pk for row in standing if row.was_at or row.sitting_id in open_sittings}
    return {"clashing": clashing, "withdrawable": clashing | free}


def _open(window: EntryWindow, candidate: Candidate, rows: list[Entry], now: datetime) -> dict[str, Any]:
    mine = [row for row in rows if row.sitting_id == window.sitting_id]
    return {
        "window": window,
        "due_fen": sum(row.fee_fen for row in mine if row.state == EntryState.ENTERED),
        "periods": queries.periods_for(candidate, window, now),
        "changes": window.changes.all()[:3],
    }


def withdrawal(actor: Actor, entry_id: int) -> dict[str, Any]:
    """What is withdrawn and what goes back, for who is about to do it; NotFound elsewhere."""
    entry = queries.entries(actor).filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("entry-not-found", facts={"entry": entry_id})
    is_paid = entry.state == EntryState.PAID
    facts = {"paid_fen": entry.fee_fen, "province": settings.ZIKAO_NODE_CODE}
    back = REFUND(on=clock.today(), by_correction=queries.is_corrected(entry), **facts) if is_paid else 0
    return {"entry": entry, "is_paid": is_paid, "refund_fen": back}


def _withdrawn(receipt: Receipt[Entry]) -> str:
    back = receipt.value.refund_fen
    return f"已退报，应退 {money_text(back)}，退款进度见“订单与退款”。" if back else "已退报。"


withdraw_mine = action(
    commands.withdraw_entry, title="退报这门课程", danger=True, clause="EA-13.2", button="退报",
    what="退报后名额立即放出，这一单元可以改报其他课程；已缴的考试费按规定比例原路退回，没有缴费的订单作废。",
    done=_withdrawn, back="entries:mine", door="candidate", extra_template="entries/_withdrawing.html",
    context=lambda actor, entry_id: withdrawal(actor, entry_id),
)  # fmt: skip
take_payment = action(
    commands.record_payment, forms.CounterPaymentForm, title="窗口收费", clause="EA-13.2", button="登记收费",
    what="登记考生在窗口缴纳的考试费（现金、转账、刷卡），记下收费票据号；金额须与待缴合计一致。",
    done="已登记，所报课程转为已缴费。",
    back=lambda receipt, candidate_id, sitting_code: reverse("candidates:candidate", args=[candidate_id]),
    posts=policies.COUNTER,
    extra_template="entries/_owing.html",
    context=lambda actor, candidate_id, sitting_code: _owing(actor, candidate_id, sitting_code),
    initial=lambda actor, candidate_id, sitting_code: {"amount_yuan": _owed(actor, candidate_id, sitting_code)},
    arguments=lambda data: {"order_number": data["order_number"], "amount_fen": int(data["amount_yuan"] * 100)},
)  # fmt: skip


def _owing(actor: Actor, candidate_id: int, sitting_code: str) -> dict[str, Any]:
    candidate, window = access_candidate(actor, candidate_id), queries.window_of(sitting_code)
    unpaid = list(queries.unpaid(candidate.pk, window.sitting_id))
    return {"candidate": candidate, "window": window, "unpaid": unpaid, "due_fen": sum(e.fee_fen for e in unpaid)}


def _owed(actor: Actor, candidate_id: int, sitting_code: str) -> str:
    candidate = access_candidate(actor, candidate_id)
    unpaid = queries.own_entries(candidate.pk, sitting_code).filter(state=EntryState.ENTERED)
    return f"{sum(unpaid.values_list('fee_fen', flat=True)) / 100:.2f}"


@candidate_task("报考课程", order=20, clause="EA-13.2")
def enter_task(actor: Actor) -> Task | None:
    """Enter while a window is open; before it, take one's place; after it, what was entered."""
    now = clock.now()
    window = queries.open_window_now(now) or queries.coming_window(now) or queries.past_window(now)
    if window is None or not Candidate.objects.filter(pk=actor.candidate_id or 0).exists():
        return None
    if now < window.opens_at:
        return _coming(window, now)
    number = queries.own_entries(actor.candidate_id or 0, window.sitting.code).count()
    if now >= window.closes_at or window.state == WindowState.CLOSED:
        return Task("done" if number else "closed", reverse("entries:mine"), f"{window.sitting}考试，已报 {number} 门")
    if number:
        return Task("done", reverse("entries:mine"), f"{window.sitting}考试，已报 {number} 门", due=window.closes_at)
    url = reverse("entries:choose", args=[window.sitting.code])
    return Task("todo", url, f"{window.sitting}考试", due=window.closes_at)


def _coming(window: EntryWindow, now: datetime) -> Task:
    begins = f"{window.sitting}考试，{moment_text(window.opens_at)} 开始"
    if window.waiting_room and now >= queries.waiting_opens_at(window):
        return Task("todo", reverse("entries:wait", args=[window.sitting.code]), f"{begins}，现在可以取号候场")
    return Task("later", reverse("entries:mine"), begins)


@candidate_task("处理时间冲突", order=15, clause="EA-22.1")
def clash_task(actor: Actor) -> Task | None:
    """Give one of two courses back that clash since a correction; not shown to others."""
    found = queries.clashing_entries(actor).first()
    if found is None:
        return None
    return Task("todo", reverse("entries:mine"), f"{found.sitting}考试安排已更正，请退报其中一门（全额退费）")


@candidate_task("缴纳考试费", order=25, clause="EA-13.2")
def pay_task(actor: Actor) -> Task | None:
    """Pay what is entered; not shown before anything is."""
    now = clock.now()
    window = queries.open_window_now(now) or queries.past_window(now)
    if window is None:
        return None
    states = list(queries.own_entries(actor.candidate_id or 0, window.sitting.code).values_list("state", flat=True))
    if not states:
        return None
    if EntryState.ENTERED not in states:
        return Task("done", reverse("entries:mine"), f"{len(states)} 门已缴费")
    if window.state == WindowState.CLOSED:
        return Task("closed", reverse("entries:mine"), "未缴费的课程没有列入名册")
    if now >= window.closes_at:
        return Task("closed", reverse("entries:mine"), "缴费已截止，未缴费的课程不列入本次考试")
    url = reverse("entries:pay", args=[window.sitting.code])
    return Task("todo", url, f"{states.count(EntryState.ENTERED)} 门待缴费", due=window.closes_at)
