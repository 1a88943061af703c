"""Decisions over many: the applications that wait for this post, audited anew, passed on together."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import NotFound, ZikaoError
from zikao.foundation.pages import Asked, Waiting, bulk_action, few, shell_of, staff_page, waits_for
from zikao.stages.graduation import commands, policies, queries
from zikao.stages.graduation.models import Application
from zikao.stages.graduation.states import ApplicationState

STEPS: dict[Post, tuple[ApplicationState, ApplicationState, str]] = {
    Post.PREFECTURE_CLERK: (ApplicationState.SUBMITTED, ApplicationState.REVIEWED, "审核"),
    Post.RECORDS_HEAD: (ApplicationState.REVIEWED, ApplicationState.APPROVED, "省级审定"),
    Post.SCHOOL_CLERK: (ApplicationState.APPROVED, ApplicationState.CONFIRMED, "主考学校审定"),
}
SHOWN = 200


@staff_page(posts=policies.DECIDERS)
def decide(request: HttpRequest, actor: Actor, application_id: int | None = None) -> HttpResponse:
    """The applications that wait for this post; those ticked are passed on, all of them or none."""
    waiting, to, verb = STEPS[actor.post]
    rows = queries.in_state(actor, waiting)
    rows = rows.filter(pk=application_id) if application_id is not None else rows
    found = list(rows[:SHOWN])
    if application_id is not None and not found:
        raise NotFound("application-not-waiting", message=f"这份申请没有在等待您{verb}。")
    error: ZikaoError | None = None
    if request.method == "POST":
        error = _decide(request, actor, to, verb)
        if error is None:
            return HttpResponseRedirect(reverse("graduation:applications"))
    return _page(request, actor, found, verb, error, single=application_id is not None)


def _decide(request: HttpRequest, actor: Actor, to: ApplicationState, verb: str) -> ZikaoError | None:
    chosen = [
        int(text)
        for text in request.POST.getlist("application")
        if text.isascii() and text.isdigit() and len(text) < 19
    ]
    try:
        receipt = commands.decide_applications(application_ids=chosen, to=to, by=actor, at=clock.now())
    except ZikaoError as error:
        return error
    tag = f"receipt:{receipt.line_id}:{receipt.at.isoformat()}"
    messages.success(request, f"{verb}通过 {receipt.value} 份申请。", extra_tags=tag)
    return None


def _page(
    request: HttpRequest,
    actor: Actor,
    found: Sequence[Application],
    verb: str,
    error: ZikaoError | None,
    *,
    single: bool,
) -> HttpResponse:
    good = queries.audited(found, clock.today())
    own = actor.post == Post.PREFECTURE_CLERK
    rows = [
        {"application": each, "good": good[each.pk], "own": own and each.submitted_by == actor.account_id}
        for each in found
    ]
    context = {
        "shell": shell_of(request),
        "rows": rows,
        "verb": verb,
        "error": error,
        "single": single,
        "chosen": set(request.POST.getlist("application")),
        "open": any(row["good"] and not row["own"] for row in rows),
        "most": SHOWN,
    }
    return render(request, "graduation/decide.html", context, status=error.http_status if error else 200)


def _lines(actor: Actor, keys: Sequence[int]) -> list[str]:
    rows = queries.in_state(actor, STEPS[actor.post][0]).filter(pk__in=keys).in_bulk()
    return [
        f"{row.candidate.admission_number}　{row.candidate.name}　{row.plan.major}"
        for row in (rows[key] for key in keys if key in rows)
    ]


decide_chosen = bulk_action(
    commands.decide_applications,
    title="审核、审定选中的申请",
    argument="application_ids",
    shown=_lines,
    back="graduation:applications",
    what="每一份都按现在的考籍重新审核；全部符合才一起通过，有一份不符合就都不通过，并说明是哪一份、为什么。",
    clause="SR-18.2",
    button="审核通过",
    given=lambda actor: {"to": STEPS[actor.post][1]},
    done=lambda receipt, count: f"已审核、审定 {count:,} 份申请。",
)


@waits_for(policies.DECIDERS, "待审核、审定的毕业申请", "SR-18.2", stage="graduation")
def to_decide(actor: Actor) -> Asked:
    """The applications that wait for this post."""
    rows = queries.in_state(actor, STEPS[actor.post][0])
    yield rows
    count, found = few(rows, 1)
    first = found[0] if found else None
    return Waiting(count, reverse("graduation:decide"), first.submitted_at if first else None)
