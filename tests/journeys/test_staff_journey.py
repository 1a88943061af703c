"""At a desk: a county clerk registers somebody by keyboard; the head of exam affairs sees what waits."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.factories.accounts import PASSWORD, a_member_of_staff
from tests.factories.actors import COUNTY
from tests.factories.candidates import PORTRAIT, a_candidate, an_applicant
from tests.factories.entries import a_window
from tests.factories.seating import SECRETS, committed
from tests.journeys.conftest import NodeClock
from tests.journeys.walk import Walk
from zikao.foundation.access.models import Account
from zikao.foundation.actors import Post
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.states import Applicant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DOOR = "/sign-in/staff/"
OTHER_COUNTY = "320104"


@pytest.fixture
def clerk(node_clock: NodeClock, at: datetime) -> Account:
    """A county's clerk while the window is open."""
    a_window(at)
    a_candidate(at)
    return a_member_of_staff(at, Post.COUNTY_CLERK, COUNTY)


def test_clerk_registers_somebody_by_keyboard_and_finds_them_again(
    page: Page, clerk: Account, at: datetime, tmp_path: Path
) -> None:
    walk = Walk(page, "clerk")
    someone = an_applicant(at)
    picture = tmp_path / "portrait.jpg"
    picture.write_bytes(PORTRAIT)
    walk.signs_in(DOOR, clerk.username, PASSWORD)
    walk.arrives("待办")
    walk.enters("现场报名")
    walk.arrives("报名注册")
    fills_the_form(walk, someone, someone.id_number[:-1] + "?", picture)
    walk.enters("注册并编号", "button")
    walk.arrives("报名注册", status=422)
    mends_the_number(walk, someone, picture)
    walk.arrives("010226200002")
    expect(page.get_by_role("status")).to_contain_text("已注册，准考证号 010226200002")
    expect(page.get_by_role("status")).to_contain_text("回执号")
    finds_and_reveals(walk, someone)
    meets_a_stranger(walk, a_candidate(at, OTHER_COUNTY))
    signs_out(walk)


def fills_the_form(walk: Walk, someone: Applicant, number: str, picture: Path) -> None:
    expect(walk.page.get_by_label("身份证件号码")).to_be_focused()
    walk.types("身份证件号码", number)
    walk.types("姓名", someone.name)
    walk.tabs_to(walk.page.get_by_label("性别"))
    walk.page.keyboard.press("End")
    expect(walk.page.get_by_label("性别")).to_have_value(someone.sex)
    types_the_day(walk, someone)
    attaches(walk, picture)
    walk.types("报考专业", "050101")
    for box in ("本人到场，证件有效", "考生本人已阅读并接受"):
        walk.tabs_to(walk.page.get_by_label(box))
        walk.page.keyboard.press("Space")


def types_the_day(walk: Walk, someone: Applicant) -> None:
    born_on = walk.page.get_by_label("出生日期")
    walk.tabs_to(born_on)
    year, month, day = someone.born_on.isoformat().split("-")
    for order in ((month, day, year), (year, "ArrowRight", month, day)):  # as the browser's language has it
        for each in order:
            (walk.page.keyboard.press if each == "ArrowRight" else walk.page.keyboard.type)(each)
        if born_on.input_value() == someone.born_on.isoformat():
            return
        for _ in order:
            walk.page.keyboard.press("ArrowLeft")
    raise AssertionError("the day cannot be typed")


def attaches(walk: Walk, picture: Path) -> None:
    portrait = walk.page.get_by_label("照片", exact=True)
    walk.tabs_to(portrait)
    portrait.set_input_files(picture)  # the window in which a file is chosen is the system's, not ours
    expect(walk.page.get_by_text("照片合格。")).to_be_visible()


def mends_the_number(walk: Walk, someone: Applicant, picture: Path) -> None:
    page = walk.page
    expect(page.locator("#error-summary")).to_be_focused()
    walk.enters("身份证件号码应为18位")
    expect(page.get_by_label("身份证件号码")).to_be_focused()
    expect(page.get_by_label("身份证件号码")).to_have_value(someone.id_number[:-1] + "?")
    expect(page.get_by_label("姓名")).to_have_value(someone.name)
    expect(page.get_by_label("出生日期")).to_have_value(someone.born_on.isoformat())
    expect(page.get_by_label("报考专业")).to_have_value("050101")
    expect(page.get_by_label("考生本人已阅读并接受")).to_be_checked()
    walk.types("身份证件号码", someone.id_number)
    attaches(walk, picture)
    walk.enters("注册并编号", "button")


def finds_and_reveals(walk: Walk, someone: Applicant) -> None:
    page = walk.page
    walk.enters("考生", exact=True)
    walk.arrives("考生")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("准考证号").fill("010226200002")
    page.get_by_label("准考证号").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("状态").select_option("已注册")
    expect(page).to_have_url(re.compile("state=registered"))
    expect(page.locator("tbody tr")).to_have_count(1)
    walk.looks("filtered")
    walk.follows("010226200002")
    walk.arrives(someone.name)
    expect(page.locator("main")).not_to_contain_text(someone.id_number)
    walk.follows("查看完整证件信息")
    walk.arrives("的完整信息")
    walk.presses("查看")
    walk.arrives("的完整信息", status=422)
    page.get_by_label("事由类别").select_option("核对本人身份")
    page.locator("#id_reason").fill("考生本人到窗口核对")
    walk.presses("查看")
    walk.arrives("身份证件号码")
    expect(page.locator("main")).to_contain_text(someone.id_number)
    walk.follows("返回")
    walk.arrives(someone.name)
    expect(page.locator(".timeline li")).to_have_count(2)


def meets_a_stranger(walk: Walk, stranger: Candidate) -> None:
    walk.goes_to(f"/staff/candidates/{stranger.pk}/")
    walk.arrives("没有找到", status=404)
    expect(walk.page.locator("main")).not_to_contain_text(stranger.name)


def signs_out(walk: Walk) -> None:
    walk.page.locator(".post-menu > summary").click()
    walk.presses("退出登录")
    walk.arrives("工作人员登录")
    walk.goes_to("/staff/candidates/")
    walk.arrives("登录")


def test_clerk_finds_the_draft_again_after_the_session_ended(page: Page, clerk: Account) -> None:
    walk = Walk(page, "draft")
    walk.signs_in(DOOR, clerk.username, PASSWORD)
    walk.arrives("待办")
    walk.follows("现场报名")
    walk.arrives("报名注册")
    page.get_by_label("姓名").press_sequentially("赵一曼")
    page.context.clear_cookies()
    walk.presses("注册并编号")
    walk.arrives("登录已过期，这次没有提交", status=403)
    walk.follows("回到刚才的表单")
    walk.arrives("工作人员登录")
    walk.fills_the_door(clerk.username, PASSWORD)
    walk.arrives("报名注册")
    expect(page.get_by_label("姓名")).to_have_value("赵一曼")


def test_head_sees_what_waits_and_why_the_draw_is_closed(page: Page, node_clock: NodeClock, at: datetime) -> None:
    committed(at, SECRETS[:1])
    head = a_member_of_staff(at, Post.EXAM_AFFAIRS_HEAD)
    walk = Walk(page, "head")
    walk.signs_in(DOOR, head.username, PASSWORD)
    walk.arrives("待办")
    waiting = page.locator(".work > li", has_text="待提交的密数承诺")
    expect(waiting.locator(".how-many")).to_contain_text("1")
    expect(waiting).to_contain_text("截止 2026年8月30日 10:00")
    expect(waiting.locator(".clause")).to_contain_text("第十六条")
    expect(page.get_by_label("业务").get_by_role("link", name="随机编排").locator(".count")).to_contain_text("1")
    waiting.get_by_role("link").first.click()
    walk.arrives("随机编排")
    walk.page.locator("main").get_by_role("link", name="2026年10月").click()
    walk.arrives("2026年10月")
    expect(page.locator(".act .button")).to_have_text(["提交密数承诺"])
    closed = page.locator(".closed-acts li", has_text="随机编排座位")
    expect(closed).to_contain_text("密数还没有全部公开")
    opens_the_clause(walk, closed.locator(".clause"))
    last = page.get_by_label("业务").get_by_role("link", name="公开账本")
    last.click()
    expect(last).to_have_attribute("aria-current", "page")
    expect(last).to_be_in_viewport()
    walk.arrives("公开账本")


def opens_the_clause(walk: Walk, clause) -> None:
    clause.locator("summary").click()
    expect(clause.locator(".clause-body")).to_contain_text("编排")
    expect(clause.locator(".clause-body")).to_be_in_viewport(ratio=1)
    walk.looks("clause open")


def test_stranger_is_locked_out_after_five_wrong_passwords(page: Page, node_clock: NodeClock, at: datetime) -> None:
    head = a_member_of_staff(at, Post.EXAM_AFFAIRS_HEAD)
    walk = Walk(page, "stranger")
    for _ in range(4):
        walk.signs_in(DOOR, head.username, "zai-shi-yi-ci-1")
        walk.arrives("登录", status=422)
    expect(page.locator("#error-summary")).to_contain_text("账号或密码不对")
    walk.signs_in(DOOR, head.username, "zai-shi-yi-ci-1")
    walk.arrives("暂时不能登录", status=429)
    expect(page.locator("main")).to_contain_text("1 分钟后")
    walk.signs_in(DOOR, head.username, PASSWORD)
    walk.arrives("暂时不能登录", status=429)
