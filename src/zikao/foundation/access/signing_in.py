"""Coming in and going out, whichever way: the last sign-in by the node's clock, a session opened, a session ended."""

from __future__ import annotations

from django.contrib.auth.models import update_last_login
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from zikao.foundation import clock
from zikao.foundation.access import sessions
from zikao.foundation.access.models import Account
from zikao.foundation.access.queries import appointments_in_effect
from zikao.foundation.access.states import AccountKind, SessionEnd

FACTOR = "coming_in_factor"
"""The attribute of a request that says by which second factor somebody comes in."""


def remember_sign_in(sender: object, user: Account, request: HttpRequest, **more: object) -> None:
    """Note the instant on the account that has just signed in, and open its session."""
    at = clock.now()
    user.last_login = at
    user.save(update_fields=["last_login"])
    posts = [each.post for each in appointments_in_effect(user, at)] if user.kind == AccountKind.STAFF else []
    sessions.open_session(request, user, factor=getattr(request, FACTOR, ""), posts=posts, at=at)


def remember_sign_out(sender: object, user: Account | None, request: HttpRequest, **more: object) -> None:
    """End the session of who signs out; its row stays."""
    if not isinstance(user, Account):
        return
    session = sessions.session_of(request)
    if session is not None:
        sessions.end(session, SessionEnd.SIGNED_OUT, at=clock.now())


def take_over() -> None:
    """Note sign-ins here instead of in Django."""
    user_logged_in.disconnect(update_last_login, dispatch_uid="update_last_login")
    user_logged_in.connect(remember_sign_in, dispatch_uid="zikao.remember_sign_in")
    user_logged_out.connect(remember_sign_out, dispatch_uid="zikao.remember_sign_out")
