"""Pages of the three administrators, and everybody's own account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import (
    PASSWORD,
    a_candidates_account,
    a_member_of_staff,
    an_account,
    appointed,
    sign_in,
    with_totp,
)
from zikao.foundation.access import commands
from zikao.foundation.access.models import Account
from zikao.foundation.access.queries import actor_of
from zikao.foundation.access.states import ClosingReason, ResetReason
from zikao.foundation.actors import Post, node_actor
from zikao.foundation.clock import local_day

pytestmark = pytest.mark.django_db

NEW = "chang-jiang-ba-hao-2"


def a_clerk(at: datetime) -> Account:
    account = an_account(at, "li.si", "3201")
    appointed(account, Post.PREFECTURE_CLERK, "3201", at)
    return account


def the_account(at: datetime) -> dict[str, Any]:
    return {"account_id": a_clerk(at).pk}


def the_appointment(at: datetime) -> dict[str, Any]:
    return {"appointment_id": a_clerk(at).appointments.get().pk}


NOBODY_ELSE = {"guest": 302, "candidate": 403, "province-head": 403, "county-clerk": 403}
READ = {**NOBODY_ELSE, "system-admin@32": 200, "security-admin@32": 200, "auditor@32": 200}
STRANGERS = {"system-admin@33": 404, "security-admin@33": 404, "auditor@33": 404}
KEEP = {**NOBODY_ELSE, "system-admin@32": 200, "security-admin@32": 403, "auditor@32": 403}
APPOINT = {**NOBODY_ELSE, "system-admin@32": 403, "security-admin@32": 200, "auditor@32": 403}
JOURNAL = {**NOBODY_ELSE, "system-admin@32": 403, "security-admin@32": 200, "auditor@32": 200}


def the_reset(at: datetime) -> dict[str, Any]:
    account = a_clerk(at)
    with_totp(account, at)
    asker = a_member_of_staff(at, Post.SECURITY_ADMIN, "3201")
    by = actor_of(asker, at)
    assert by is not None
    made = commands.ask_factor_reset(account_id=account.pk, reason=ResetReason.LOST, by=by, at=at).value
    return {"reset_id": made.pk}


CONFIRM = {**NOBODY_ELSE, "system-admin@32": 200, "security-admin@32": 200, "auditor@32": 200}
EVERY_POST = {"guest": 302, "candidate": 403, "marker": 200, "system-admin@32": 200, "national-officer": 200}
ROUTES = {
    "accounts:list": READ,
    "accounts:open": KEEP,
    "accounts:account": {"kwargs": the_account, **READ, **STRANGERS},
    "accounts:close": {"kwargs": the_account, **KEEP},
    "accounts:reset-password": {"kwargs": the_account, **KEEP},
    "accounts:appoint": {"kwargs": the_account, **APPOINT},
    "accounts:appointments": READ,
    "accounts:appointment": {"kwargs": the_appointment, **READ, **STRANGERS},
    "accounts:end-appointment": {"kwargs": the_appointment, **APPOINT},
    "accounts:ask-reset": {"kwargs": the_account, **APPOINT},
    "accounts:resets": READ,
    "accounts:reset": {"kwargs": the_reset, **READ, **STRANGERS},
    "accounts:confirm-reset": {"kwargs": the_reset, **CONFIRM},
    "accounts:refuse-reset": {"kwargs": the_reset, **CONFIRM},
    "accounts:sign-ins": JOURNAL,
    "accounts:set-up-totp": EVERY_POST,
    "accounts:remove-totp": EVERY_POST,
    "accounts:add-passkey": EVERY_POST,
    "accounts:remove-passkey": {"kwargs": {"passkey_id": 1}, **EVERY_POST},
    "accounts:renew-codes": EVERY_POST,
    "accounts:own-sessions": EVERY_POST,
    "accounts:end-session": {"kwargs": {"session_id": 1}, **EVERY_POST},
    "accounts:own-sign-ins": EVERY_POST,
    "accounts:own": EVERY_POST,
    "accounts:change-password": EVERY_POST,
    "accounts:change-candidate-password": {"guest": 302, "candidate": 200, "county-clerk": 403},
}
SignedIn = Callable[..., Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_system_administrator_opens_an_account_and_comes_to_its_page(signed_in: SignedIn, at: datetime):
    client = signed_in(Post.SYSTEM_ADMIN, "32")
    wish = {"username": "wang.wu", "name": "王五", "agency_code": "32", "password": PASSWORD}
    answer = client.post(reverse("accounts:open"), wish, follow=True)
    page = text(answer)
    assert "账号已开设" in page
    assert "还没有聘任" in page
    assert PASSWORD not in page
    assert Account.objects.get(username="wang.wu").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "Wang Wu"}, "小写字母"),
        ({"username": "system-admin.32"}, "已被使用"),
        ({"password": "short"}, "密码"),
        ({"agency_code": "33"}, "请从列表中选择"),
    ],
)
def test_a_wrong_form_opens_nothing_and_says_why(wrong, said, signed_in: SignedIn, at: datetime):
    client = signed_in(Post.SYSTEM_ADMIN, "32")
    wish = {"username": "wang.wu", "name": "王五", "agency_code": "32", "password": PASSWORD}
    answer = client.post(reverse("accounts:open"), wish | wrong)
    assert 400 <= answer.status_code < 500
    assert said in text(answer)
    assert not Account.objects.filter(name="王五").exists()


def test_the_list_shows_ones_own_subtree_by_name_and_state(signed_in: SignedIn, at: datetime):
    shown, closed, hidden = (
        an_account(at, "aa.aa", "3201"),
        an_account(at, "bb.bb", "32"),
        an_account(at, "cc.cc", "33"),
    )
    commands.close_account(account_id=closed.pk, reason=ClosingReason.LEFT, by=node_actor(), at=at)
    client = signed_in(Post.AUDITOR, "32")
    page = text(client.get(reverse("accounts:list")))
    assert shown.username in page
    assert closed.username in page
    assert hidden.username not in page
    assert shown.username not in text(client.get(reverse("accounts:list"), {"is_active": "False"}))
    assert closed.username not in text(client.get(reverse("accounts:list"), {"username": "aa"}))


def test_a_system_administrator_closes_an_account_with_a_reason(signed_in: SignedIn, at: datetime):
    account = a_clerk(at)
    theirs = Client()
    sign_in(theirs, account)
    client = signed_in(Post.SYSTEM_ADMIN, "32")
    where = reverse("accounts:close", args=[account.pk])
    assert client.post(where, {}).status_code == 422
    assert theirs.get("/staff/").status_code == 200
    page = text(client.post(where, {"reason": "moved"}, follow=True))
    assert "调离岗位" in page
    assert "账号已经注销" in page
    assert theirs.get("/staff/").status_code == 302


def test_a_security_administrator_appoints_and_ends(signed_in: SignedIn, at: datetime):
    account = an_account(at, "li.si", "32")
    theirs = Client()
    sign_in(theirs, account)
    client = signed_in(Post.SECURITY_ADMIN, "32")
    wish = {"post": "marker", "agency_code": "32", "since_on": "2026-08-20", "until_on": ""}
    assert theirs.get("/staff/").status_code == 302
    page = text(client.post(reverse("accounts:appoint", args=[account.pk]), wish, follow=True))
    assert "张三 · 评卷员" in page
    assert "在任" in page
    sign_in(theirs, account)
    assert theirs.get("/staff/").status_code == 200
    held = account.appointments.get()
    ended = client.post(reverse("accounts:end-appointment", args=[held.pk]), {"until_on": "2026-08-20"}, follow=True)
    assert "聘任自 2026-08-20 起终止" in text(ended)
    assert theirs.get("/staff/").status_code == 302


def test_a_security_administrator_reads_why_one_person_is_not_two_administrators(signed_in: SignedIn, at: datetime):
    account = a_member_of_staff(at, Post.AUDITOR, "32")
    wish = {"post": "system-admin", "agency_code": "32", "since_on": "2026-08-20"}
    answer = signed_in(Post.SECURITY_ADMIN, "32").post(reverse("accounts:appoint", args=[account.pk]), wish)
    assert answer.status_code == 409
    assert "不能由一人兼任" in text(answer)
    assert account.appointments.count() == 1


def test_appointments_are_filtered_by_agency_post_and_phase(signed_in: SignedIn, at: datetime):
    account = a_clerk(at)
    client = signed_in(Post.SECURITY_ADMIN, "32")

    def shows(**chosen: str) -> bool:
        return "li.si" in text(client.get(reverse("accounts:appointments"), chosen))

    assert shows(agency_code="3201", post="prefecture-clerk", phase="in-effect")
    assert not shows(agency_code="3202")
    assert not shows(post="marker")
    assert not shows(phase="over")
    held = account.appointments.get()
    commands.end_appointment(appointment_id=held.pk, until_on=local_day(at), by=node_actor(), at=at)
    assert shows(phase="over")
    assert not shows(phase="in-effect")


def test_an_administrator_sees_the_acts_on_the_own_account_closed_with_the_reason(signed_in: SignedIn, at: datetime):
    client = signed_in(Post.SYSTEM_ADMIN, "32")
    account = Account.objects.get(username="system-admin.32")
    assert "不能办理自己的账号" in text(client.get(reverse("accounts:account", args=[account.pk])))
    answer = client.post(reverse("accounts:close", args=[account.pk]), {"reason": "left"})
    assert answer.status_code == 403


def change(client: Client, route: str = "accounts:change-password", **more: str) -> Any:
    wish = {"old_password": PASSWORD, "new_password": NEW, "again": NEW}
    return client.post(reverse(route), wish | more)


def test_changing_ones_password_ends_every_other_session_and_keeps_this_one(signed_in: SignedIn, at: datetime):
    here = signed_in(Post.COUNTY_CLERK)
    elsewhere = Client()
    sign_in(elsewhere, Account.objects.get(username="county-clerk.320102"))
    assert elsewhere.get("/staff/").status_code == 200
    answer = change(here)
    assert answer["Location"] == reverse("accounts:own")
    page = text(here.get(answer["Location"]))
    assert "密码已更改" in page
    assert "更改密码" in page
    assert elsewhere.get("/staff/").status_code == 302
    assert here.get("/staff/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"old_password": "wrong-password-1"}, "现在的密码不对"),
        ({"again": "chang-jiang-ba-hao-3"}, "两次填写的新密码不一致"),
        ({"new_password": "1234567890", "again": "1234567890"}, "密码"),
    ],
)
def test_a_wrong_change_leaves_password_and_sessions_as_they_are(wrong, said, signed_in: SignedIn, at: datetime):
    client = signed_in(Post.COUNTY_CLERK)
    answer = change(client, **wrong)
    assert answer.status_code == 422
    assert said in text(answer)
    assert NEW not in text(answer)
    assert Account.objects.get(username="county-clerk.320102").check_password(PASSWORD)
    assert client.get("/staff/").status_code == 200


def test_a_candidate_changes_the_own_password_and_stays_signed_in(at: datetime):
    account = a_candidates_account(at)
    account.set_password(PASSWORD)
    account.save()
    client = Client()
    sign_in(client, account)
    assert change(client, "accounts:change-candidate-password").status_code == 302
    assert client.get("/my/").status_code == 200
    account.refresh_from_db()
    assert account.check_password(NEW)


def test_a_reset_password_ends_the_sessions_of_its_owner(signed_in: SignedIn, at: datetime):
    account = a_clerk(at)
    theirs = Client()
    sign_in(theirs, account)
    wish = {"new_password": NEW, "again": NEW}
    answer = signed_in(Post.SYSTEM_ADMIN, "32").post(reverse("accounts:reset-password", args=[account.pk]), wish)
    assert answer.status_code == 302
    assert theirs.get("/staff/").status_code == 302
    account.refresh_from_db()
    assert account.check_password(NEW)


def test_a_person_sees_the_own_appointments(signed_in: SignedIn, at: datetime):
    client = signed_in(Post.COUNTY_CLERK)
    page = text(client.get(reverse("accounts:own")))
    assert "县区报名员" in page
    assert "2026-08-20 至 不定期" in page


def test_a_security_administrator_finds_accounts_without_a_post_on_the_work_list(signed_in: SignedIn, at: datetime):
    account = an_account(at, "li.si", "3201")
    an_account(at, "wang.wu", "33")
    client = signed_in(Post.SECURITY_ADMIN, "32")
    page = text(client.get(reverse("portals:staff-home")))
    assert "待聘任岗位的账号" in page
    assert reverse("accounts:account", args=[account.pk]) in page
    appointed(account, Post.MARKER, "3201", at)
    assert "待聘任岗位的账号" not in text(client.get(reverse("portals:staff-home")))


def test_the_last_sign_in_is_by_the_clock_of_the_node(signed_in: SignedIn, at: datetime):
    signed_in(Post.COUNTY_CLERK)
    assert Account.objects.get(username="county-clerk.320102").last_login == at


def test_the_day_of_an_appointment_stands_in_its_form(signed_in: SignedIn, at: datetime):
    account = a_clerk(at)
    page = text(signed_in(Post.SECURITY_ADMIN, "32").get(reverse("accounts:appoint", args=[account.pk])))
    assert 'value="2026-08-20"' in page
