"""When an account signed in last, by the node's clock: Django's own note would be by the machine's."""

from __future__ import annotations

from django.contrib.auth.models import update_last_login
from django.contrib.auth.signals import user_logged_in

from zikao.foundation import clock
from zikao.foundation.access.models import Account


def remember_sign_in(sender: object, user: Account, **more: object) -> None:
    """Note the instant on the account that has just signed in."""
    user.last_login = clock.now()
    user.save(update_fields=["last_login"])


def take_over() -> None:
    """Note sign-ins here instead of in Django."""
    user_logged_in.disconnect(update_last_login, dispatch_uid="update_last_login")
    user_logged_in.connect(remember_sign_in, dispatch_uid="zikao.remember_sign_in")
