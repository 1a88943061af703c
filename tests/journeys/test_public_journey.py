"""Anybody: the timetable, the rules with their clauses, a certificate looked up. On a desk, and on a plain phone."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.factories.programmes import a_published_timetable
from tests.factories.registry import IN_PERIOD, an_answered_batch
from tests.journeys.conftest import NodeClock
from tests.journeys.walk import Walk
from zikao.stages.graduation.models import GraduationCertificate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_visitor_reads_the_timetable_and_the_rules_at_a_desk(page: Page, node_clock: NodeClock, at: datetime) -> None:
    a_published_timetable(at)
    reads_the_timetable_and_the_rules(Walk(page, "visitor"))


def test_visitor_reads_the_same_in_the_dark_without_scripts(
    plain_phone: Page, node_clock: NodeClock, at: datetime
) -> None:
    a_published_timetable(at)
    reads_the_timetable_and_the_rules(Walk(plain_phone, "plain"))


def reads_the_timetable_and_the_rules(walk: Walk) -> None:
    walk.goes_to("/")
    walk.arrives("高等教育自学考试")
    walk.follows("考试安排")
    walk.arrives("2026年10月考试安排")
    finds_a_course(walk)
    walk.follows("考场规则")
    walk.arrives("考场规则")
    opens_a_clause(walk)


def finds_a_course(walk: Walk) -> None:
    walk.page.get_by_label("课程或专业").fill("00037")
    walk.presses("查找")
    walk.arrives("2026年10月考试安排")
    expect(walk.page.locator("main li")).to_have_text(["00037 美学"])
    expect(walk.page.get_by_role("heading", level=2)).to_have_text("2026年10月24日 周六")
    walk.page.get_by_label("课程或专业").fill("没有这门课")
    walk.presses("查找")
    walk.arrives("2026年10月考试安排")
    expect(walk.page.locator("main")).to_contain_text("没有找到这门课程或这个专业")


def opens_a_clause(walk: Walk) -> None:
    chip = walk.page.locator("main .clause").first
    summary = chip.locator(".clause-body")
    expect(summary).to_be_hidden()
    chip.locator("summary").click()
    expect(summary).to_be_in_viewport(ratio=1)
    expect(summary).not_to_be_empty()
    walk.looks("clause open")
    summary.get_by_role("link", name="在条款目录中查看").click()
    walk.arrives("条款目录")
    expect(walk.page.locator(".register > div")).to_have_count(1)


def test_employer_looks_a_certificate_up(plain_phone: Page, node_clock: NodeClock, at: datetime) -> None:
    an_answered_batch(at)
    node_clock.moment = IN_PERIOD
    held = GraduationCertificate.objects.select_related("application__candidate").get()
    walk = Walk(plain_phone, "employer")
    walk.goes_to("/welcome/")
    walk.follows("证书查验")
    walk.arrives("毕业证书查验")
    walk.presses("查验")
    walk.arrives("毕业证书查验")
    expect(walk.page.locator("#error-summary a")).to_have_count(2)
    asks(walk, held.number, "别的名字")
    expect(walk.page.get_by_role("status")).to_contain_text("没有查到这张证书")
    asks(walk, held.number, held.application.candidate.name)
    expect(walk.page.get_by_role("status")).to_contain_text("证书真实有效，已经电子注册")
    expect(walk.page.get_by_role("status")).to_contain_text("汉语言文学")


def asks(walk: Walk, number: str, name: str) -> None:
    walk.page.get_by_label("证书编号").fill(number)
    walk.page.get_by_label("姓名").fill(name)
    walk.presses("查验")
    walk.arrives("毕业证书查验")
