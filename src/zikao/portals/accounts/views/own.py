"""Everybody's own account: appointments, second factors, where one is signed in, one's last sign-ins, the password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.access import commands, lockout, queries, sessions
from zikao.foundation.access import second_factor as factors
from zikao.foundation.access.models import Account, LiveSession
from zikao.foundation.access.presence import live_session_of
from zikao.foundation.access.states import FactorKind
from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Link,
    Pill,
    Step,
    Table,
    action,
    candidate_page,
    form_page,
    object_page,
    staff_page,
    table_page,
    tell,
)
from zikao.foundation.pages.acting import receipt_tag
from zikao.foundation.pages.forms import speak_plainly
from zikao.portals.accounts import forms
from zikao.portals.accounts import queries as own_queries
from zikao.portals.accounts.views.accounts import appointment_facts

WHAT = "更改后，您在其他设备和浏览器上的登录随即失效，这里的登录继续有效。"
tell(
    **{
        "access.password-changed": "更改密码",
        "access.totp-set": "设置动态码",
        "access.totp-removed": "移除动态码",
        "access.passkey-added": "登记通行密钥",
        "access.passkey-removed": "移除通行密钥",
        "access.recovery-codes-renewed": "重发备用码",
    }
)
CHANGED = "密码已更改，其他登录已失效。"


@staff_page
def own_account(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My account: what it is, how it is protected, where it is signed in."""
    account, at = queries.own_account(actor), clock.now()
    return object_page(
        request,
        kicker="我的账号",
        title=account.name,
        facts={
            "基本情况": [
                Fact("用户名", account.username, "code"),
                Fact("最近登录", account.last_login or "—", "datetime" if account.last_login else "text"),
                Fact("现在的岗位", actor.post.label, note="担任多个岗位的，可在右上角更换"),
                Fact("密码设置于", account.password_set_at or account.created_at, "datetime"),
            ],
            "第二重验证": own_queries.factor_facts(account, at),
            "我的聘任": appointment_facts(account, linked=False),
        },
        steps=(Step("启用", "present", account.created_at),),
        actions=_actions(account),
        history=f"access.account:{account.pk}",
    )


def _actions(account: Account) -> list[Action]:
    kinds = factors.factors_of(account)
    has_totp, has_any = FactorKind.TOTP in kinds, bool(kinds)
    return [
        Action("更改密码", "accounts:change-password", {}, WHAT),
        Action("设置动态码", "accounts:set-up-totp", {}, "登录时除密码外再输入手机上的六位数字。").open_if(
            not has_totp, "已经设置；要换手机，请先移除。"
        ),
        Action("登记通行密钥", "accounts:add-passkey", {}, "登录时用安全密钥、指纹或面容确认。"),
        Action("移除动态码", "accounts:remove-totp", {}, "换手机时先移除，再重新设置。").open_if(
            has_totp, "没有设置。"
        ),
        *(
            Action(f"移除通行密钥“{key.name}”", "accounts:remove-passkey", {"passkey_id": key.pk}, "不再用它登录。")
            for key in account.passkeys.all()
        ),
        Action("重发备用码", "accounts:renew-codes", {}, "原来的备用码全部作废。").open_if(
            has_any, "还没有设置第二重验证。"
        ),
        Action("查看登录着的设备", "accounts:own-sessions", {}, "可以结束别处的登录。"),
        Action("查看登录记录", "accounts:own-sign-ins", {}, "有不是您本人的登录，请立即更改密码并报告。"),
    ]


@staff_page
def own_sessions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Where I am signed in now."""
    here = live_session_of(request)

    def pill(session: LiveSession) -> Pill:
        return Pill("就在这里", "done") if here is not None and session.pk == here.pk else Pill("别处", "due")

    table = Table(
        sessions.open_sessions(queries.own_account(actor).pk),
        (
            Column("here", "哪一处", "pill", value=pill),
            Column("device", "设备", value=lambda each: each.device or "未知"),
            Column("address", "地址", "code"),
            Column("get_factor_display", "第二重验证", value=lambda each: each.get_factor_display() or "—"),
            Column("since_at", "登录时间", "datetime"),
            Column("seen_at", "最近操作", "datetime"),
        ),
        row_actions=lambda each: (
            [Action("结束", "accounts:end-session", {"session_id": each.pk})]
            if here is None or each.pk != here.pk
            else []
        ),
        empty="没有登录着的设备。",
    )
    intro = "不认识的，请结束它，并立即更改密码。"
    return table_page(request, title="登录着的设备", intro=intro, table=table, back=_back())


@staff_page
def own_sign_ins(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My own coming, failing and going."""
    table = Table(
        own_queries.sign_ins_of(queries.own_account(actor)),
        own_queries.SIGN_IN_COLUMNS,
        order="-at",
        empty="还没有登录记录。",
    )
    intro = "“密码正确、第二重验证不对”而不是您本人的，说明密码已经泄露，请立即更改。"
    return table_page(request, title="我的登录记录", intro=intro, table=table, back=_back())


def _back() -> Link:
    return Link("我的账号", reverse("accounts:own"))


end_session = action(
    commands.end_session,
    title="结束登录",
    what="那一处随即退出，没有保存的内容留在那个浏览器窗口里。",
    button="结束",
    done="那一处登录已结束。",
    back="accounts:own-sessions",
    danger=True,
)


@staff_page
def change_password(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Set another password for oneself; this session goes on, every other one ends."""
    return _change(request, actor, Link("返回", reverse("accounts:own")))


@candidate_page
def change_candidate_password(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same for a candidate."""
    return _change(request, actor, Link("返回", reverse("portals:candidate-home")))


def _change(request: HttpRequest, actor: Actor, back: Link) -> HttpResponse:
    account, at = queries.own_account(actor), clock.now()
    form = speak_plainly(forms.OwnPasswordForm(request.POST or None, account=account))
    if request.method == "POST" and form.is_valid() and _changed(request, form, account, actor):
        return HttpResponseRedirect(back.url)
    status = 422 if form.is_bound else 200
    wait = lockout.waiting(lockout.again_counters(account.pk), at) if form.is_bound else lockout.Wait()
    if wait:
        return render(request, "portals/locked.html", {"seconds": wait.seconds}, status=429)
    return form_page(request, title="更改密码", form=form, what=WHAT, button="更改", back=back, status=status)


def _changed(request: HttpRequest, form: forms.OwnPasswordForm, account: Account, actor: Actor) -> bool:
    """Whether the password is changed now; a wrong old one counts, and enough of them have to wait."""
    at, session = clock.now(), live_session_of(request)
    counters = lockout.again_counters(account.pk)
    if lockout.knock(counters, at):
        return False
    try:
        kept = session.pk if session else None
        receipt = commands.change_password(session_id=kept, by=actor, at=at, **form.cleaned_data)
    except BadInput as error:
        for field, text in error.field_errors.items():
            form.add_error(field, text)
        if "old_password" not in error.field_errors:  # it was the owner, whose new password would not do
            lockout.welcome(counters)
        return False
    lockout.welcome(counters)
    account.refresh_from_db()
    update_session_auth_hash(request, account)
    if session is not None:
        sessions.follow_key(request, session)
    messages.success(request, CHANGED, extra_tags=receipt_tag(receipt))
    return True
