"""The steps between the password and being signed in: second factor, its enrolment, a new password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.access import commands, lockout, passkeys, totp
from zikao.foundation.access import second_factor as factors
from zikao.foundation.access.journal import note
from zikao.foundation.access.models import Account
from zikao.foundation.access.password_rules import due, requirement
from zikao.foundation.access.queries import actor_of
from zikao.foundation.access.states import FactorKind, SignInEvent
from zikao.foundation.access.where import where_of
from zikao.foundation.actors import Actor
from zikao.foundation.commands import Receipt
from zikao.foundation.documents import qr_svg
from zikao.foundation.errors import BadInput, NotPermitted
from zikao.foundation.pages import public_page
from zikao.foundation.pages.forms import speak_plainly
from zikao.portals import coming_in, demo
from zikao.portals.accounts.forms import CodeForm, NewCodeForm, OwnPasswordForm, PasskeyForm
from zikao.portals.queries import node_name
from zikao.portals.views.doors import locked

T = TypeVar("T")
Step = Callable[[HttpRequest, Account, datetime], HttpResponse]
PASSKEY_FAILED = "通行密钥没有通过验证，请再试一次。"


def _step(name: str) -> Callable[[Step], Callable[..., HttpResponse]]:
    """A page for somebody on the way in whose next step this is; everybody else is sent where they belong."""

    def decorate(view: Step) -> Callable[..., HttpResponse]:
        @public_page
        @wraps(view)
        def page(request: HttpRequest, actor: Actor | None) -> HttpResponse:
            at = clock.now()
            account = coming_in.account_of(request, at)
            if account is None:
                return HttpResponseRedirect(reverse("portals:staff-sign-in"))
            if name not in {coming_in.missing(request, account, at), ""}:
                return coming_in.go_on(request, account, at)
            response = view(request, account, at)
            response["Cache-Control"] = "no-store"
            return response

        return page

    return decorate


@_step("portals:second-factor")
def second_factor(request: HttpRequest, account: Account, at: datetime) -> HttpResponse:
    """Show the second factor: a dynamic code, a passkey, or a recovery code."""
    only_recovery = FactorKind.TOTP not in factors.factors_of(account)
    form = speak_plainly(CodeForm(request.POST or None, only_recovery=only_recovery))
    if request.method == "POST":
        where = where_of(request, account.username)
        counters = lockout.code_counters(account.username, where)
        wait = lockout.knock(counters, at)
        if wait:
            return locked(request, wait)
        shown = _shown(request, form, account, at)
        if shown:
            lockout.welcome(counters)
            coming_in.note_factor(request, shown)
            return coming_in.go_on(request, account, at)
        note(SignInEvent.WRONG_FACTOR, account=account, where=where, at=at)
    return render(request, "portals/second_factor.html", _ways(request, form, account, at), status=_status(form))


def _shown(request: HttpRequest, form: CodeForm, account: Account, at: datetime) -> str:
    """The kind of factor that was shown, or an empty text with the form saying why."""
    answer = request.POST.get("passkey", "")
    if answer:
        if passkeys.authenticated(request, account, answer, at):
            return FactorKind.PASSKEY
        form.full_clean()
        form.errors.clear()
        form.add_error(None, PASSKEY_FAILED)
        return ""
    if not form.is_valid():
        return ""
    kind = factors.accept_code(account, form.cleaned_data["code"], at)
    if not kind:
        form.add_error("code", "动态码不对，或已经用过；请等下一个再输。")
    return kind


def _ways(request: HttpRequest, form: CodeForm, account: Account, at: datetime) -> dict[str, object]:
    kinds = factors.factors_of(account)
    usable = FactorKind.PASSKEY in kinds and bool(passkeys.host())
    return {
        "form": form,
        "has_totp": FactorKind.TOTP in kinds,
        "passkey": passkeys.authentication(request, account, at) if usable else "",
        "demo_code": demo.code_of(account.username, at),
    }


def _status(form: CodeForm) -> int:
    return 422 if form.is_bound and form.errors else 200


@_step("portals:enrol")
def enrol(request: HttpRequest, account: Account, at: datetime) -> HttpResponse:
    """Set up dynamic codes: the QR code, then one code as proof that the authenticator has the secret."""
    form = speak_plainly(NewCodeForm(request.POST or None))
    secret = coming_in.new_secret(request)
    if request.method == "POST" and form.is_valid():
        try:
            receipt = _as(
                account, at, lambda by: commands.set_up_totp(secret=secret, by=by, at=at, **form.cleaned_data)
            )
        except BadInput as error:
            form.add_error("code", error.field_errors["code"])
        else:
            return _enrolled(request, FactorKind.TOTP, receipt.value)
    context = {
        "form": form,
        "qr": qr_svg(totp.address_of(secret, account.username, f"自考 {node_name()}")),
        "secret": totp.as_text(secret),
        "passkeys": bool(passkeys.host()),
        "demo_code": demo.code_for(secret, at),
    }
    return render(request, "portals/enrol.html", context, status=_status(form))


@_step("portals:enrol")
def enrol_passkey(request: HttpRequest, account: Account, at: datetime) -> HttpResponse:
    """Set up a passkey as the first factor."""
    form = speak_plainly(PasskeyForm(request.POST or None))
    if request.method == "POST" and form.is_valid():
        key = passkeys.registered(request, form.cleaned_data["passkey"], at)
        if key is not None:
            name = form.cleaned_data["name"]
            receipt = _as(account, at, lambda by: commands.add_passkey(key=key, name=name, by=by, at=at))
            return _enrolled(request, FactorKind.PASSKEY, receipt.value)
        form.add_error(None, PASSKEY_FAILED)
    options = passkeys.registration(request, account, at) if passkeys.host() else ""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "portals/enrol_passkey.html", {"form": form, "options": options}, status=status)


def _enrolled(request: HttpRequest, factor: str, codes: list[str]) -> HttpResponse:
    """The recovery codes, shown this once; the way in goes on from there."""
    coming_in.forget_secret(request)
    coming_in.note_factor(request, factor)
    return render(request, "portals/recovery_codes.html", {"codes": codes})


@_step("portals:new-password")
def new_password(request: HttpRequest, account: Account, at: datetime) -> HttpResponse:
    """Set one's own password in place of one that somebody else set, or that is too old."""
    form = speak_plainly(OwnPasswordForm(request.POST or None, account=account))
    if request.method == "POST" and form.is_valid():
        counters = lockout.again_counters(account.pk)
        wait = lockout.knock(counters, at)
        if wait:
            return locked(request, wait)
        try:
            _as(account, at, lambda by: commands.change_password(by=by, at=at, **form.cleaned_data))
        except BadInput as error:
            for field, text in error.field_errors.items():
                form.add_error(field, text)
        else:
            lockout.welcome(counters)
            account.refresh_from_db()
            coming_in.note_password(request, account)
            return coming_in.go_on(request, account, at)
    context = {"form": form, "why": due(account, at).refusals, "requirement": requirement(account)}
    return render(request, "portals/new_password.html", context, status=422 if form.errors else 200)


@_step("")
def go_on(request: HttpRequest, account: Account, at: datetime) -> HttpResponse:
    """After the recovery codes were read: the next step, or in."""
    return coming_in.go_on(request, account, at)


def _as(account: Account, at: datetime, act: Callable[[Actor], Receipt[T]]) -> Receipt[T]:
    by = actor_of(account, at)
    if by is None:
        raise NotPermitted("no-post", message="您现在没有生效的岗位聘任。")
    return act(by)
