"""Coming in, choosing a post, going out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from zikao.foundation import clock
from zikao.foundation.access.models import Account
from zikao.foundation.access.queries import appointments_in_effect
from zikao.foundation.access.states import AccountKind
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import public_page
from zikao.foundation.pages.forms import speak_plainly
from zikao.foundation.pages.guards import error_page
from zikao.portals import queries
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
    form = speak_plainly(form_class(request.POST or None))
    if request.method == "POST" and form.is_valid():
        account = authenticate(request, **form.cleaned_data)
        problem = _problem(account, kind)
        if isinstance(account, Account) and not problem:
            login(request, account)
            return HttpResponseRedirect(_where_to(request, account))
        form.add_error(None, problem)
    status = 422 if form.errors else 200
    context = {"form": form, "next": request.GET.get("next", ""), "demo_accounts": demo_accounts(kind)}
    return render(request, template, context, status=status)


def _problem(account: Any, kind: AccountKind) -> str:
    if not isinstance(account, Account) or account.kind != kind:
        return WRONG
    if kind == AccountKind.STAFF and not appointments_in_effect(account, clock.now()).exists():
        return NO_POST
    return ""


def _where_to(request: HttpRequest, account: Account) -> str:
    asked = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    target = asked if safe else reverse("portals:home")
    if account.kind == AccountKind.STAFF and appointments_in_effect(account, clock.now()).count() > 1:
        request.session["after-post"] = target
        return reverse("portals:choose-post")
    return target


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
