"""At a desk: a record clerk takes a list with its purpose; a reader looks at a record that the head let them see."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from tests.factories.accounts import a_member_of_staff, sign_in
from tests.factories.candidates import a_candidate
from tests.factories.consultations import approved
from tests.factories.exports import acting, an_officer, made
from tests.journeys.conftest import NodeClock
from tests.journeys.walk import Walk
from zikao.foundation.access.models import Account
from zikao.foundation.actors import Post
from zikao.foundation.exports.models import Export
from zikao.stages.records import commands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def enters_as(page: Page, account: Account, live_server: object) -> Walk:
    """The person's session, opened through the doors' own code: what the doors ask is another journey's matter."""
    client = Client()
    sign_in(client, account)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": str(live_server)}])
    return Walk(page, account.username)


def test_clerk_takes_a_list_with_its_purpose(
    page: Page, node_clock: NodeClock, at: datetime, live_server: object
) -> None:
    a_candidate(at)
    a_candidate(at)
    walk = enters_as(page, a_member_of_staff(at, Post.RECORDS_CLERK), live_server)
    walk.goes_to("/staff/candidates/")
    walk.arrives("考生")
    page.locator("a.export").click()
    walk.arrives("导出考生名册")
    page.get_by_label("用途").fill("核对十月考试报名人数，供处内会议使用")
    walk.presses("登记并申请导出")
    walk.arrives("苏考出〔2026〕0001")
    made(Export.objects.get())
    page.reload()
    walk.arrives("苏考出〔2026〕0001")
    with page.expect_download() as download:
        page.get_by_role("button", name="领取第 1 份").click()
    assert download.value.suggested_filename == "苏考出〔2026〕0001-1.pdf"
    page.reload()
    expect(page.get_by_text("已领取").first).to_be_visible()


def test_reader_looks_at_what_the_head_let_them_see(
    page: Page, node_clock: NodeClock, at: datetime, live_server: object
) -> None:
    reader = a_member_of_staff(at, Post.PREFECTURE_CLERK)
    consultation = approved(at, acting(reader), opens_at=at - timedelta(minutes=1), closes_at=at + timedelta(hours=2))
    clerk = an_officer(at, Post.RECORDS_CLERK)
    commands.begin_consultation(
        consultation_id=consultation.pk, identity_checked=True, at_the_place=True, by=clerk, at=at
    )
    name = consultation.record.candidate.name
    walk = enters_as(page, reader, live_server)
    walk.goes_to(f"/staff/records/consultations/{consultation.pk}/")
    walk.arrives("查阅第")
    walk.follows("查阅档案")
    page.goto(f"{live_server}/staff/records/consultations/{consultation.pk}/read/")
    walk.arrives("查阅档案")
    expect(page.get_by_text(name)).to_have_count(0)
    walk.presses("考生基本情况")
    walk.arrives("查阅档案")
    expect(page.get_by_text(name, exact=True).first).to_be_visible()
    walk.presses("考试成绩")
    walk.arrives("查阅档案")
    expect(page.locator("svg.consulted-mark")).to_be_visible()
