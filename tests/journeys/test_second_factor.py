"""Coming in with a second factor in a real browser: codes at a desk and on a telephone, a passkey, one session only."""

from __future__ import annotations

import re
from base64 import b32decode
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.factories.accounts import PASSWORD, a_member_of_staff
from tests.journeys.conftest import NodeClock
from tests.journeys.walk import Walk
from zikao.foundation.access import totp
from zikao.foundation.access.models import Passkey
from zikao.foundation.actors import Post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DOOR = "/sign-in/staff/"


def password_only(walk: Walk, username: str) -> None:
    walk.goes_to(DOOR)
    walk.arrives("登录")
    walk.page.get_by_role("textbox").first.fill(username)
    walk.page.get_by_label("密码").fill(PASSWORD)
    walk.presses("登录")


def secret_shown(page: Page) -> bytes:
    page.get_by_text("不能扫描").click()
    text = (page.locator(".secret").text_content() or "").strip()
    return b32decode(text + "=" * (-len(text) % 8))


def test_officer_enrols_codes_and_comes_back_with_one(page: Page, node_clock: NodeClock, at: datetime) -> None:
    account = a_member_of_staff(at, Post.SCORE_OFFICER)
    walk = Walk(page, "totp")
    password_only(walk, account.username)
    walk.arrives("设置第二重验证")
    secret = secret_shown(page)
    page.get_by_label("动态码").fill(totp.code_at(secret, at))
    walk.presses("设置")
    walk.arrives("请抄下备用码")
    codes = page.locator(".codes li").all_text_contents()
    assert len({each.strip() for each in codes}) == 10
    walk.follows("我已抄好，继续")
    walk.arrives("待办")
    walk.goes_to("/staff/accounts/own/")
    walk.arrives("张三")
    walk.presses("退出登录") if page.get_by_role(
        "button", name="退出登录"
    ).is_visible() else page.context.clear_cookies()
    node_clock.moment = at.replace(minute=5)
    password_only(walk, account.username)
    walk.arrives("第二重验证")
    page.get_by_label("动态码").fill(codes[0].strip())
    walk.presses("继续")
    walk.arrives("待办")


def test_officer_enrols_on_a_telephone_without_scripts(plain_phone: Page, node_clock: NodeClock, at: datetime) -> None:
    account = a_member_of_staff(at, Post.MARKER)
    walk = Walk(plain_phone, "totp-phone")
    password_only(walk, account.username)
    walk.arrives("设置第二重验证")
    secret = secret_shown(plain_phone)
    plain_phone.get_by_label("动态码").fill(totp.code_at(secret, at))
    walk.presses("设置")
    walk.arrives("请抄下备用码")


def test_officer_registers_a_passkey_and_signs_in_with_it(
    page: Page, node_clock: NodeClock, at: datetime, settings: object, live_server: object
) -> None:
    settings.ZIKAO_PUBLIC_URL = str(live_server)  # type: ignore[attr-defined]
    account = a_member_of_staff(at, Post.RECORDS_HEAD)
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2", "transport": "usb", "hasResidentKey": False,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    walk = Walk(page, "passkey")
    password_only(walk, account.username)
    walk.arrives("设置第二重验证")
    walk.follows("改用通行密钥")
    walk.arrives("设置通行密钥")
    page.get_by_label("给它起个名字").fill("办公室的安全密钥")
    walk.presses("登记通行密钥")
    walk.arrives("请抄下备用码")
    assert Passkey.objects.get().name == "办公室的安全密钥"
    walk.follows("我已抄好，继续")
    walk.arrives("待办")
    page.context.clear_cookies()
    password_only(walk, account.username)
    walk.arrives("第二重验证")
    walk.presses("用通行密钥登录")
    walk.arrives("待办")
    assert Passkey.objects.get().last_used_at == at
    walk.goes_to("/staff/accounts/own/")
    walk.arrives("张三")
    expect(page.get_by_text("通行密钥 办公室的安全密钥")).to_be_visible()
    walk.goes_to("/staff/accounts/own/sessions/")
    walk.arrives("登录着的设备")
    walk.goes_to("/staff/accounts/own/sign-ins/")
    walk.arrives("我的登录记录")
    walk.goes_to("/staff/accounts/own/passkeys/add/")
    walk.arrives("登记通行密钥")


def test_custodian_reads_why_the_first_desk_is_signed_out(
    page: Page, phone: Page, node_clock: NodeClock, at: datetime
) -> None:
    account = a_member_of_staff(at, Post.SCORE_OFFICER)
    desk, telephone = Walk(page, "one-desk"), Walk(phone, "one-phone")
    desk.signs_in(DOOR, account.username, PASSWORD)
    desk.arrives("待办")
    telephone.signs_in(DOOR, account.username, PASSWORD)
    telephone.arrives("待办")
    desk.goes_to("/staff/")
    desk.arrives("登录")
    expect(page.get_by_text(re.compile("您的账号刚在别处登录"))).to_be_visible()


def test_guesser_meets_the_page_that_says_how_long(phone: Page, node_clock: NodeClock, at: datetime) -> None:
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    walk = Walk(phone, "guesser")
    for _ in range(5):
        walk.goes_to(DOOR)
        phone.get_by_role("textbox").first.fill(account.username)
        phone.get_by_label("密码").fill("wrong")
        walk.presses("登录")
        phone.wait_for_load_state()
    walk.arrives("暂时不能登录", status=429)
