"""Passwords by the node's profile: 等保 by default, or the one that asks for length and nothing else."""

from __future__ import annotations

import secrets
import string
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from zikao.foundation import clock
from zikao.foundation.access.models import Account, OldPassword
from zikao.foundation.access.rules import PASSWORD, PASSWORD_AGE
from zikao.foundation.access.states import AccountKind
from zikao.foundation.clock import local_day
from zikao.foundation.regulation import Decision, parameter

SHORTEST_NAME = 3
"""A shorter name, or part of one, stands in too many words to be looked for."""


class ProfileValidator:
    """Django's way to ask: every place that sets a password goes through it."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError with every reason."""
        found = judge(password, user, clock.now())
        if not found.granted:
            raise ValidationError([f"{each.message}{each.remedy}" for each in found.refusals])

    def get_help_text(self) -> str:
        """What forms say beside the field."""
        return requirement()


def profile_of(account: Account | None) -> str:
    """The profile that an account's password must fit."""
    staff = account is not None and account.kind == AccountKind.STAFF
    return settings.ZIKAO_PASSWORD_PROFILE if staff else "candidate"


def judge(password: str, account: Account | None, at: datetime) -> Decision:
    """Whether a password may be an account's new one."""
    day, profile = local_day(at), profile_of(account)
    return PASSWORD(
        on=day,
        profile=profile,
        length=len(password),
        kinds=kinds_of(password),
        common=_is_common(password),
        holds_name=account is not None and _holds_name(password, account),
        used_before=account is not None and _used_before(password, account, profile, at),
    )


def due(account: Account, at: datetime) -> Decision:
    """Whether the present password still serves: not set by somebody else, not too old."""
    since = account.password_set_at or account.created_at
    return PASSWORD_AGE(
        on=local_day(at),
        profile=profile_of(account),
        age_days=max(0, (at - since) // timedelta(days=1)),
        initial=account.password_is_initial,
    )


def set_password(account: Account, password: str, at: datetime, *, initial: bool) -> list[str]:
    """Give an account a password that `judge` has let pass; the old one is remembered. Returns the fields changed."""
    if account.pk and account.password:
        OldPassword.objects.create(account=account, hash=account.password, until_at=at)
    account.password = make_password(password)
    account.password_set_at, account.password_is_initial = at, initial
    return ["password", "password_set_at", "password_is_initial"]


def new_password() -> str:
    """A random password that fits every profile, to be told once and changed at the first sign-in."""
    letters = string.ascii_letters + string.digits
    return "-".join(
        (
            *("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4)),
            secrets.choice(string.ascii_uppercase)
            + secrets.choice(string.digits)
            + secrets.choice(string.ascii_lowercase),
        )
    )


def requirement(account: Account | None = None) -> str:
    """What a new password must be, in a sentence."""
    day, profile = clock.today(), profile_of(account) if account else settings.ZIKAO_PASSWORD_PROFILE
    least, kinds = (int(parameter(name).on(day)[profile]) for name in ("password-length", "password-kinds"))
    mixed = f"，包含大写字母、小写字母、数字、符号中的至少{kinds}类" if kinds > 1 else ""
    return f"至少{least}位{mixed}；不要用常见密码，不要含用户名和姓名。"


def kinds_of(password: str) -> int:
    """How many of the four kinds of character a password has; what is no letter of ASCII and no digit is a symbol."""
    kinds = {
        "upper"
        if c in string.ascii_uppercase
        else "lower"
        if c in string.ascii_lowercase
        else "digit"
        if c.isdigit()
        else "symbol"
        for c in password
    }
    return len(kinds)


def _is_common(password: str) -> bool:
    if password.isdigit() or len(set(password)) < 4:
        return True
    try:
        _common().validate(password)
    except ValidationError:
        return True
    return False


@cache
def _common() -> CommonPasswordValidator:
    return CommonPasswordValidator()  # reads its list of 20,000 each time it is made


def _holds_name(password: str, account: Account) -> bool:
    text = password.lower()
    whole = account.username.lower()
    parts = {whole, whole.replace(".", ""), account.name.lower()}
    return any(len(part) >= SHORTEST_NAME and part in text for part in parts) or (
        bool(account.name) and len(account.name) > 1 and account.name in password
    )


def _used_before(password: str, account: Account, profile: str, at: datetime) -> bool:
    if account._state.adding:
        return False
    count = int(parameter("password-history").on(local_day(at))[profile])
    old = OldPassword.objects.filter(account=account).order_by("-until_at", "-id").values_list("hash", flat=True)
    return any(check_password(password, each) for each in (account.password, *old[: count - 1]) if each)
