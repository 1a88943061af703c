"""On a phone somebody registers from nothing; at the counter a clerk takes the queue by keyboard alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.factories.accounts import PASSWORD, a_member_of_staff
from tests.factories.actors import COUNTY
from tests.factories.agencies import a_county
from tests.factories.candidates import PORTRAIT, an_applicant
from tests.factories.programmes import a_major, a_sitting
from tests.factories.queue import in_queue
from tests.journeys.conftest import NodeClock
from tests.journeys.walk import Walk
from zikao.foundation.actors import Post
from zikao.stages.candidates.models import Candidate, PreRegistration
from zikao.stages.candidates.states import Applicant, QueueState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUED, CALLED = 50, 12
"""So many wait, and so many are called: the others differ in nothing."""


@pytest.fixture
def place(node_clock: NodeClock, at: datetime) -> None:
    """A county, a major, a sitting."""
    a_county(at)
    a_major(at)
    a_sitting(at)


def a_wide_picture(folder: Path) -> Path:
    """A portrait in the middle of a wide picture, as a phone takes it: it has to be cropped."""
    small = cv2.imdecode(np.frombuffer(PORTRAIT, np.uint8), cv2.IMREAD_COLOR)
    wide = np.full((480, 900, 3), 228, np.uint8)
    wide[:, 270:630] = cv2.resize(small, (360, 480))
    picture = folder / "wide.jpg"
    cv2.imwrite(str(picture), wide)
    return picture


def test_newcomer_registers_on_a_phone_from_nothing_to_the_queue(
    phone: Page, place: None, at: datetime, tmp_path: Path
) -> None:
    walk, person = Walk(phone, "newcomer"), an_applicant(at)
    walk.goes_to("/candidates/register/")
    walk.arrives("第一次报名")
    walk.follows("开始预报名")
    walk.arrives("开始预报名")
    phone.get_by_label("证件号码").fill(person.id_number[:-1] + "?")
    phone.get_by_label("手机号码").fill("13800000000")
    walk.presses("继续")
    walk.arrives("开始预报名", status=422)
    phone.get_by_label("证件号码").fill(person.id_number)
    walk.presses("继续")
    walk.arrives("您是谁")
    phone.get_by_label("姓名").fill(person.name)
    expect(phone.get_by_label("女")).to_be_checked()
    expect(phone.get_by_label("出生日期")).to_have_value(person.born_on.isoformat())
    walk.presses("继续")
    walk.arrives("在哪里报名")
    phone.get_by_label("报名的县").select_option(COUNTY)
    walk.presses("继续")
    walk.arrives("报考什么专业")
    phone.get_by_label("专业", exact=True).select_option("050101")
    walk.presses("继续")
    walk.arrives("怎样联系您")
    loses_the_session_in_the_middle(walk, person)
    walk.presses("继续")
    walk.arrives("照片")
    takes_a_portrait(walk, tmp_path)
    walk.arrives("考场规则和违规处理")
    phone.get_by_label("我已阅读并接受").check()
    walk.presses("继续")
    walk.arrives("诚信承诺")
    phone.get_by_label("输入您的姓名").fill(person.name)
    walk.presses("签署，继续")
    walk.arrives("核对您的填报")
    walk.presses("确认无误，提交")
    walk.arrives("已提交，请到现场确认")
    assert PreRegistration.objects.get().state == QueueState.QUEUED


def loses_the_session_in_the_middle(walk: Walk, person: Applicant) -> None:
    """What was typed comes back after the code and the number; the page says so."""
    phone = walk.page
    phone.get_by_label("通信地址").fill("中山路𠮷号")
    code = phone.locator("b.code").inner_text()
    phone.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    walk.presses("继续")
    walk.arrives("续填预报名")
    phone.get_by_label("预约号").fill(code)
    phone.get_by_label("证件号码").fill(person.id_number)
    walk.presses("继续")
    walk.arrives("怎样联系您")
    expect(phone.get_by_role("status").filter(has_text="已恢复")).to_be_visible()
    expect(phone.get_by_label("通信地址")).to_have_value("中山路𠮷号")


def takes_a_portrait(walk: Walk, folder: Path) -> None:
    phone = walk.page
    phone.get_by_label("拍照或选择照片").set_input_files(a_wide_picture(folder))
    expect(phone.get_by_role("heading", name="裁剪")).to_be_visible()
    phone.locator("canvas").press("ArrowRight")
    walk.looks("cropping")
    walk.presses("检查照片，继续")


def test_clerk_takes_the_queue_by_keyboard(page: Page, place: None, at: datetime) -> None:
    people = [an_applicant(at) for _ in range(QUEUED)]
    for minute, person in enumerate(people):
        in_queue(at + timedelta(minutes=minute), person)
    clerk = a_member_of_staff(at, Post.COUNTY_CLERK, COUNTY)
    walk = Walk(page, "desk")
    walk.signs_in("/sign-in/staff/", clerk.username, PASSWORD)
    walk.arrives("待办")
    walk.enters("现场确认")
    walk.arrives("现场确认")
    for person in people[:CALLED]:
        page.keyboard.press("Enter")  # the button that calls the next has the focus
        expect(page.get_by_role("heading", level=1)).to_contain_text("对照证件")
        expect(page.get_by_label("证件号码后六位")).to_be_focused()
        expect(page.locator(".counter-facts")).to_contain_text(person.name)
        page.keyboard.type(person.id_number[-6:])
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page.locator(".counter-done h2")).to_contain_text(person.name)
    walk.arrives("现场确认")
    assert Candidate.objects.count() == CALLED
    expect(page.locator("main")).to_contain_text(f"还有 {QUEUED - CALLED} 人等待确认")
