"""A candidate on a phone: from the counter's password to the passed course, in one autumn."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.factories.agencies import a_site
from tests.factories.archive import filed
from tests.factories.candidates import a_candidate
from tests.factories.collecting import ready_to_collect
from tests.factories.conduct import the_seats
from tests.factories.entries import a_frozen_list, a_window
from tests.factories.results import OFFICER, PROVINCE_HEAD, RECORDS_CLERK, RECORDS_HEAD, a_total
from tests.factories.seating import SECRETS, committed, later, official
from tests.journeys.conftest import NodeClock
from tests.journeys.walk import Walk
from zikao.foundation.actors import Actor, Post
from zikao.stages.candidates.commands import set_candidate_password
from zikao.stages.candidates.models import Candidate
from zikao.stages.conduct.models import Attendance, RoomSession
from zikao.stages.programmes.models import Sitting
from zikao.stages.records.commands import open_record
from zikao.stages.results.commands import approve_scores, collect_scores, publish_results
from zikao.stages.results.queries import list_of
from zikao.stages.seating.commands import draw_seats, issue_notices, reveal_secret

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "deng-xia-du-shu-9"
SITTING = "2026-10"


@pytest.fixture
def person(node_clock: NodeClock, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Candidate:
    """Registered at the counter, password typed there; the window is open, two officials have committed."""
    monkeypatch.setattr(settings, "ZIKAO_IS_DEMO", True)
    monkeypatch.setattr(settings, "ZIKAO_GATEWAY", "simulated")
    a_window(at)
    committed(at)
    a_site(at)
    registered = a_candidate(at, name="阿卜杜热合曼·买买提依明")
    counter = Actor("报名员", Post.COUNTY_CLERK, registered.agency_code)
    set_candidate_password(candidate_id=registered.pk, candidate_password=PASSWORD, by=counter, at=at)
    return registered


def test_candidate_walks_from_the_password_to_the_passed_course(
    phone: Page, person: Candidate, node_clock: NodeClock
) -> None:
    walk = Walk(phone, "candidate")
    walk.signs_in("/sign-in/", person.admission_number, PASSWORD)
    walk.arrives(f"{person.name}，您好")
    accepts_the_pledge(walk)
    chooses_after_a_refusal(walk)
    pays(walk)
    assert sorted(person.entries.values_list("state", flat=True)) == ["paid", "paid"]
    seats_are_drawn(node_clock)
    comes_back(walk, person)
    reads_the_notice(walk, person)
    results_are_published(node_clock, person)
    comes_back(walk, person)
    reads_the_results(walk)
    sees_the_record(walk)


def comes_back(walk: Walk, person: Candidate) -> None:
    """Weeks later the session has ended."""
    walk.signs_in("/sign-in/", person.admission_number, PASSWORD)
    walk.arrives(f"{person.name}，您好")


def accepts_the_pledge(walk: Walk) -> None:
    walk.follows("签署诚信考试承诺书")
    walk.arrives("诚信考试承诺书")
    walk.presses("签署承诺书")
    walk.arrives("诚信考试承诺书", status=422)
    expect(walk.page.locator("#error-summary")).to_be_focused()
    walk.page.get_by_label("我已阅读并同意上述承诺").check()
    walk.presses("签署承诺书")
    walk.arrives("您好")
    expect(walk.page.get_by_role("status")).to_contain_text("已签署")


def chooses_after_a_refusal(walk: Walk) -> None:
    walk.follows("报考课程")
    walk.arrives("选择2026年10月考试的课程")
    first, clashing, second = (walk.page.get_by_label(each) for each in ("00037", "00540", "00536"))
    first.check()
    clashing.check()
    walk.presses("下一步：核对")
    walk.arrives("选择2026年10月考试的课程", status=409)
    refusal = walk.page.locator("#refusal")
    expect(refusal).to_contain_text("第1单元选了不止一门课程")
    expect(refusal.locator(".hint")).not_to_be_empty()
    opens_the_clause(walk, refusal.locator(".clause"))
    expect(first).to_be_checked()
    expect(clashing).to_be_checked()
    clashing.uncheck()
    expect(refusal).to_have_count(0)
    second.check()
    expect(walk.page.locator("#choice-check")).to_contain_text("已选 2 门")
    walk.presses("下一步：核对")
    walk.arrives("提交前请核对")


def opens_the_clause(walk: Walk, clause) -> None:
    clause.locator("summary").click()
    expect(clause.locator(".clause-body")).to_be_in_viewport(ratio=1)
    walk.looks("clause open")
    walk.page.keyboard.press("Escape")
    expect(clause.locator(".clause-body")).to_be_hidden()


def pays(walk: Walk) -> None:
    walk.presses("确认报考")
    walk.arrives("缴纳考试费")
    walk.presses("去支付")
    walk.arrives("模拟收银台")
    walk.presses("付款")
    walk.arrives("订单")
    expect(walk.page.get_by_role("heading", name="接下来")).to_be_visible()
    walk.follows("查看我的报考")
    walk.arrives("我的报考")
    expect(walk.page.locator(".tasks .pill", has_text="已缴费")).to_have_count(2)


def seats_are_drawn(node_clock: NodeClock) -> None:
    now = node_clock.moment
    a_frozen_list(now)
    node_clock.moment = later(now)
    for number, secret in enumerate(SECRETS):
        reveal_secret(sitting_code=SITTING, secret=secret, by=official(number), at=node_clock.moment)
    draw_seats(sitting_code=SITTING, by=official(0), at=node_clock.moment)
    issue_notices(sitting_code=SITTING, by=official(0), at=node_clock.moment)


def reads_the_notice(walk: Walk, person: Candidate) -> None:
    walk.goes_to("/my/")
    walk.arrives("您好")
    walk.follows("领取考试通知单")
    walk.arrives("2026年10月")
    expect(walk.page.get_by_text("号座位")).to_have_count(2)
    expect(walk.page.locator("main")).to_contain_text(person.admission_number)
    address = walk.page.get_by_role("link", name="下载通知单").get_attribute("href")
    answer = walk.page.request.get(address or "")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")


def results_are_published(node_clock: NodeClock, person: Candidate) -> None:
    for unit_number, total in ((1, 75), (2, 58)):
        (seat,) = the_seats(unit_number)
        at = seat.unit.ends_at
        session = RoomSession.objects.create(
            room=seat.room, unit=seat.unit, expected=1, opened_at=at, agency_code=seat.agency_code
        )
        Attendance.objects.create(
            seat=seat, session=session, present=True, handwriting_taken=True, recorded_at=at,
            agency_code=seat.agency_code,
        )  # fmt: skip
        a_total(at, seat, total)
    node_clock.moment = at = at + timedelta(days=30)
    ready_to_collect(at, Sitting.objects.get(code=SITTING))
    collect_scores(sitting=SITTING, by=OFFICER, at=at)
    approve_scores(sitting=SITTING, by=RECORDS_HEAD, at=at)
    filed(list_of(Sitting.objects.get(code=SITTING)), at)
    publish_results(sitting=SITTING, by=PROVINCE_HEAD, at=at)
    open_record(candidate_id=person.pk, by=RECORDS_CLERK, at=at)


def reads_the_results(walk: Walk) -> None:
    walk.goes_to("/my/")
    walk.arrives("您好")
    expect(walk.page.locator(".tasks > li", has_text="领取考试通知单")).to_contain_text("已结束")
    walk.follows("查看成绩")
    walk.arrives("我的成绩")
    rows = walk.page.locator(".tasks > li")
    expect(rows.filter(has_text="00037")).to_contain_text("75")
    expect(rows.filter(has_text="00037").locator(".pill")).to_have_text("合格")
    expect(rows.filter(has_text="00536").locator(".pill")).to_have_text("不合格")


def sees_the_record(walk: Walk) -> None:
    walk.follows("考籍")
    walk.arrives("我的考籍")
    expect(walk.page.get_by_role("heading", name="专业计划完成情况")).to_be_visible()
    for tab, heading in (("准考证", "我的准考证"), ("通知单", "我的考试通知单"), ("转考", "转考"), ("毕业", "毕业")):
        walk.page.get_by_label("我的自考").get_by_role("link", name=tab).click()
        walk.arrives(heading)
    walk.presses("退出")
    walk.arrives("高等教育自学考试")
