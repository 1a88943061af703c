"""The counter's desk: the queue, who is called, document and portrait side by side, the number; all by keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock, storage
from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput, NotFound, ZikaoError
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    Waiting,
    action,
    few,
    object_page,
    staff_page,
    steps_of,
    table_page,
    waits_for,
)
from zikao.foundation.pages.forms import speak_plainly
from zikao.foundation.regulation import parameter
from zikao.stages.candidates import commands, policies, queries
from zikao.stages.candidates.ethnic import ETHNIC
from zikao.stages.candidates.forms.queue import DeskForm, ReturnForm
from zikao.stages.candidates.forms.registration import condition_of
from zikao.stages.candidates.models import Candidate, PreRegistration
from zikao.stages.candidates.portraits import media_type
from zikao.stages.candidates.queries import queue as waiting_queries
from zikao.stages.candidates.states import DocumentKind, QueueState, Sex
from zikao.stages.programmes import queries as programmes
from zikao.stages.programmes.states import Evidence

PATH = (QueueState.QUEUED, QueueState.CALLED, QueueState.REGISTERED)
TONES: Mapping[str, Any] = {
    "queued": "due",
    "called": "info",
    "registered": "done",
    "returned": "due",
    "stopped": "danger",
}
DONE = "desk-done"


@staff_page(posts=policies.READERS)
def queue_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The pre-registrations handed in in the actor's subtree."""
    table = Table(
        waiting_queries.queue(actor),
        (
            Column("code", "预约号", "code"),
            Column("agency_code", "报名县（区）", "code"),
            Column("major", "专业", value=lambda row: str(row.major)),
            Column("submitted_at", "提交时间", "datetime", sortable=True),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, QueueState, TONES)),
        ),
        filters=(
            Filter("code", "预约号", lookup="code__startswith"),
            Filter("state", "状态", "choice", QueueState.choices),
        ),
        link=lambda row: reverse("candidates:queued", args=[row.pk]),
        order="submitted_at",
        empty="还没有人在网上预报名。",
    )
    acts = [Action("按顺序叫号", "candidates:desk", posts=policies.REGISTRARS)]
    return table_page(request, title="预报名队列", table=table, actions=acts)


@staff_page(posts=policies.REGISTRARS)
def desk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who is in hand; else how many wait, and the key that calls the next."""
    held = waiting_queries.in_hand(actor)
    if request.method == "POST" and held is None:
        held = commands.call_queued(by=actor, at=clock.now()).value
    if held is not None:
        return HttpResponseRedirect(reverse("candidates:desk-one", args=[held.pk]))
    done = request.session.get(DONE)
    context = {
        "waiting": waiting_queries.waiting(actor).count(),
        "done": queries.candidates(actor).filter(pk=done).first() if done else None,
    }
    return render(request, "candidates/desk.html", context)


@staff_page(posts=policies.REGISTRARS)
def desk_one(request: HttpRequest, actor: Actor, queued_id: int) -> HttpResponse:
    """Document, portrait and person side by side; Enter registers."""
    asked = _mine(actor, queued_id)
    form = speak_plainly(DeskForm(request.POST or None, initial={"fee_yuan": f"{_fee() / 100:.2f}"}))
    error: ZikaoError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            done = _confirm(form.cleaned_data, queued_id, actor, request.POST.get("idempotency_key", ""))
            request.session[DONE] = done.pk
            return HttpResponseRedirect(reverse("candidates:desk"))
        except BadInput as refusal:
            for name, text in refusal.field_errors.items():
                form.add_error(name if name in form.fields else None, text)
        except ZikaoError as refusal:
            error = refusal
    status = 422 if form.errors else error.http_status if error else 200
    context = {
        "asked": asked,
        "form": form,
        "error": error,
        "rows": _compared(asked),
        "key": f"desk-{asked.pk}-{asked.called_at}",
    }
    return render(request, "candidates/desk_one.html", context, status=status)


def _confirm(data: Mapping[str, Any], queued_id: int, actor: Actor, key: str) -> Candidate:
    done = commands.confirm_registration(
        queued_id=queued_id,
        number_tail=data["number_tail"],
        same_person=data["same_person"],
        fee_fen=int(data["fee_yuan"] * 100),
        key=key or None,
        by=actor,
        at=clock.now(),
    )
    return Candidate.objects.get(pk=int(done.subject.rpartition(":")[2]))


def _fee() -> int:
    fee: int = parameter("registration-fee").on(clock.today(), province=settings.ZIKAO_NODE_CODE)
    return fee


def _mine(actor: Actor, queued_id: int) -> PreRegistration:
    asked = waiting_queries.queued(actor, queued_id)
    if asked.state != QueueState.CALLED or asked.called_by != actor.account_id:
        raise NotFound("not-in-hand", message="这份预报名不在您手上办理。", remedy="请先叫号。", clause="EA-13.1")
    return asked


def _compared(asked: PreRegistration) -> list[tuple[str, str]]:
    told = waiting_queries.answers_of(asked)
    code = asked.major.code if asked.major else ""
    plan = programmes.entry_plans(clock.today(), [code]).get(code)
    special = condition_of(plan) if plan else ""
    shown = str(told.get("shown") or "")
    return [
        ("姓名", str(told["name"])),
        ("性别", str(Sex(told["sex"]).label)),
        ("民族", dict(ETHNIC)[told["ethnic"]]),
        ("出生日期", str(told["born_on"])),
        ("证件", str(DocumentKind(told["document_kind"]).label)),
        ("专业", str(asked.major)),
        *([("专业要求", special), ("请核对原件", str(Evidence(shown).label) if shown else "—")] if special else []),
        ("首次报考", str(asked.sitting)),
        ("手机号码", str(told["phone"])),
    ]


@staff_page(posts=policies.REGISTRARS)
def desk_portrait(request: HttpRequest, actor: Actor, queued_id: int) -> HttpResponse:
    """The portrait in full, only to who has called this person and only meanwhile."""
    picture = storage.get(_mine(actor, queued_id).portrait)
    return HttpResponse(picture, content_type=media_type(picture))


@staff_page(posts=policies.READERS)
def queued(request: HttpRequest, actor: Actor, queued_id: int) -> HttpResponse:
    """One pre-registration in four parts; what it holds stays sealed here."""
    asked = waiting_queries.queued(actor, queued_id)
    reached = {QueueState.QUEUED.value: asked.submitted_at, QueueState.CALLED.value: asked.called_at}
    reached[asked.state] = asked.ended_at or reached.get(asked.state)
    person = reverse("candidates:candidate", args=[asked.candidate_id]) if asked.candidate_id else ""
    return object_page(
        request,
        kicker="网上预报名",
        title=asked.code,
        pill=Pill.of(asked.state, QueueState, TONES),
        back=Link("预报名队列", reverse("candidates:queue")),
        facts=[
            Fact("报名县（区）", asked.agency_code, "code"),
            Fact("专业", str(asked.major or "")),
            Fact("首次报考", str(asked.sitting or "")),
            Fact("提交时间", asked.submitted_at, "datetime", clause="EA-13.1"),
            Fact("现场确认期限", waiting_queries.come_until(asked), "date"),
            Fact("接受考场规则", asked.rules_accepted_at, "datetime", clause="EA-A1.1"),
            Fact("签署承诺书", asked.pledged_at, "datetime", clause="EA-26.1"),
            *([Fact("原因", asked.why)] if asked.why else []),
            *([Fact("考生", str(asked.candidate), "link", href=person)] if person else []),
        ],
        steps=steps_of(QueueState, asked.state, path=PATH, reached={k: v for k, v in reached.items() if v}),
        actions=_actions(asked),
        history=f"candidates.preregistration:{asked.pk}",
    )


def _actions(asked: PreRegistration) -> list[Action]:
    here, state = {"queued_id": asked.pk}, QueueState(asked.state)
    why = f"预报名的状态是“{state.label}”。"
    return [
        Action("叫号办理", "candidates:call", here, "叫这名考生到窗口，对照证件和照片。", clause="EA-13.1")
        .open_if(state == QueueState.QUEUED, why, "EA-13.1"),
        Action("退回修改", "candidates:return-queued", here, "写明哪里要改，考生在网上改好再提交。", clause="EA-13.1")
        .open_if(state in (QueueState.QUEUED, QueueState.CALLED), why, "EA-13.1"),
        Action("放回队列", "candidates:put-back", here, "叫号后人没有到的，放回队列。")
        .open_if(state == QueueState.CALLED, why),
    ]  # fmt: skip


def _which(actor: Actor, queued_id: int) -> str:
    return f"预约号 {waiting_queries.queued(actor, queued_id).code}"


call = action(
    commands.call_queued, title="叫号办理", clause="EA-13.1", button="叫号",
    what="叫号之后，这名考生由您的窗口办理。", done="已叫号。", about=_which,
    back=lambda receipt, queued_id: reverse("candidates:desk-one", args=[queued_id]),
)  # fmt: skip
return_queued = action(
    commands.return_queued, ReturnForm, title="退回修改", clause="EA-13.1", button="退回",
    what="考生凭预约号看到原因，改好以后重新提交。", done="已退回。", back="candidates:desk", about=_which,
)  # fmt: skip
put_back = action(
    commands.put_back, title="放回队列", clause="EA-13.1", button="放回",
    what="叫号后本人没有到场的，放回队列，位置不变。", done="已放回队列。", back="candidates:desk", about=_which,
)  # fmt: skip


@waits_for(policies.REGISTRARS, "等待现场确认的预报名", "EA-13.1", stage="candidates")
def to_confirm(actor: Actor) -> Asked:
    """Who waits at the counter."""
    rows = waiting_queries.waiting(actor)
    yield rows
    count, found = few(rows, 1)
    first = found[0] if found else None
    return Waiting(count, reverse("candidates:desk"), first.submitted_at if first else None)
