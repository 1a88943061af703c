"""Accounts of staff: listed, opened, closed, given a new password."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.access import commands, policies, queries
from zikao.foundation.access.models import Account
from zikao.foundation.access.states import ClosingReason
from zikao.foundation.actors import Actor, Post
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Step,
    Table,
    Waiting,
    action,
    exportable,
    few,
    object_page,
    staff_page,
    table_page,
    waits_for,
)
from zikao.portals.accounts import forms
from zikao.portals.accounts.queries import agencies_offered, agency_names, factor_facts

ACTIVE = (("True", "启用"), ("False", "已注销"))
OPENERS = frozenset({Post.SYSTEM_ADMIN})
APPOINTERS = frozenset({Post.SECURITY_ADMIN})


def _state(account: Account) -> Pill:
    return Pill("启用", "done") if account.is_active else Pill("已注销")


FILTERS = (
    Filter("username", "用户名", lookup="username__startswith"),
    Filter("name", "姓名", lookup="name__contains"),
    Filter("agency_code", "机构代码", lookup="agency_code__startswith"),
    Filter("is_active", "状态", kind="choice", choices=ACTIVE),
)


@exportable("accounts.list", "账号", posts=policies.READERS)
def account_table(actor: Actor) -> Table:
    """The accounts of staff in the actor's subtree."""
    return Table(
        queries.staff_accounts(actor),
        (
            Column("username", "用户名", "code", sortable=True),
            Column("name", "姓名", personal=True),
            Column("agency_code", "机构", "code"),
            Column("created_at", "开设时间", "datetime"),
            Column("last_login", "最近登录", "datetime"),
            Column("is_active", "状态", "pill", value=_state),
        ),
        filters=FILTERS,
        link=lambda account: reverse("accounts:account", args=[account.pk]),
        order="username",
        empty="没有符合条件的账号。",
    )


@staff_page(posts=policies.READERS)
def account_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The accounts of staff in the actor's subtree."""
    return table_page(
        request,
        title="账号",
        intro="账号由系统管理员开设和注销；岗位由安全管理员聘任；两者都由审计管理员查看。",
        table=account_table(actor),
        actions=[Action("开设账号", "accounts:open", posts=OPENERS)],
    )


@staff_page(posts=policies.READERS)
def account_page(request: HttpRequest, actor: Actor, account_id: int) -> HttpResponse:
    """One account: facts, steps, actions, history, and its appointments."""
    account = queries.staff_account(actor, account_id)
    return object_page(
        request,
        kicker="账号",
        title=account.name,
        pill=_state(account),
        facts={
            "基本情况": _facts(account),
            "第二重验证": factor_facts(account, clock.now()),
            "岗位聘任": appointment_facts(account, linked=True),
        },
        steps=_steps(account),
        actions=_actions(account, actor),
        history=f"access.account:{account.pk}",
        back=Link("账号", reverse("accounts:list")),
    )


def _facts(account: Account) -> list[Fact]:
    agency = agency_names([account.agency_code]).get(account.agency_code, "")
    facts = [
        Fact("用户名", account.username, "code"),
        Fact("所在机构", f"{account.agency_code} {agency}".strip()),
        Fact("开设时间", account.created_at, "datetime"),
        Fact("最近登录", account.last_login or "从未登录", "datetime" if account.last_login else "text"),
    ]
    if not account.is_active:
        facts += [
            Fact("注销时间", account.closed_at, "datetime"),
            Fact("注销原因", ClosingReason(account.closing_reason).label),
        ]
    return facts


def appointment_facts(account: Account, *, linked: bool) -> list[Fact]:
    """The appointments of an account, each as a fact: post, agency, period, whether in effect."""
    found = list(account.appointments.order_by("-since_on", "-id"))
    names = agency_names(each.agency_code for each in found)
    today = clock.today()
    return [
        Fact(
            Post(each.post).label,
            f"{each.agency_code} {names.get(each.agency_code, '')}".strip(),
            "link" if linked else "text",
            href=reverse("accounts:appointment", args=[each.pk]) if linked else "",
            note=f"{queries.phase_of(each, today).label}：{each.since_on} 至 {each.until_on or '不定期'}",
        )
        for each in found
    ] or [Fact("聘任", "还没有聘任，登录后什么也不能办理。")]


def _steps(account: Account) -> tuple[Step, ...]:
    appointed = account.appointments.exists()
    return (
        Step("开设", "past" if appointed or not account.is_active else "present", account.created_at),
        Step("聘任岗位", ("present" if account.is_active else "past") if appointed else "future"),
        Step("注销", "future" if account.is_active else "present", account.closed_at),
    )


def _actions(account: Account, actor: Actor) -> list[Action]:
    where = {"account_id": account.pk}
    offered = [
        Action("聘任岗位", "accounts:appoint", where, "聘任生效后，此人即可以该岗位办理事项。", posts=APPOINTERS),
        Action("重置密码", "accounts:reset-password", where, "此人在各处的登录随即失效。", posts=OPENERS),
        Action("申请重置第二重验证", "accounts:ask-reset", where, "由另一名管理员确认后生效。", posts=APPOINTERS),
        Action("注销账号", "accounts:close", where, "不能再登录，记录保留。", danger=True, posts=OPENERS),
    ]
    mine = account.pk == actor.account_id
    return [
        each.open_if(account.is_active, "账号已经注销。").open_if(
            not mine, "不能办理自己的账号，请由另一名管理员办理。"
        )
        for each in offered
    ]


def agency_options(actor: Actor, **kwargs: Any) -> dict[str, Any]:
    """What forms need to offer agencies."""
    return {"agencies": agencies_offered(actor), "root": actor.agency_code}


open_account = action(
    commands.open_account,
    forms.AccountForm,
    title="开设账号",
    what="为工作人员开设账号。账号开设后还不能办理任何事项，要由安全管理员聘任岗位。",
    done="账号已开设，请由安全管理员聘任岗位。",
    form_options=agency_options,
    back=lambda receipt: reverse("accounts:account", args=[receipt.value.pk]),
)
close_account = action(
    commands.close_account,
    forms.ClosingForm,
    title="注销账号",
    what="注销后立即不能登录，正在进行的登录随即失效，且不能恢复；此人办理过的记录全部保留。",
    danger=True,
    button="注销",
    done="账号已注销。",
    back="accounts:account",
)
reset_password = action(
    commands.reset_password,
    forms.NewPasswordForm,
    title="重置密码",
    what="为忘记密码的工作人员另设密码，此人在各处的登录随即失效。请当面核对身份并告知本人，本人登录后自行更改。",
    danger=True,
    button="重置",
    done="密码已重置。",
    back="accounts:account",
)


@waits_for(APPOINTERS, "待聘任岗位的账号", "EA-10", stage="accounts")
def accounts_to_appoint(actor: Actor) -> Asked:
    """Accounts that were opened and can do nothing yet."""
    rows = queries.accounts_without_post(actor)
    yield rows
    count, found = few(rows, 1)
    if not found:
        return Waiting(0)
    first = found[0]
    one = reverse("accounts:account", args=[first.pk])
    return Waiting(count, one if count == 1 else reverse("accounts:list"), since=first.created_at)
