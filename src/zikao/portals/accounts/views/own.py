"""Everybody's own account: its appointments, and a new password."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse

from zikao.foundation.access import commands, queries
from zikao.foundation.access.models import Account
from zikao.foundation.actors import STAFF_POSTS, Actor
from zikao.foundation.pages import Action, Fact, Step, action, actor_of, object_page, staff_page
from zikao.portals.accounts import forms
from zikao.portals.accounts.views.accounts import appointment_facts

View = Callable[..., HttpResponse]
WHAT = "更改后，您在其他设备和浏览器上的登录随即失效，这里的登录继续有效。"


@staff_page
def own_account(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My account and my appointments."""
    account = queries.own_account(actor)
    return object_page(
        request,
        kicker="我的账号",
        title=account.name,
        facts={
            "基本情况": [
                Fact("用户名", account.username, "code"),
                Fact("最近登录", account.last_login or "—", "datetime" if account.last_login else "text"),
                Fact("现在的岗位", actor.post.label, note="担任多个岗位的，可在右上角更换"),
            ],
            "我的聘任": appointment_facts(account, linked=False),
        },
        steps=(Step("启用", "present", account.created_at),),
        actions=[Action("更改密码", "accounts:change-password", {}, WHAT)],
        history=f"access.account:{account.pk}",
    )


def _staying_signed_in(page: View) -> View:
    """The page, and after a change the session here goes on: every other one holds the old password's hash."""

    @wraps(page)
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        before = queries.own_account(actor).password if actor is not None else ""
        answer = page(request, **kwargs)
        if actor is not None and request.method == "POST":
            account = queries.own_account(actor)
            if account.password != before and isinstance(request.user, Account):
                update_session_auth_hash(request, account)
        return answer

    return view


change_password = _staying_signed_in(
    action(
        commands.change_password,
        forms.OwnPasswordForm,
        title="更改密码",
        what=WHAT,
        button="更改",
        done="密码已更改，其他登录已失效。",
        posts=STAFF_POSTS,
        back="accounts:own",
    )
)
change_candidate_password = _staying_signed_in(
    action(
        commands.change_password,
        forms.OwnPasswordForm,
        title="更改密码",
        what=WHAT,
        button="更改",
        done="密码已更改，其他登录已失效。",
        door="candidate",
        back="portals:candidate-home",
    )
)
