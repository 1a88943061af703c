"""At the province: a timetable drafted from a file, looked through for clashes, filed, answered and published."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.factories import programmes as make
from tests.factories.accounts import PASSWORD, a_member_of_staff
from tests.factories.actors import the_node
from tests.journeys.conftest import NodeClock
from tests.journeys.walk import Walk
from zikao.foundation.actors import Post
from zikao.stages.programmes import commands, queries

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILE = make.DATA / "timetables" / "2026-10.csv"


def test_head_drafts_files_and_publishes_the_timetable(page: Page, node_clock: NodeClock, at: datetime) -> None:
    make.the_plans(at)
    make.the_peer(at)
    commands.take_over_timetable(body=make.the_timetable_file().national_only.as_body(), by=the_node(), at=at)
    head = a_member_of_staff(at, Post.EXAM_AFFAIRS_HEAD)
    walk = Walk(page, "timetable")
    walk.signs_in("/sign-in/staff/", head.username, PASSWORD)
    walk.arrives("待办")
    page.get_by_label("业务").get_by_role("link", name="考次与考试安排").click()
    walk.arrives("考次与考试安排")
    drafts(walk)
    looks_for_clashes(walk)
    files(walk)
    answered_by_the_centre(at)
    publishes(walk)
    walk.goes_to("/programmes/timetable/?major=050101")
    walk.arrives("考试安排")
    expect(page.locator("main")).to_contain_text("美学")


def drafts(walk: Walk) -> None:
    walk.follows("拟定考试安排")
    walk.arrives("拟定考试安排")
    walk.page.locator("input[type=file]").set_input_files(FILE)
    walk.presses("确认")
    walk.arrives("2026年10月")
    expect(walk.page.get_by_role("status")).to_contain_text("考试安排已拟定")
    closed = walk.page.locator(".closed-acts li", has_text="公布考试安排")
    expect(closed).to_contain_text("还没有经教育部考试中心备案")


def looks_for_clashes(walk: Walk) -> None:
    walk.follows("核对时间冲突")
    walk.arrives("冲突")
    walk.page.go_back()
    walk.arrives("2026年10月")


def files(walk: Walk) -> None:
    walk.follows("报备案")
    walk.arrives("报备案")
    walk.presses("报备案")
    walk.arrives("2026年10月")
    expect(walk.page.locator(".closed-acts li", has_text="拟定考试安排")).to_contain_text("已报备案，不能再改")


def answered_by_the_centre(at: datetime) -> None:
    filed = queries.timetable_of(make.SITTING)
    commands.acknowledge_timetable(
        sitting_code=make.SITTING, digest=filed.digest, filing_number="备20261032", by=the_node(), at=at
    )


def publishes(walk: Walk) -> None:
    walk.page.reload()
    walk.arrives("2026年10月")
    expect(walk.page.locator("main")).to_contain_text("备20261032")
    walk.follows("公布考试安排")
    walk.arrives("公布考试安排")
    walk.presses("公布")
    walk.arrives("2026年10月")
    expect(walk.page.locator(".pill").first).to_contain_text("已公布")
