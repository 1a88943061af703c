"""Pages of violations: cases, recording, the candidate's own view, notice and decision on paper."""

from __future__ import annotations

from datetime import timedelta

import pymupdf
import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import sign_in
from tests.factories.conduct import a_seat, on_duty, when
from tests.factories.violations import COPYING, PEEPING, a_case, decided, notified, recorded, stated
from zikao.foundation import clock
from zikao.foundation.access.models import Account
from zikao.foundation.actors import Post
from zikao.stages.violations.models import Case
from zikao.stages.violations.states import CaseState

pytestmark = pytest.mark.django_db


def in_state(state):
    return lambda at: {"case_id": a_case(at, state).pk}


READ = {"guest": 302, "candidate": 403, "site-chief@3201": 200, "site-chief@3202": 404, "exam-affairs-head@33": 404}
OWN = {"guest": 302, "candidate": 404, "prefecture-clerk": 403}
ROUTES = {
    "violations:cases": {"guest": 302, "candidate": 403, "prefecture-clerk": 200, "marker": 403},
    "violations:find": {"guest": 302, "candidate": 403, "invigilator": 200, "area-director": 403},
    "violations:record": {
        "kwargs": lambda at: {"entry_id": a_seat(at).pk},
        "guest": 302, "invigilator@3201": 200, "invigilator@3202": 404, "area-director": 403,
    },
    "violations:case": {"kwargs": in_state("recorded"), **READ},
    "violations:notify": {"kwargs": in_state("recorded"), "guest": 302, "prefecture-clerk": 200, "site-chief": 403},
    "violations:decide": {"kwargs": in_state("notified"), "guest": 302, "area-director": 200, "prefecture-clerk": 403},
    "violations:dismiss": {"kwargs": in_state("notified"), "guest": 302, "area-director": 200, "site-chief": 403},
    "violations:deliver": {"kwargs": in_state("decided"), "guest": 302, "prefecture-clerk": 200, "site-chief": 403},
    "violations:notice": {"kwargs": in_state("notified"), **READ},
    "violations:decision": {"kwargs": in_state("decided"), **READ},
    "violations:my-cases": {"guest": 302, "candidate": 200, "prefecture-clerk": 403},
    "violations:my-case": {"kwargs": in_state("notified"), **OWN},
    "violations:state": {"kwargs": in_state("notified"), "guest": 302, "candidate": 200, "prefecture-clerk": 403},
    "violations:my-notice": {"kwargs": in_state("notified"), **OWN},
    "violations:my-decision": {"kwargs": in_state("decided"), **OWN},
}  # fmt: skip


def text(answer):
    return answer.content.decode()


def pdf_text(answer):
    with pymupdf.open(stream=answer.content, filetype="pdf") as pdf:
        return "".join(page.get_text() for page in pdf).replace("\n", "")


@pytest.fixture
def now(monkeypatch):
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


def own_client(case):
    client = Client()
    account = Account.objects.get(candidate_id=case.candidate_id)
    sign_in(client, account)
    return client


def test_invigilator_finds_the_entry_and_records(signed_in, at, now):
    seat = a_seat(at)
    now(when(seat, 60))
    client = signed_in(Post.INVIGILATOR, "3201")
    number = seat.entry.candidate.admission_number
    found = text(client.get(reverse("violations:find"), {"admission_number": number}))
    url = reverse("violations:record", args=[seat.pk])
    assert url in found
    page = text(client.get(url))
    assert "第五条（四）" in page
    assert "擅自把试题" not in page
    given = {"found_in": "room", "code": PEEPING, "account_of_facts": "张望两次", "recorders": on_duty(seat)}
    refused = client.post(url, given)
    assert refused.status_code == 409
    assert "还没有把记录内容告知考生" in text(refused)
    answer = client.post(url, {**given, "told_candidate": "on"}, follow=True)
    assert "违规已记录" in text(answer)
    assert "张望两次" in text(answer)
    assert Case.objects.get().code == PEEPING


def test_room_page_leads_to_recording(signed_in, at):
    seat = a_seat(at)
    page = text(signed_in(Post.SITE_CHIEF).get(reverse("conduct:room", args=[seat.room_id, seat.unit_id])))
    assert reverse("violations:record", args=[seat.pk]) in page


def test_clerk_sees_what_waits_and_notifies(signed_in, at, now):
    case = recorded(at)
    now(case.recorded_at + timedelta(days=1))
    client = signed_in(Post.PREFECTURE_CLERK)
    assert "待告知考生的违规案件" in text(client.get("/staff/"))
    answer = client.post(reverse("violations:notify", args=[case.pk]), follow=True)
    assert "已告知考生" in text(answer)


def test_director_reads_why_cheating_is_not_decided_here(signed_in, at, now):
    case = stated(at, COPYING)
    now(case.recorded_at + timedelta(days=5))
    page = text(signed_in(Post.AREA_DIRECTOR).get(reverse("violations:case", args=[case.pk])))
    assert "应由省级教育考试机构作出处理决定" in page
    assert reverse("violations:decide", args=[case.pk]) not in page


def test_director_reads_that_the_time_for_a_statement_runs(signed_in, at, now):
    case = notified(at)
    now(case.notified_at + timedelta(days=1))
    page = text(signed_in(Post.AREA_DIRECTOR).get(reverse("violations:case", args=[case.pk])))
    assert "3 天期限未满" in page


def test_head_decides_and_the_case_says_what_is_void(signed_in, at, now):
    case = stated(at, COPYING)
    now(case.recorded_at + timedelta(days=5))
    client = signed_in(Post.EXAM_AFFAIRS_HEAD)
    answer = client.post(reverse("violations:decide", args=[case.pk]), {"decision_number": "考违1号"}, follow=True)
    page = text(answer)
    assert "该次考试各科成绩无效" in page
    assert "考违1号" in page
    assert "作出处理决定" in page


def test_head_dismisses_with_a_reason(signed_in, at, now):
    case = notified(at)
    now(case.recorded_at + timedelta(days=9))
    client = signed_in(Post.EXAM_AFFAIRS_HEAD)
    url = reverse("violations:dismiss", args=[case.pk])
    assert client.post(url, {}).status_code == 422
    assert "录像不能证实" in text(client.post(url, {"reason": "录像不能证实"}, follow=True))


def test_candidate_reads_the_case_and_answers(at, now):
    case = notified(at)
    now(case.notified_at)
    client = own_client(case)
    assert "违规处理" in text(client.get("/my/"))
    url = reverse("violations:my-case", args=[case.pk])
    page = text(client.get(url))
    assert "可以陈述到" in page
    assert case.account_of_facts in page
    answer = client.post(reverse("violations:state", args=[case.pk]), {"statement": "我在看时钟"}, follow=True)
    assert "您的陈述已经收到" in text(answer)
    assert "我在看时钟" in text(answer)
    assert "您已经提交过陈述" in text(answer)


def test_candidate_reads_until_when_a_review_may_be_asked(at, now):
    case = a_case(at, CaseState.DELIVERED)
    now(case.delivered_at)
    client = own_client(case)
    assert "可以申请复核到" in text(client.get(reverse("violations:my-case", args=[case.pk])))
    assert "已送达" in text(client.get(reverse("violations:my-cases")))


def test_candidate_without_a_case_reads_so(signed_in):
    client = signed_in(Post.CANDIDATE)
    assert "您没有违规记录" in text(client.get(reverse("violations:my-cases")))
    assert "违规处理" not in text(client.get("/my/"))


def test_notice_says_facts_basis_intention_and_rights(signed_in, at):
    case = notified(at)
    found = pdf_text(signed_in(Post.PREFECTURE_CLERK).get(reverse("violations:notice", args=[case.pk])))
    for said in (case.candidate.name, case.account_of_facts, "第五条（四）", "该科目成绩无效", "3日内", "陈述"):
        assert said.replace(" ", "") in found.replace(" ", "")


def test_decision_says_person_facts_basis_decision_remedies_body_and_date(signed_in, at):
    case = decided(at, COPYING)
    found = pdf_text(signed_in(Post.EXAM_AFFAIRS_HEAD).get(reverse("violations:decision", args=[case.pk])))
    day = case.decided_at.astimezone(clock.LOCAL)
    wanted = (
        case.candidate.name, case.candidate.admission_number, case.account_of_facts, case.statement, "第六条（二）",
        "该次考试各科成绩无效", "15日内", "30日内", "32省教育考试院", case.decision_number,
        f"{day.year}年{day.month}月{day.day}日",
    )  # fmt: skip
    for said in wanted:
        assert said.replace(" ", "") in found.replace(" ", "")


def test_papers_are_not_there_before_their_time(signed_in, at):
    case = recorded(at)
    client = signed_in(Post.PREFECTURE_CLERK)
    assert client.get(reverse("violations:notice", args=[case.pk])).status_code == 404
    assert client.get(reverse("violations:decision", args=[case.pk])).status_code == 404


def test_candidate_opens_the_own_papers(at):
    case = decided(at)
    client = own_client(case)
    for name in ("my-notice", "my-decision"):
        assert client.get(reverse(f"violations:{name}", args=[case.pk]))["Content-Type"] == "application/pdf"
