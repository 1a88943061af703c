"""The steps of coming in, one's own factors and sessions, the journal, resets: as people meet them."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import PASSWORD, a_member_of_staff, an_account, appointed, sign_in, with_totp
from tests.factories.passkeys import Device
from zikao.foundation import clock
from zikao.foundation.access import second_factor, totp
from zikao.foundation.access.models import Account, LiveSession, SignIn, TotpDevice
from zikao.foundation.access.states import FactorKind, SignInEvent
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db
DOOR = "/sign-in/staff/"
NEW = "chang-jiang-ba-hao-2"


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def knock(client: Client, account: Account, password: str = PASSWORD, **query: str) -> Any:
    door = reverse("portals:staff-sign-in", query=query)
    return client.post(door, {"username": account.username, "password": password})


def secret_on(page: str) -> bytes:
    from base64 import b32decode

    found = re.search(r'class="code secret">([A-Z2-7]+)<', page)
    assert found
    return b32decode(found[1] + "=" * (-len(found[1]) % 8))


def test_an_officer_enrols_at_the_first_sign_in_and_comes_where_they_wanted(client: Client, at: datetime) -> None:
    account = a_member_of_staff(at, Post.SCORE_OFFICER)
    assert knock(client, account, next="/staff/results/")["Location"] == "/sign-in/enrol/"
    page = text(client.get("/sign-in/enrol/"))
    assert "<svg" in page
    assert "考务 第四十七条" in page
    secret = secret_on(page)
    assert secret_on(text(client.get("/sign-in/enrol/"))) == secret, "a second look does not make another secret"
    wrong = client.post("/sign-in/enrol/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "动态码不对" in text(wrong)
    codes = text(client.post("/sign-in/enrol/", {"code": totp.code_at(secret, at)}))
    assert len(re.findall(r'<li class="code">[0-9A-Z-]{19}</li>', codes)) == 10
    assert client.get("/staff/").status_code == 302
    assert client.get("/sign-in/go-on/")["Location"] == "/staff/results/"
    assert client.get("/staff/").status_code == 200
    assert LiveSession.objects.get().factor == FactorKind.TOTP
    assert "totp-secret" not in client.session


def test_a_person_without_the_telephone_uses_a_recovery_code(client: Client, at: datetime) -> None:
    account = a_member_of_staff(at, Post.SCORE_OFFICER)
    with_totp(account, at)
    codes = second_factor.new_codes(account, at)
    knock(client, account)
    assert client.post("/sign-in/second/", {"code": codes[0]}).status_code == 302
    assert "还有 9 个没有用" in text(client.get(reverse("accounts:own")))


def test_who_got_a_password_from_somebody_else_sets_their_own_first(client: Client, at: datetime) -> None:
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    Account.objects.filter(pk=account.pk).update(password_is_initial=True)
    assert knock(client, account)["Location"] == "/sign-in/password/"
    assert client.get("/staff/").status_code == 302
    assert "初始密码" in text(client.get("/sign-in/password/"))
    weak = {"old_password": PASSWORD, "new_password": "short", "again": "short"}
    refused = client.post("/sign-in/password/", weak)
    assert refused.status_code == 422
    assert "密码至少 10 位" in text(refused)
    done = client.post("/sign-in/password/", {"old_password": PASSWORD, "new_password": NEW, "again": NEW})
    assert done["Location"] == "/"
    assert client.get("/staff/").status_code == 200


def test_an_old_password_leads_to_its_change(client: Client, at: datetime) -> None:
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    Account.objects.filter(pk=account.pk).update(password_set_at=at - timedelta(days=90))
    assert knock(client, account)["Location"] == "/sign-in/password/"
    assert "密码已满 90 天" in text(client.get("/sign-in/password/"))


def test_a_passkey_is_registered_beside_the_codes_and_removed(client: Client, at: datetime, settings: Any) -> None:
    settings.ZIKAO_PUBLIC_URL = "https://zikao.example"
    account = a_member_of_staff(at, Post.SCORE_OFFICER)
    secret, device = with_totp(account, at), Device("https://zikao.example", "zikao.example")
    sign_in(client, account)
    route = reverse("accounts:add-passkey")
    proof = {"secret": PASSWORD, "code": totp.code_at(secret, at)}
    page = client.get(route).content.decode()
    wrong = client.post(route, {**proof, "secret": "guess", "name": "钥匙", "passkey": device.registers(page)})
    assert wrong.status_code == 422
    assert not account.passkeys.exists()
    page = wrong.content.decode()
    done = client.post(route, {**proof, "name": "钥匙", "passkey": device.registers(page)}, follow=True)
    assert "通行密钥已登记" in text(done)
    assert "通行密钥 钥匙" in text(done)
    remove = reverse("accounts:remove-passkey", args=[account.passkeys.get().pk])
    later = {"secret": PASSWORD, "code": totp.code_at(secret, at, steps=1)}
    assert "通行密钥已移除" in text(client.post(remove, later, follow=True))


def test_where_the_address_is_made_of_numbers_passkeys_are_explained_not_offered(client: Client, at: datetime) -> None:
    account = a_member_of_staff(at, Post.SCORE_OFFICER)
    knock(client, account)
    assert "改用通行密钥" not in text(client.get("/sign-in/enrol/"))
    page = text(client.get("/sign-in/enrol/passkey/"))
    assert "浏览器不允许通行密钥" in page
    assert "data-options" not in page


def test_a_person_changes_telephones(client: Client, at: datetime) -> None:
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    secret = with_totp(account, at)
    sign_in(client, account)
    proof = {"secret": PASSWORD, "code": totp.code_at(secret, at)}
    assert "动态码已移除" in text(client.post(reverse("accounts:remove-totp"), proof, follow=True))
    page = text(client.get(reverse("accounts:set-up-totp")))
    new = secret_on(page)
    answer = client.post(reverse("accounts:set-up-totp"), {"new_code": totp.code_at(new, at), "secret": PASSWORD})
    assert "请抄下备用码" in text(answer)
    assert second_factor.secret_of(TotpDevice.objects.get()) == new != secret


def test_an_officer_reads_why_the_last_factor_stays(client: Client, at: datetime) -> None:
    account = a_member_of_staff(at, Post.SCORE_OFFICER)
    secret = with_totp(account, at)
    sign_in(client, account)
    proof = {"secret": PASSWORD, "code": totp.code_at(secret, at)}
    answer = client.post(reverse("accounts:remove-totp"), proof)
    assert answer.status_code == 409
    assert "不能移除最后一个" in text(answer)
    assert "考务 第四十七条" in text(answer)


def test_new_recovery_codes_are_shown_once(client: Client, at: datetime) -> None:
    account = a_member_of_staff(at, Post.SCORE_OFFICER)
    secret = with_totp(account, at)
    sign_in(client, account)
    proof = {"secret": PASSWORD, "code": totp.code_at(secret, at)}
    answer = client.post(reverse("accounts:renew-codes"), proof)
    shown = re.findall(r'<li class="code">([0-9A-Z-]{19})</li>', text(answer))
    assert len(shown) == 10
    assert answer["Cache-Control"] == "no-store"
    assert shown[0] not in text(client.get(reverse("accounts:own")))


def test_a_person_sees_where_they_are_signed_in_and_ends_the_other(client: Client, at: datetime) -> None:
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    other = Client(REMOTE_ADDR="198.51.100.9", HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    knock(other, account)
    knock(client, account)
    page = text(client.get(reverse("accounts:own-sessions")))
    assert "198.51.100.9" in page
    assert "就在这里" in page
    found = LiveSession.objects.get(address="198.51.100.9")
    ended = client.post(reverse("accounts:end-session", args=[found.pk]), follow=True)
    assert "那一处登录已结束" in text(ended)
    assert other.get("/staff/").status_code == 302
    assert "您在别处结束了这里的登录" in text(other.get(DOOR))
    assert "您在别处结束了这里的登录" not in text(other.get(DOOR)), "said once"
    assert client.get("/staff/").status_code == 200


def test_a_person_sees_their_own_last_sign_ins_and_nobody_elses(client: Client, at: datetime) -> None:
    account, other = a_member_of_staff(at, Post.COUNTY_CLERK), a_member_of_staff(at, Post.COUNTY_CLERK, "320106")
    knock(Client(REMOTE_ADDR="203.0.113.77"), account, "guess")
    knock(Client(REMOTE_ADDR="203.0.113.88"), other, "guess")
    knock(client, account)
    page = text(client.get(reverse("accounts:own-sign-ins")))
    assert "203.0.113.77" in page
    assert "密码不对" in page
    assert "203.0.113.88" not in page


def test_the_auditor_filters_the_journal(client: Client, at: datetime) -> None:
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    knock(Client(REMOTE_ADDR="203.0.113.77"), account, "guess")
    Client(REMOTE_ADDR="203.0.113.99").post(DOOR, {"username": "mein-passwort", "password": "x"})
    sign_in(client, a_member_of_staff(at, Post.AUDITOR, ""))
    route = reverse("accounts:sign-ins")

    def shown(**chosen: str) -> set[str]:
        return set(re.findall(r"203\.0\.113\.\d+", text(client.get(route, chosen))))

    assert shown() == {"203.0.113.77", "203.0.113.99"}
    assert shown(username="county-clerk") == {"203.0.113.77"}
    assert shown(event="came-in") == set()
    assert shown(address="203.0.113.99") == {"203.0.113.99"}
    assert shown(day="2026-08-19") == set()
    assert shown(day="2026-08-20") == {"203.0.113.77", "203.0.113.99"}
    page = text(client.get(route))
    assert "没有这个用户名" in page
    assert "mein-passwort" not in page, "what was typed as a name may be a password"


def test_the_auditor_of_another_province_sees_nothing_of_it(client: Client, at: datetime) -> None:
    knock(Client(REMOTE_ADDR="203.0.113.77"), a_member_of_staff(at, Post.COUNTY_CLERK), "guess")
    sign_in(client, a_member_of_staff(at, Post.AUDITOR, "33"))
    assert "203.0.113.77" not in text(client.get(reverse("accounts:sign-ins")))


def test_the_journal_asks_for_names_once_for_each_person(
    client: Client, at: datetime, django_assert_max_num_queries: Any
) -> None:
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    for _ in range(40):
        SignIn.objects.create(at=at, event=SignInEvent.CAME_IN, account_id=account.pk, agency_code="320102")
    sign_in(client, a_member_of_staff(at, Post.AUDITOR, "32"))
    client.get(reverse("accounts:sign-ins"))
    with django_assert_max_num_queries(16):
        client.get(reverse("accounts:sign-ins"))


def test_a_lost_factor_is_reset_by_two_on_their_pages(client: Client, at: datetime) -> None:
    account = an_account(at, "li.si", "32")
    appointed(account, Post.SCORE_OFFICER, "32", at)
    with_totp(account, at)
    security = sign_in(Client(), a_member_of_staff(at, Post.SECURITY_ADMIN, "32"))
    system = sign_in(Client(), a_member_of_staff(at, Post.SYSTEM_ADMIN, "32"))
    theirs = sign_in(client, account)
    assert theirs.get("/staff/").status_code == 200
    asked = security.post(reverse("accounts:ask-reset", args=[account.pk]), {"reason": "lost"}, follow=True)
    assert "申请已提出" in text(asked)
    assert "您是申请人" in text(asked)
    assert "待确认的第二重验证重置" in text(system.get("/staff/"))
    assert "待确认的第二重验证重置" not in text(security.get("/staff/"))
    reset = account.factor_resets.get()
    done = system.post(reverse("accounts:confirm-reset", args=[reset.pk]), follow=True)
    assert "已重置" in text(done)
    assert theirs.get("/staff/").status_code == 302
    assert knock(theirs, account)["Location"] == "/sign-in/enrol/"


def test_a_session_that_idled_away_says_so_and_keeps_the_way_back(
    client: Client, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    knock(client, a_member_of_staff(at, Post.COUNTY_CLERK))
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=61))
    answer = client.get("/staff/candidates/")
    assert answer["Location"] == "/sign-in/staff/?next=%2Fstaff%2Fcandidates%2F"
    assert "登录已自动退出" in text(client.get(answer["Location"]))


def test_who_has_a_passkey_only_proves_it_with_that(client: Client, at: datetime, settings: Any) -> None:
    settings.ZIKAO_PUBLIC_URL = "https://zikao.example"
    account, device = a_member_of_staff(at, Post.SCORE_OFFICER), Device("https://zikao.example", "zikao.example")
    knock(client, account)
    page = client.get("/sign-in/enrol/passkey/").content.decode()
    client.post("/sign-in/enrol/passkey/", {"name": "钥匙", "passkey": device.registers(page)})
    client.get("/sign-in/go-on/")
    route = reverse("accounts:renew-codes")
    page = client.get(route).content.decode()
    refused = client.post(route, {"secret": PASSWORD})
    assert "请输入动态码" in text(refused)
    again = refused.content.decode()
    stale = client.post(route, {"secret": PASSWORD, "passkey": device.signs(page)})
    assert stale.status_code == 422
    assert again != stale.content.decode()
    done = client.post(route, {"secret": PASSWORD, "passkey": device.signs(stale.content.decode())})
    assert "请抄下备用码" in text(done)


def test_a_second_passkey_needs_a_code_of_who_has_the_first(client: Client, at: datetime, settings: Any) -> None:
    settings.ZIKAO_PUBLIC_URL = "https://zikao.example"
    account = a_member_of_staff(at, Post.SCORE_OFFICER)
    first, second = (Device("https://zikao.example", "zikao.example") for _ in range(2))
    knock(client, account)
    page = client.get("/sign-in/enrol/passkey/").content.decode()
    enrolled = client.post("/sign-in/enrol/passkey/", {"name": "钥匙", "passkey": first.registers(page)})
    code = re.findall(r'<li class="code">([0-9A-Z-]{19})</li>', text(enrolled))[0]
    client.get("/sign-in/go-on/")
    route = reverse("accounts:add-passkey")
    wish = {"name": "家里的", "secret": PASSWORD}
    page = client.get(route).content.decode()
    assert "选填" not in html.unescape(page)
    refused = client.post(route, {**wish, "passkey": second.registers(page)})
    assert refused.status_code == 422
    assert account.passkeys.count() == 1
    done = client.post(
        route, {**wish, "code": code, "passkey": second.registers(refused.content.decode())}, follow=True
    )
    assert "通行密钥已登记" in text(done)
    assert account.passkeys.count() == 2
