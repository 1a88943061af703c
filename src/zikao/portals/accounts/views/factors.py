"""One's own second factors, of somebody who is signed in: every act asks for the password and a code once more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.access import commands, passkeys, queries, totp
from zikao.foundation.access.models import Account
from zikao.foundation.access.reauthentication import FACTORS, reauthenticate
from zikao.foundation.actors import Actor
from zikao.foundation.commands import Receipt
from zikao.foundation.documents import qr_svg
from zikao.foundation.errors import BadInput, NotFound, NotPermitted, ZikaoError
from zikao.foundation.pages import Link, form_page, staff_page
from zikao.foundation.pages.acting import receipt_tag
from zikao.foundation.pages.forms import speak_plainly
from zikao.portals import coming_in, demo
from zikao.portals.accounts import forms
from zikao.portals.queries import node_name

Act = Callable[[Actor, int, dict[str, Any]], Receipt[Any]]


@dataclass(frozen=True)
class Proved:
    """An act that needs a proof: what its page says, and the command that it calls."""

    title: str
    what: str
    button: str
    done: str
    act: Act
    danger: bool = False


def proved(spec: Proved) -> Callable[..., HttpResponse]:
    """The page of an act on one's own second factors."""

    @staff_page
    def view(request: HttpRequest, actor: Actor, /, **kwargs: Any) -> HttpResponse:
        account = queries.own_account(actor)
        form = speak_plainly(forms.ProofForm(request.POST or None, account=account, request=request))
        error: ZikaoError | None = None
        if request.method == "POST" and form.is_valid():
            try:
                receipt = spec.act(actor, prove(request, account, form), kwargs)
            except (NotFound, NotPermitted):
                raise
            except ZikaoError as problem:
                error = place(form, problem)
            else:
                return _done(request, spec.done, receipt)
        return form_page(
            request, title=spec.title, what=spec.what, clause="EA-47", form=form, button=spec.button,
            danger=spec.danger, back=_back(), error=error, status=_status(form, error),
        )  # fmt: skip

    return view


def prove(request: HttpRequest, account: Account, form: Form) -> int:
    """The proof of what was typed; BadInput where it is wrong."""
    return reauthenticate(
        account_id=account.pk,
        secret=form.cleaned_data["secret"],
        code=form.cleaned_data.get("code", ""),
        passkey=form.cleaned_data.get("signed", ""),
        purpose=FACTORS,
        request=request,
        at=clock.now(),
    )


def place(form: Form, problem: ZikaoError) -> ZikaoError:
    """Put what is wrong beside its field."""
    if isinstance(problem, BadInput):
        for field, text in problem.field_errors.items():
            form.add_error(field if field in form.fields else None, text)
    return problem


def _status(form: Form, error: ZikaoError | None) -> int:
    return error.http_status if error is not None else 422 if form.is_bound and form.errors else 200


def _done(request: HttpRequest, said: str, receipt: Receipt[Any]) -> HttpResponse:
    """Recovery codes are shown at once and never again; without any, back to one's account."""
    if receipt.value:
        page = {"codes": receipt.value, "shell": "shell/staff.html"}
        response = render(request, "portals/own_recovery_codes.html", page)
        response["Cache-Control"] = "no-store"
        return response
    messages.success(request, said, extra_tags=receipt_tag(receipt))
    return HttpResponseRedirect(reverse("accounts:own"))


def _back() -> Link:
    return Link("我的账号", reverse("accounts:own"))


remove_totp = proved(
    Proved(
        "移除动态码",
        "移除后，手机上的动态码不再有效。岗位要求第二重验证的，须先登记通行密钥。",
        "移除",
        "动态码已移除。",
        lambda actor, proof, kwargs: commands.remove_totp(proof_id=proof, by=actor, at=clock.now()),
        danger=True,
    )
)
remove_passkey = proved(
    Proved(
        "移除通行密钥",
        "移除后，这个通行密钥不能再用来登录。",
        "移除",
        "通行密钥已移除。",
        lambda actor, proof, kwargs: commands.remove_passkey(proof_id=proof, by=actor, at=clock.now(), **kwargs),
        danger=True,
    )
)
renew_codes = proved(
    Proved(
        "重发备用码",
        "原来的备用码全部作废，新的只显示一次。",
        "重发",
        "备用码已重发。",
        lambda actor, proof, kwargs: commands.renew_recovery_codes(proof_id=proof, by=actor, at=clock.now()),
    )
)


@staff_page
def set_up_totp(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Set up dynamic codes beside what is there already."""
    account, at = queries.own_account(actor), clock.now()
    secret = coming_in.new_secret(request)
    form = _new_factor_form(forms.NewTotpForm, request, account)
    error: ZikaoError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            code = form.cleaned_data["new_code"]
            proof = prove(request, account, form)
            receipt = commands.set_up_totp(secret=secret, code=code, proof_id=proof, by=actor, at=at)
        except ZikaoError as problem:
            error = place(form, _renamed(problem))
        else:
            coming_in.forget_secret(request)
            return _done(request, "动态码已设置。", receipt)
    context = {
        "form": form, "error": error, "back": _back(),
        "qr": qr_svg(totp.address_of(secret, account.username, f"自考 {node_name()}")),
        "secret": totp.as_text(secret), "demo_code": demo.code_for(secret, at),
    }  # fmt: skip
    return render(request, "portals/own_totp.html", context, status=_status(form, error))


def _renamed(problem: ZikaoError) -> ZikaoError:
    if isinstance(problem, BadInput) and problem.code == "wrong-code":
        return BadInput(problem.code, field_errors={"new_code": problem.field_errors["code"]})
    return problem


@staff_page
def add_passkey(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Register a passkey beside what is there already."""
    account, at = queries.own_account(actor), clock.now()
    form = _new_factor_form(forms.NewPasskeyForm, request, account)
    error: ZikaoError | None = None
    if request.method == "POST" and form.is_valid():
        key = passkeys.registered(request, form.cleaned_data["passkey"], at)
        try:
            if key is None:
                raise BadInput("passkey-failed", field_errors={"name": "通行密钥没有通过验证，请再试一次。"})
            proof = prove(request, account, form)
            name = form.cleaned_data["name"]
            receipt = commands.add_passkey(key=key, name=name, proof_id=proof, by=actor, at=at)
        except ZikaoError as problem:
            error = place(form, problem)
        else:
            return _done(request, "通行密钥已登记。", receipt)
    options = passkeys.registration(request, account, at) if passkeys.host() else ""
    context = {"form": form, "options": options, "error": error, "back": _back()}
    return render(request, "portals/own_passkey.html", context, status=_status(form, error))


def _new_factor_form(form_class: type[forms.ProofForm], request: HttpRequest, account: Account) -> forms.ProofForm:
    return speak_plainly(form_class(request.POST or None, account=account, request=request))
