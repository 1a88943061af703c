"""Coming in, choosing a post, going out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import authenticate, logout
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.access import lockout
from zikao.foundation.access.journal import note
from zikao.foundation.access.models import Account
from zikao.foundation.access.presence import why_ended
from zikao.foundation.access.queries import appointments_in_effect
from zikao.foundation.access.states import AccountKind, SignInEvent
from zikao.foundation.access.where import Where, where_of
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import public_page
from zikao.foundation.pages.forms import speak_plainly
from zikao.foundation.pages.guards import error_page
from zikao.portals import coming_in, queries
from zikao.portals.demo import demo_accounts
from zikao.portals.forms import CandidateSignIn, StaffSignIn

WRONG = "账号或密码不对，请核对后再试。"
NO_POST = "您现在没有生效的岗位聘任，不能进入。请联系本机构的安全管理员。"


@public_page
def staff_sign_in(request: HttpRequest, actor: object) -> HttpResponse:
    """The staff's door: user name and password."""
    return _sign_in(request, StaffSignIn, AccountKind.STAFF, "portals/staff_sign_in.html")


@public_page
def candidate_sign_in(request: HttpRequest, actor: object) -> HttpResponse:
    """The candidates' door: admission number and password."""
    return _sign_in(request, CandidateSignIn, AccountKind.CANDIDATE, "portals/candidate_sign_in.html")


def _sign_in(request: HttpRequest, form_class: type[Form], kind: AccountKind, template: str) -> HttpResponse:
    form, at = speak_plainly(form_class(request.POST or None)), clock.now()
    if request.method == "POST" and form.is_valid():
        username = form.cleaned_data["username"]
        where = where_of(request, username)
        counters = lockout.password_counters(username, where)
        wait = lockout.knock(counters, at)
        if wait:
            return _hold_off(request, wait, username, where, at)
        account = authenticate(request, username=username, password=form.cleaned_data["password"])
        problem = _problem(account, kind)
        if isinstance(account, Account) and not problem:
            lockout.welcome(counters)
            coming_in.begin(request, account, at)
            return coming_in.go_on(request, account, at)
        _note_failure(problem, username, where, at)
        wait = lockout.waiting(counters, at)
        if wait:
            return locked(request, wait)
        form.add_error(None, problem)
    shown = demo_accounts(kind)
    context = {
        "form": form,
        "next": request.GET.get("next", ""),
        "ended": why_ended(request),
        "demo_accounts": shown,
        "demo_codes": any(each.code for each in shown),
    }
    return render(request, template, context, status=422 if form.errors else 200)


def locked(request: HttpRequest, wait: lockout.Wait) -> HttpResponse:
    """Too many failures: how long to wait. Says the same whether the account exists or not."""
    response = render(request, "portals/locked.html", {"seconds": wait.seconds}, status=429)
    response["Retry-After"] = str(wait.seconds)
    return response


def _hold_off(request: HttpRequest, wait: lockout.Wait, username: str, where: Where, at: datetime) -> HttpResponse:
    if wait.first:
        note(SignInEvent.HELD_OFF, account=_named(username), where=where, at=at)
    return locked(request, wait)


def _note_failure(problem: str, username: str, where: Where, at: datetime) -> None:
    event = SignInEvent.NO_POST if problem == NO_POST else SignInEvent.WRONG_PASSWORD
    note(event, account=_named(username), where=where, at=at)


def _named(username: str) -> Account | None:
    return Account.objects.filter(username=username).first()


def _problem(account: Any, kind: AccountKind) -> str:
    if not isinstance(account, Account) or account.kind != kind:
        return WRONG
    if kind == AccountKind.STAFF and not appointments_in_effect(account, clock.now()).exists():
        return NO_POST
    return ""


@public_page
def choose_post(request: HttpRequest, actor: object) -> HttpResponse:
    """Act in another of one's own appointments."""
    choices = queries.posts_to_choose(request)
    if not choices:
        return HttpResponseRedirect(reverse("portals:staff-sign-in"))
    if request.method == "POST":
        chosen = next((c for c in choices if str(c.pk) == request.POST.get("appointment")), None)
        if chosen is None:
            return error_page(request, NotFound("no-such-appointment", message="没有这一岗位聘任，或已经到期。"))
        request.session["appointment"] = chosen.pk
        return HttpResponseRedirect(request.session.pop("after-post", reverse("portals:home")))
    return render(request, "portals/choose_post.html", {"choices": choices})


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; by POST only, so that no link can do it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    was_candidate = isinstance(request.user, Account) and request.user.kind == AccountKind.CANDIDATE
    logout(request)
    return HttpResponseRedirect(reverse("public:home" if was_candidate else "portals:staff-sign-in"))
