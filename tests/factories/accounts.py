"""People who can sign in: accounts with an appointment, made through their commands."""

from __future__ import annotations

from datetime import datetime

from django.test import Client

from zikao.foundation.access import commands, totp
from zikao.foundation.access.models import Account, Appointment, LiveSession, TotpDevice
from zikao.foundation.access.queries import actor_of
from zikao.foundation.access.states import AccountKind
from zikao.foundation.actors import EXAM_AFFAIRS, NATIONAL_POSTS, PROVINCE_POSTS, Post, node_actor
from zikao.foundation.clock import local_day

PASSWORD = "cheng-shi-ying-kao-1"


def usual_agency(post: Post) -> str:
    """Where a post usually is: the centre, the province, the prefecture or a county."""
    if post in NATIONAL_POSTS:
        return ""
    if post in PROVINCE_POSTS | EXAM_AFFAIRS:
        return "32"
    return "3201" if post in {Post.AREA_DIRECTOR, Post.PREFECTURE_CLERK, Post.SITE_CHIEF} else "320102"


def an_account(at: datetime, username: str = "zhang.san", agency_code: str = "32") -> Account:
    """An account of a member of staff without any appointment, whose owner has set the password themselves."""
    account = commands.open_account(
        username=username, name="张三", password=PASSWORD, agency_code=agency_code, by=node_actor(), at=at
    ).value
    # hashing two passwords for each of thousands of people in tests would take minutes
    Account.objects.filter(pk=account.pk).update(password_is_initial=False)
    account.password_is_initial = False
    return account


def with_totp(account: Account, at: datetime) -> bytes:
    """The account gets dynamic codes; returns the secret. The code of the present step is not used up."""
    secret = totp.new_secret()
    by = actor_of(account, at)
    assert by is not None
    commands.set_up_totp(secret=secret, code=totp.code_at(secret, at), by=by, at=at)
    TotpDevice.objects.filter(account=account).update(last_step=-1)
    return secret


def sign_in(client: Client, account: Account) -> Client:
    """The client is signed in as the account, with a second factor shown where its post asks for one."""
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    LiveSession.objects.filter(account=account).update(factor="totp")
    client.account = account  # type: ignore[attr-defined]
    return client


def sign_in_again(client: Client) -> Client:
    """The same person comes back later, after the session has ended by itself."""
    client.cookies.clear()
    return sign_in(client, client.account)  # type: ignore[attr-defined]


def appointed(account: Account, post: Post, agency_code: str, at: datetime) -> Appointment:
    """The account in a post, from that day on."""
    return commands.appoint(
        account_id=account.pk, post=post, agency_code=agency_code, since_on=local_day(at), by=node_actor(), at=at
    ).value


def a_member_of_staff(at: datetime, post: Post, agency_code: str | None = None) -> Account:
    """An account appointed to a post; its usual agency unless told otherwise."""
    code = usual_agency(post) if agency_code is None else agency_code
    account = an_account(at, f"{post.value}.{code or 'nation'}", code)
    appointed(account, post, code, at)
    return account


def a_candidates_account(at: datetime, candidate_id: int = 999_999) -> Account:
    """The account of a candidate who is nobody the test knows; registering opens the real ones."""
    return Account.objects.create(
        username=f"{candidate_id:012}",
        name="王小雨",
        kind=AccountKind.CANDIDATE,
        agency_code="320102",
        candidate_id=candidate_id,
        created_at=at,
    )
