"""On the way in: the password was right, and nobody is signed in yet. What is still missing, step by step.

Kept in a fresh browser session for a few minutes: which account, whether a second factor was shown, where to go then.
The account's present password is bound in, so that a change elsewhere ends the way in as well.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime, timedelta

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

from zikao.foundation.access import password_rules, second_factor, totp
from zikao.foundation.access.models import Account
from zikao.foundation.access.queries import appointments_in_effect
from zikao.foundation.access.signing_in import FACTOR
from zikao.foundation.access.states import AccountKind
from zikao.foundation.access.where import remember_device
from zikao.foundation.clock import local_day
from zikao.foundation.crypto import seal, unseal
from zikao.foundation.regulation import parameter

KEY = "coming-in"
BACKEND = "django.contrib.auth.backends.ModelBackend"
NEW_SECRET = b"zikao new totp secret"


def begin(request: HttpRequest, account: Account, at: datetime) -> None:
    """The password was right: a session with a new key, in which nobody is signed in."""
    asked = request.GET.get("next", "")
    request.session.flush()
    request.session[KEY] = {
        "account": account.pk,
        "hash": account.get_session_auth_hash(),
        "since": at.isoformat(),
        "next": asked,
        "factor": "",
    }


def account_of(request: HttpRequest, at: datetime) -> Account | None:
    """Who is on the way in; None where nobody is, or it took too long, or the password was changed meanwhile."""
    kept = request.session.get(KEY)
    if not kept:
        return None
    minutes = int(parameter("second-factor-minutes").on(local_day(at)))
    if not timedelta() <= at - datetime.fromisoformat(kept["since"]) <= timedelta(minutes=minutes):
        return None
    account = Account.objects.filter(pk=kept["account"], is_active=True).first()
    same = account is not None and constant_time_compare(kept["hash"], account.get_session_auth_hash())
    return account if same else None


def factor_of(request: HttpRequest) -> str:
    """The second factor that was shown on the way in."""
    return str(request.session.get(KEY, {}).get("factor", ""))


def note_factor(request: HttpRequest, factor: str) -> None:
    """A second factor was shown."""
    request.session[KEY] = {**request.session[KEY], "factor": factor}


def note_password(request: HttpRequest, account: Account) -> None:
    """The password was changed on the way in."""
    request.session[KEY] = {**request.session[KEY], "hash": account.get_session_auth_hash()}


def new_secret(request: HttpRequest) -> bytes:
    """The secret that is being set up in this browser, sealed in its session until a code has shown that it arrived."""
    kept = request.session.get("totp-secret")
    if kept:
        return unseal(b64decode(kept), NEW_SECRET)
    secret = totp.new_secret()
    request.session["totp-secret"] = b64encode(seal(secret, NEW_SECRET)).decode()
    return secret


def forget_secret(request: HttpRequest) -> None:
    """The secret is kept where it belongs, or given up."""
    request.session.pop("totp-secret", None)


def missing(request: HttpRequest, account: Account, at: datetime) -> str:
    """The page of the next step before the account may come in; an empty text when nothing is missing."""
    if not factor_of(request):
        if second_factor.factors_of(account):
            return "portals:second-factor"
        if second_factor.is_required(account, at):
            return "portals:enrol"
    return "" if password_rules.due(account, at).granted else "portals:new-password"


def go_on(request: HttpRequest, account: Account, at: datetime) -> HttpResponse:
    """To the next step, or in."""
    step = missing(request, account, at)
    return HttpResponseRedirect(reverse(step)) if step else _enter(request, account, at)


def _enter(request: HttpRequest, account: Account, at: datetime) -> HttpResponse:
    kept = request.session.pop(KEY)
    forget_secret(request)
    setattr(request, FACTOR, kept["factor"])
    login(request, account, backend=BACKEND)
    response = HttpResponseRedirect(_where_to(request, account, kept["next"], at))
    remember_device(request, response, account.username)
    return response


def _where_to(request: HttpRequest, account: Account, asked: str, at: datetime) -> str:
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    target = asked if safe else reverse("portals:home")
    if account.kind == AccountKind.STAFF and appointments_in_effect(account, at).count() > 1:
        request.session["after-post"] = target
        return reverse("portals:choose-post")
    return target
