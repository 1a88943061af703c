"""A candidate's own entries, payment and withdrawal; and money taken at the counter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import Task, action, candidate_page, candidate_task
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.entries import commands, forms, policies, queries
from zikao.stages.entries.models import Order, Refund
from zikao.stages.entries.states import EntryState, WindowState


@candidate_page
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My entries of all sittings, newest first, with what is open to me now."""
    candidate = access_candidate(actor, actor.candidate_id or 0)
    rows = queries.entries(actor).order_by("-sitting__code", "unit__number", "pk")
    window = queries.open_window_now(clock.now())
    due = sum(row.fee_fen for row in rows if row.state == EntryState.ENTERED and _is(window, row.sitting_id))
    page = {
        "candidate": candidate,
        "rows": rows,
        "window": window,
        "due_fen": due,
        "lists": queries.frozen_sittings(),
        "orders": Order.objects.filter(candidate=candidate).exclude(state="cancelled")[:20],
        "refunds": Refund.objects.filter(payment__candidate=candidate).select_related("payment")[:20],
        "periods": queries.periods_for(candidate, window, clock.now()) if window else (),
        "changes": window.changes.all()[:3] if window else (),
    }
    return render(request, "entries/mine.html", page)


def _is(window: object, sitting_id: int) -> bool:
    return getattr(window, "sitting_id", None) == sitting_id


withdraw_mine = action(
    commands.withdraw_entry, title="退报这门课程", danger=True, clause="EA-13.2", button="退报",
    what="退报后名额立即放出，这一单元可以改报其他课程；已缴的考试费按规定比例原路退回，没有缴费的订单作废。",
    done="已退报。", back="entries:mine", door="candidate",
)  # fmt: skip
take_payment = action(
    commands.record_payment, forms.CounterPaymentForm, title="窗口收费", clause="EA-13.2", button="登记收费",
    what="登记考生在窗口缴纳的考试费（现金、转账、刷卡），记下收费票据号；金额须与待缴合计一致。",
    done="已登记，所报课程转为已缴费。",
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
