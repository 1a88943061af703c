"""Destruction: proposed, approved, carried out, witnessed, certified."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals import subject_page
from zikao.foundation.documents import render
from zikao.foundation.errors import WrongState
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Item,
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
    tell,
    url_or_empty,
    waits_for,
)
from zikao.foundation.pages.parts import Tone
from zikao.foundation.regulation import clause, retention_schedule
from zikao.foundation.retention import commands, policies, queries
from zikao.foundation.retention.models import Destruction, Holding
from zikao.foundation.retention.states import DestructionState, Standing
from zikao.portals.retention import forms
from zikao.stages.agencies.queries import agency_name

TONES: dict[str, Tone] = {
    "proposed": "due",
    "approved": "due",
    "carried-out": "due",
    "destroyed": "done",
    "refused": "danger",
}
PATH = (
    DestructionState.PROPOSED,
    DestructionState.APPROVED,
    DestructionState.CARRIED_OUT,
    DestructionState.DESTROYED,
)

tell(
    **{
        "retention.destruction-proposed": "提出销毁",
        "retention.destruction-carried-out": "执行销毁",
        "retention.destroyed": "见证销毁",
    }
)
subject_page("retention.destruction", lambda pk: reverse("retention:destruction", args=[pk]))


def _pill(each: Destruction) -> Pill:
    return Pill.of(each.state, DestructionState, TONES)


@staff_page(posts=policies.READERS)
def destruction_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The lists of the actor's subtree."""
    table = Table(
        queries.destructions(actor).prefetch_related("items"),
        (
            Column("number", "编号", "code"),
            Column("items", "项数", "number", value=lambda each: len(each.items.all())),
            Column("method", "方式", value=lambda each: each.get_method_display()),
            Column("proposed_at", "提出时间", "datetime"),
            Column("state", "状态", "pill", value=_pill),
        ),
        filters=(Filter("state", "状态", "choice", DestructionState.choices),),
        link=lambda each: reverse("retention:destruction", args=[each.pk]),
        order="-id",
        empty="没有办理过销毁。期满的材料在“到期清单”中。",
    )
    back = Link("保管的材料", reverse("retention:list"))
    return table_page(request, title="销毁", table=table, actions=[Action("提出销毁", "retention:propose")], back=back)


@staff_page(posts=policies.READERS)
def destruction_page(request: HttpRequest, actor: Actor, destruction_id: int) -> HttpResponse:
    """One list: what is on it, who proposed, carried out, witnessed."""
    each = queries.destruction(actor, destruction_id)
    things = _things(each)
    reached = {
        "proposed": each.proposed_at,
        **({"carried-out": each.carried_out_at} if each.carried_out_at else {}),
        **({"destroyed": each.witnessed_at} if each.witnessed_at else {}),
    }
    listed = [
        Fact(thing.matter, thing.title, "link", href=reverse("retention:holding", args=[thing.pk]), note=_amount(thing))
        for thing in things
    ]
    return object_page(
        request,
        kicker="销毁",
        title=each.number,
        pill=_pill(each),
        facts={"": _facts(each), "清单": listed},
        steps=steps_of(DestructionState, each.state, reached=reached, path=PATH),
        actions=_actions(each, actor),
        history=f"retention.destruction:{each.pk}",
        back=Link("销毁", reverse("retention:destructions")),
    )


def _facts(each: Destruction) -> list[Fact]:
    approval = url_or_empty("approvals:approval", {"approval_id": each.approval_id})
    facts = [
        Fact("理由", each.reason),
        Fact("方式和地点", f"{each.get_method_display()}　{each.place}"),
        Fact("清单摘要", each.digest[:16], "code", note="签字人签的就是这份清单"),
        Fact("提出人", queries.name_of(each.proposed_by)),
    ]
    if each.approval_id:
        facts.append(Fact("审批", f"第 {each.approval_id} 号", "link" if approval else "text", href=approval))
    if each.carried_out_by:
        facts.append(Fact("执行人", f"{queries.name_of(each.carried_out_by)}　{Post(each.carried_out_post).label}"))
    if each.witnessed_by:
        facts.append(Fact("见证人", queries.name_of(each.witnessed_by)))
    return facts


def _actions(each: Destruction, actor: Actor) -> list[Action]:
    ids = {"destruction_id": each.pk}
    carry_out = Action("登记执行", "retention:carry-out", ids, "登记清单所列已在两人在场时销毁。", danger=True)
    witness = Action("见证", "retention:witness", ids, "确认亲眼见证；电子文件随即清除，不能恢复。", danger=True)
    state = each.state
    return [
        carry_out.open_if(state == DestructionState.APPROVED, "批准之后才能执行，执行只有一次。", "EA-44"),
        witness.open_if(state == DestructionState.CARRIED_OUT, "执行之后由另一岗位的人见证。", "EA-44").open_if(
            each.carried_out_by != actor.account_id, "执行人不能自己见证。", "EA-44"
        ),
        Action("销毁证明", "retention:certificate", ids, "打印销毁证明。", posts=policies.READERS).open_if(
            state == DestructionState.DESTROYED, "见证之后才能出具。"
        ),
    ]


@staff_page(posts=policies.READERS)
def certificate(request: HttpRequest, actor: Actor, destruction_id: int) -> HttpResponse:
    """The certificate of a destruction that is over, as PDF."""
    each = queries.destruction(actor, destruction_id)
    if each.state != DestructionState.DESTROYED:
        raise WrongState("not-destroyed", message="还没有见证，不能出具销毁证明。", clause="EA-44")
    pdf = render("retention/certificate.typ", _certificate(each))
    headers = {"Content-Disposition": f'inline; filename="destruction-{each.pk}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _certificate(each: Destruction) -> dict[str, Any]:
    things = _things(each)
    stands = queries.how_they_stand(things, clock.local_day(each.proposed_at))
    cited = dict.fromkeys(["EA-44", *(retention_schedule()[thing.kind].clause for thing in things)])
    return {
        "agency": agency_name(each.agency_code),
        "number": each.number,
        "reason": each.reason,
        "method": each.get_method_display(),
        "place": each.place,
        "digest": each.digest,
        "approval": str(each.approval_id or ""),
        "rows": [
            {
                "matter": thing.matter,
                "kind": thing.kind_title,
                "title": thing.title,
                "amount": _amount(thing),
                "started_on": f"{stands[thing.pk].started_on or ''}",
                "until": f"{stands[thing.pk].until or ''}",
            }
            for thing in things
        ],
        "carried_out_by": queries.name_of(each.carried_out_by),
        "carried_out_post": Post(each.carried_out_post).label,
        "carried_out_on": f"{clock.local_day(each.carried_out_at or each.proposed_at)}",
        "witnessed_by": queries.name_of(each.witnessed_by),
        "witnessed_on": f"{clock.local_day(each.witnessed_at or each.proposed_at)}",
        "clauses": [clause(name).citation for name in cited],
    }


def _amount(thing: Holding) -> str:
    return f"{thing.quantity} {thing.unit}"


def _things(each: Destruction) -> list[Holding]:
    return [item.holding for item in each.items.select_related("holding")]


def _due_things(actor: Actor, **kwargs: Any) -> Mapping[str, Any]:
    rows = [pair for pair in queries.due_soon(actor, clock.today()) if pair[1].standing == Standing.DUE]
    return {"things": [(held.pk, f"{held.matter}　{held.title}（{_amount(held)}）") for held, _ in rows]}


propose = action(
    commands.propose_destruction,
    forms.DestructionForm,
    title="提出销毁",
    what="只列出期满、没有暂缓、没有未结案件的内容；批准后由两人在场执行。",
    clause="EA-44",
    done="已提出，等待审批。",
    form_options=_due_things,
    back=lambda receipt: reverse("retention:destruction", args=[receipt.value.pk]),
)
carry_out = action(
    commands.carry_out_destruction,
    title="登记执行",
    what="登记清单所列已经销毁（电子文件在见证后清除）。",
    clause="EA-44",
    danger=True,
    done="已登记执行，等待另一岗位的人见证。",
    back="retention:destruction",
)
witness = action(
    commands.witness_destruction,
    title="见证销毁",
    what="确认清单所列在您面前销毁。电子文件随即清除，不能恢复。",
    clause="EA-44",
    danger=True,
    button="确认见证",
    done="销毁已办结，可以打印销毁证明。",
    back="retention:destruction",
)


@waits_for(policies.EXECUTORS, "已批准、待执行的销毁", "EA-44", stage="retention")
def to_carry_out(actor: Actor) -> Asked:
    """Approved lists."""
    return _waiting(actor, DestructionState.APPROVED)


@waits_for(policies.WITNESSES, "待见证的销毁", "EA-44", stage="retention")
def to_witness(actor: Actor) -> Asked:
    """Lists that somebody carried out."""
    return _waiting(actor, DestructionState.CARRIED_OUT)


def _waiting(actor: Actor, state: DestructionState) -> Asked:
    rows = queries.destructions(actor).filter(state=state)
    yield rows
    count, first = few(rows)
    items = tuple(Item(each.number, reverse("retention:destruction", args=[each.pk])) for each in first)
    return Waiting(count, f"{reverse('retention:destructions')}?state={state}", items=items)
