"""Signing in another's place: the list, one delegation, a new one, its end."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals import commands, policies
from zikao.foundation.approvals.models import Delegation
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Link,
    Pill,
    Step,
    Table,
    action,
    object_page,
    staff_page,
    table_page,
)
from zikao.foundation.regulation.chains import chain
from zikao.portals.approvals import forms, queries

READERS = policies.SIGNERS | {Post.AUDITOR}


def _state(made: Delegation) -> Pill:
    today = clock.today()
    if made.until_on <= today:
        return Pill("已终止")
    return Pill("尚未开始", "info") if made.since_on > today else Pill("有效", "done")


@staff_page(posts=READERS)
def delegation_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The delegations that I made or received."""
    table = Table(
        queries.delegations(actor),
        (
            Column("principal.account.name", "委托人"),
            Column("principal.get_post_display", "岗位"),
            Column("delegate.name", "受托人"),
            Column("chain", "审批事项", value=lambda made: chain(made.chain).title),
            Column("since_on", "起", "date"),
            Column("until_on", "止", "date"),
            Column("state", "状态", "pill", value=_state),
        ),
        link=lambda made: reverse("approvals:delegation", args=[made.pk]),
        order="-id",
        empty="没有代签委托。",
    )
    intro = "只有审批链写明可以委托的步骤，才可以由同一机构的人员代签；成绩、密码、销毁等事项一律由本人签字。"
    offered = [Action("办理委托", "approvals:delegate")]
    return table_page(request, title="代签委托", intro=intro, table=table, actions=offered)


@staff_page(posts=READERS)
def delegation_page(request: HttpRequest, actor: Actor, delegation_id: int) -> HttpResponse:
    """One delegation: facts, steps, its end, history."""
    made = _one(actor, delegation_id)
    today = clock.today()
    over = made.until_on <= today
    end_it = Action("终止委托", "approvals:end-delegation", {"delegation_id": made.pk}, "今天起受托人不能再代签。")
    return object_page(
        request,
        kicker="代签委托",
        title=f"{made.principal.account.name} 委托 {made.delegate.name}",
        pill=_state(made),
        facts=_facts(made),
        steps=(
            Step("办理", "past", made.delegated_at),
            Step("有效", "past" if over else "present"),
            Step("终止", "present" if over else "future"),
        ),
        actions=[
            end_it.open_if(not over, "这一委托已经终止。").open_if(
                made.principal.account_id == actor.account_id, "只有委托人本人可以终止。"
            )
        ],
        history=f"approvals.delegation:{made.pk}",
        back=Link("代签委托", reverse("approvals:delegations")),
    )


def _one(actor: Actor, delegation_id: int) -> Delegation:
    made = queries.delegations(actor).filter(pk=delegation_id).first()
    if made is None:
        raise NotFound("delegation-not-found", message="没有找到这一委托，或者与您无关。")
    return made


def _facts(made: Delegation) -> list[Fact]:
    return [
        Fact("委托人", f"{made.principal.account.name}（{Post(made.principal.post).label}）"),
        Fact("受托人", made.delegate.name),
        Fact("审批事项", chain(made.chain).title, clause=chain(made.chain).clause),
        Fact("起", made.since_on, "date"),
        Fact("止", made.until_on, "date", note="不含当日"),
        Fact("原因", made.reason),
    ]


def _offered(actor: Actor, **kwargs: Any) -> dict[str, Any]:
    at = clock.now()
    return {
        "colleagues": queries.colleagues(actor, clock.today()),
        "chains_offered": queries.chains_to_delegate(actor, at),
    }


delegate = action(
    commands.delegate_signing,
    forms.DelegationForm,
    title="办理委托",
    what="受托人在期限内可以在所选事项中代您签字，签字注明“代”；受托人与其他签字人、提出人仍然各不相同。",
    button="委托",
    done="委托已登记。",
    form_options=_offered,
    initial=lambda actor, **kwargs: {"since_on": clock.today()},
    back=lambda receipt, **kwargs: reverse("approvals:delegation", args=[receipt.value.pk]),
)
end = action(
    commands.end_delegation,
    title="终止委托",
    what="今天起受托人不能再代签；已经代签的仍然有效。",
    danger=True,
    button="终止",
    done="委托已终止。",
    back="approvals:delegation",
    context=lambda actor, delegation_id: {"heading": "委托", "facts": _facts(_one(actor, delegation_id))},
    extra_template="approvals/_what.html",
)
