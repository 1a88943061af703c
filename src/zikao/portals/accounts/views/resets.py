"""Somebody's lost second factors: asked, confirmed by another administrator, done."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.access import commands, policies
from zikao.foundation.access.models import FactorReset
from zikao.foundation.access.states import ResetReason, ResetState
from zikao.foundation.actors import Actor
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
    object_page,
    staff_page,
    steps_of,
    table_page,
    waits_for,
)
from zikao.foundation.pages.parts import Tone
from zikao.portals.accounts import forms
from zikao.portals.accounts.queries import reset, resets

TONES: dict[str, Tone] = {ResetState.ASKED: "due", ResetState.DONE: "done"}


def _pill(row: FactorReset) -> Pill:
    return Pill.of(row.state, ResetState, TONES)


@staff_page(posts=policies.READERS)
def reset_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All requests of the actor's subtree."""
    table = Table(
        resets(actor),
        (
            Column("account.name", "姓名"),
            Column("account.username", "用户名", "code"),
            Column("get_reason_display", "原因"),
            Column("asked_by.name", "申请人"),
            Column("asked_at", "申请时间", "datetime", sortable=True),
            Column("state", "状态", "pill", value=_pill),
        ),
        filters=(Filter("state", "状态", kind="choice", choices=ResetState.choices),),
        link=lambda row: reverse("accounts:reset", args=[row.pk]),
        order="-asked_at",
        empty="没有重置申请。",
    )
    intro = "申请由安全管理员从“账号”里提出，由另一名管理员确认。"
    return table_page(request, title="第二重验证重置", intro=intro, table=table)


@staff_page(posts=policies.READERS)
def reset_page(request: HttpRequest, actor: Actor, reset_id: int) -> HttpResponse:
    """One request: facts, steps, actions, history."""
    found = reset(actor, reset_id)
    return object_page(
        request,
        kicker="第二重验证重置",
        title=found.account.name,
        pill=_pill(found),
        facts=_facts(found),
        steps=steps_of(ResetState, found.state, path=[ResetState.ASKED, ResetState.DONE]),
        actions=_actions(found, actor),
        history=f"access.factorreset:{found.pk}",
        back=Link("第二重验证重置", reverse("accounts:resets")),
    )


def _facts(found: FactorReset) -> list[Fact]:
    decided = [Fact("决定人", found.decided_by), Fact("决定时间", found.decided_at, "datetime")]
    return [
        Fact("账号", str(found.account), "link", href=reverse("accounts:account", args=[found.account_id])),
        Fact("原因", ResetReason(found.reason).label),
        Fact("申请人", str(found.asked_by)),
        Fact("申请时间", found.asked_at, "datetime", clause="EA-47"),
        *(decided if found.decided_by_id else []),
    ]


def _actions(found: FactorReset, actor: Actor) -> list[Action]:
    where = {"reset_id": found.pk}
    offered = [
        Action("确认重置", "accounts:confirm-reset", where, "此人的动态码、通行密钥、备用码全部作废。", danger=True),
        Action("不同意", "accounts:refuse-reset", where, "此人的第二重验证不变。"),
    ]
    return [
        each.open_if(found.state == ResetState.ASKED, "已经办结。")
        .open_if(found.asked_by_id != actor.account_id, "您是申请人，请由另一名管理员确认。", "SR-A1.10a")
        .open_if(found.account_id != actor.account_id, "不能办理自己的账号。", "SR-A1.10a")
        for each in offered
    ]


ask_reset = action(
    commands.ask_factor_reset,
    forms.ResetForm,
    title="申请重置第二重验证",
    what="请先当面核对此人的身份证件。申请由另一名管理员确认后生效：此人的动态码、通行密钥、备用码作废，下次登录时重新设置。",
    clause="EA-47",
    button="申请",
    done="申请已提出，请另一名管理员确认。",
    back=lambda receipt, **kwargs: reverse("accounts:reset", args=[receipt.value.pk]),
)
confirm_reset = action(
    commands.confirm_factor_reset,
    title="确认重置第二重验证",
    what="确认后，此人的动态码、通行密钥、备用码全部作废，各处登录随即结束，下次登录时须重新设置。",
    clause="EA-47",
    danger=True,
    button="确认重置",
    done="已重置，此人下次登录时重新设置。",
    back="accounts:reset",
)
refuse_reset = action(
    commands.refuse_factor_reset,
    title="不同意重置",
    what="此人的第二重验证保持不变。",
    button="不同意",
    done="已答复不同意。",
    back="accounts:reset",
)


@waits_for(policies.RESET_CONFIRMERS, "待确认的第二重验证重置", "EA-47", stage="accounts")
def resets_to_confirm(actor: Actor) -> Asked:
    """Requests of others that this administrator may confirm."""
    waiting = resets(actor).filter(state=ResetState.ASKED)
    mine = actor.account_id
    waiting = waiting.exclude(asked_by_id=mine).exclude(account_id=mine) if mine else waiting
    yield waiting
    first = waiting.order_by("asked_at").first()
    if first is None:
        return Waiting(0)
    return Waiting(waiting.count(), reverse("accounts:resets"), since=first.asked_at)
