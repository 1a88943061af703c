"""A candidate enters courses on a phone; a clerk registers somebody at a desk."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from tests.factories.accounts import a_member_of_staff, sign_in
from tests.factories.actors import COUNTY
from tests.factories.candidates import PORTRAIT, a_candidate, an_applicant
from tests.factories.entries import a_window, limited_places
from tests.journeys.walk import Walk
from zikao.foundation import clock
from zikao.foundation.access.models import Account
from zikao.foundation.actors import Post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    monkeypatch.setattr(settings, "ZIKAO_IS_DEMO", True)


def let_in(page: Page, account: Account, live_server: Any) -> None:
    client = Client()
    sign_in(client, account)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])


def test_candidate_enters_and_pays_on_a_phone_though_the_callback_is_lost(
    phone: Page, live_server: Any, at: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ZIKAO_GATEWAY", "simulated")
    monkeypatch.setattr(settings, "ZIKAO_NODE_HOME", tmp_path)
    limited_places(at, 5)
    person = a_candidate(at)
    let_in(phone, Account.objects.get(candidate_id=person.pk), live_server)
    walk = Walk(phone, "enters")
    walk.goes_to("/my/entries/2026-10/choose/")
    walk.arrives("选择2026年10月考试的课程")
    phone.get_by_text("我的专业计划").click()
    walk.looks("progress")
    phone.get_by_label("00037 美学").check()
    phone.get_by_label("00540 外国文学史").check()
    clash = phone.locator("#choice-check .refusal")
    expect(clash).to_contain_text("第1单元选了不止一门课程")
    walk.looks("clash")
    phone.get_by_label("00540 外国文学史").uncheck()
    expect(clash).to_have_count(0)
    expect(phone.locator("#choice-check")).to_contain_text("余 5")
    phone.reload()
    expect(phone.get_by_label("00037 美学")).to_be_checked()
    walk.presses("下一步：核对")
    walk.arrives("提交前请核对")
    phone.get_by_label("我已阅读并承诺").check()
    walk.presses("确认报考")
    walk.arrives("缴纳考试费")
    walk.presses("去支付")
    walk.arrives("模拟收银台")
    walk.presses("付款，但通知丢失")
    walk.arrives("订单")
    expect(phone.get_by_text("支付确认中")).to_be_visible()
    walk.presses("我已付款，查询结果")
    expect(phone.get_by_text("已支付，所报课程已确认")).to_be_visible()
    walk.arrives("订单")
    walk.follows("查看我的报考")
    walk.arrives("我的报考")
    assert person.entries.get().state == "paid"


def test_clerk_registers_somebody_at_the_desk(page: Page, live_server: Any, at: datetime, tmp_path: Path) -> None:
    a_window(at)
    a_candidate(at)
    let_in(page, a_member_of_staff(at, Post.COUNTY_CLERK, COUNTY), live_server)
    walk = Walk(page, "desk")
    walk.goes_to("/staff/candidates/")
    walk.arrives("考生")
    walk.follows("报名注册")
    walk.arrives("报名注册")
    person = an_applicant(at)
    picture = tmp_path / "portrait.jpg"
    picture.write_bytes(PORTRAIT)
    page.get_by_label("身份证件号码").fill(person.id_number[:-1] + "?")
    page.get_by_label("姓名").fill(person.name)
    page.get_by_label("性别").select_option(person.sex)
    page.get_by_label("出生日期").fill(person.born_on.isoformat())
    page.get_by_label("照片", exact=True).set_input_files(picture)
    page.get_by_label("报考专业").select_option("050101")
    page.get_by_label("本人到场，证件有效").check()
    walk.presses("注册并编号")
    walk.arrives("报名注册", status=422)
    expect(page.locator("#error-summary")).to_contain_text("身份证件号码应为18位")
    page.get_by_label("身份证件号码").fill(person.id_number)
    page.get_by_label("照片", exact=True).set_input_files(picture)
    page.get_by_label("考生本人已阅读并接受").check()
    walk.presses("注册并编号")
    walk.arrives(person.name)
    expect(page.get_by_text("已注册，准考证号 010226200002")).to_be_visible()
    walk.goes_to("/staff/entries/windows/2026-10/")
    walk.arrives("2026年10月考试报考")
    walk.goes_to("/staff/candidates/import/")
    walk.arrives("导入")
