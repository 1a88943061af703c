"""Pages of plans and timetables, the public grid, and the centre's filings."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import programmes as make
from tests.factories.actors import clerk, head, the_node
from zikao.foundation.actors import Post
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.exchange.models import Outbox
from zikao.national import commands as national
from zikao.national.models import PermissionRequest
from zikao.stages.programmes import commands
from zikao.stages.programmes.forms import read_plans
from zikao.stages.programmes.models import Plan, PlanImport
from zikao.stages.programmes.queries import Solution, timetable_of
from zikao.stages.programmes.states import PermissionKind, TimetableState

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


def _plan(at: datetime) -> dict[str, Any]:
    return {"plan_id": make.the_plans(at)[0].pk}


def _sitting(at: datetime) -> dict[str, Any]:
    return {"sitting_code": make.a_drafted_timetable(at).sitting.code}


def _filing(at: datetime) -> dict[str, Any]:
    make.the_peer(at, "province:32")
    data = make.the_timetable_file()
    officer = clerk(Post.NATIONAL_OFFICER, "")
    national.issue_timetable(data=data.national_only, to=["province:32"], by=officer, at=at)
    body = data.as_body()
    digest = sm3(canonical(body)).hex()
    filing = national.record_timetable_filing(province="32", body=body, digest=digest, by=the_node(), at=at)
    return {"filing_id": filing.value.pk}


def _issued(at: datetime) -> dict[str, Any]:
    _filing(at)
    return {"sitting_code": "2026-10"}


def _import(at: datetime) -> dict[str, Any]:
    plans = read_plans(make.the_plan_file())
    staged = commands.stage_plans(plans=plans, since=at.date(), file_name="计划.json", by=head(), at=at)
    return {"import_id": staged.value.pk}


def _permission(at: datetime) -> dict[str, Any]:
    make.the_peer(at)
    make.a_drafted_timetable(at)
    asked = commands.request_permission(
        kind=PermissionKind.CHANGE_PAPER, course_code="15040", sitting_code="2026-10", unit_number=None,
        reason="题目有误", by=head(), at=at,
    )  # fmt: skip
    return {"permission_id": asked.value.pk}


def _request(at: datetime) -> dict[str, Any]:
    body = {"reference": 1, "kind": "schedule", "course": "15040", "name": "概论", "sitting": "2027-07", "unit": 1,
            "reason": "补考"}  # fmt: skip
    return {"request_id": national.record_permission_request(province="32", body=body, by=the_node(), at=at).value.pk}


def _proposal(at: datetime) -> dict[str, Any]:
    sitting = make.a_drafted_timetable(at).sitting
    units = dict(sitting.papers.values_list("course__code", "unit__number"))
    found = Solution(units, 5, 3, 1, 1, 1, 1, stopped=False)
    made = commands.keep_proposal(
        sitting_code=sitting.code, seed=1, problem="0" * 64, solution=found, by=the_node(), at=at
    )
    return {"proposal_id": made.value.pk}


KEEPERS = {"guest": 302, "province-clerk": 200, "county-clerk": 403}
SEES = {"guest": 302, "candidate": 403, "marker": 403, "province-clerk": 200, "county-clerk": 200}
CENTRE = {"guest": 302, "candidate": 403, "province-clerk": 403, "national-officer": 200}
ROUTES: dict[str, dict[str, Any]] = {
    "programmes:plans": SEES,
    "programmes:plan": {**SEES, "kwargs": _plan},
    "programmes:import-plans": {"guest": 302, "province-clerk": 200, "county-clerk": 403},
    "programmes:plan-imports": KEEPERS,
    "programmes:plans-workbook": KEEPERS,
    "programmes:register-major": KEEPERS,
    "programmes:plan-import": {**KEEPERS, "kwargs": _import},
    "programmes:apply-plan-import": {**KEEPERS, "kwargs": _import},
    "programmes:drop-plan-import": {**KEEPERS, "kwargs": _import},
    "programmes:public-plans": {"guest": 200, "candidate": 200, "county-clerk": 200},
    "programmes:public-plan": {"guest": 200, "candidate": 200, "county-clerk": 200, "kwargs": _plan},
    "programmes:permissions": SEES,
    "programmes:permission": {**SEES, "kwargs": _permission},
    "programmes:request-permission": {"guest": 302, "exam-affairs-head": 200, "province-clerk": 403},
    "programmes:record-paper-change": {
        "guest": 302,
        "exam-affairs-head": 200,
        "province-clerk": 403,
        "kwargs": _permission,
    },
    "national:permissions": CENTRE,
    "national:permission": {**CENTRE, "kwargs": _request},
    "national:answer-permission": {
        "guest": 302,
        "national-officer": 200,
        "national-registrar": 403,
        "kwargs": _request,
    },
    "programmes:clashes": {**SEES, "kwargs": _sitting},
    "programmes:order-demand": {**SEES, "kwargs": _sitting},
    "programmes:order-proposal": {**KEEPERS, "kwargs": _sitting},
    "programmes:proposal": {**SEES, "kwargs": _proposal},
    "programmes:accept-proposal": {**KEEPERS, "kwargs": _proposal},
    "programmes:drop-proposal": {**KEEPERS, "kwargs": _proposal},
    "programmes:sittings": SEES,
    "programmes:sitting": {**SEES, "kwargs": _sitting},
    "programmes:timetable-workbook": {**KEEPERS, "kwargs": _sitting},
    "programmes:open-sitting": {"guest": 302, "province-clerk": 200, "county-clerk": 403},
    "programmes:draft": {"guest": 302, "province-clerk": 200, "county-clerk": 403},
    "programmes:file": {"kwargs": _sitting, "guest": 302, "exam-affairs-head": 200, "province-clerk": 403},
    "programmes:publish": {"kwargs": _sitting, "guest": 302, "exam-affairs-head": 200, "province-clerk": 403},
    "programmes:timetable": {"guest": 200, "candidate": 200, "county-clerk": 200},
    "national:filings": CENTRE,
    "national:filing": {**CENTRE, "kwargs": _filing},
    "national:issued-timetable": {**CENTRE, "kwargs": _issued},
    "national:send-timetable": {
        "guest": 302,
        "national-officer": 200,
        "national-registrar": 403,
        "kwargs": _issued,
    },
    "national:issue-timetable": {"guest": 302, "national-officer": 200, "national-registrar": 403},
}


def test_public_sees_nothing_before_publication(signed_in: SignedIn, at: datetime) -> None:
    make.an_acknowledged_timetable(at)
    text = signed_in().get(reverse("programmes:timetable")).content.decode()
    assert "考试安排还没有公布" in text
    assert "美学" not in text


def test_public_sees_the_grid_after_publication(signed_in: SignedIn, at: datetime) -> None:
    make.a_published_timetable(at)
    text = signed_in().get(reverse("programmes:timetable")).content.decode()
    for words in ("汉语言文学", "护理学", "美学", "10月24日 09:00"):
        assert words in text


def test_public_sees_one_major_by_time(signed_in: SignedIn, at: datetime) -> None:
    make.a_published_timetable(at)
    text = signed_in().get(reverse("programmes:timetable") + "?major=050101").content.decode()
    assert "美学" in text
    assert "管理会计" not in text
    assert "周六" in text


def test_unknown_major_has_an_answer(signed_in: SignedIn, at: datetime) -> None:
    make.a_published_timetable(at)
    text = signed_in().get(reverse("programmes:timetable") + "?major=999999").content.decode()
    assert "没有安排课程" in text


def test_head_files_through_the_page_and_publishing_stays_closed(signed_in: SignedIn, at: datetime) -> None:
    make.the_peer(at)
    make.a_drafted_timetable(at)
    client = signed_in(Post.EXAM_AFFAIRS_HEAD)
    assert client.post(reverse("programmes:file", args=["2026-10"])).status_code == 302
    assert timetable_of("2026-10").state == TimetableState.FILED
    answer = client.post(reverse("programmes:publish", args=["2026-10"]))
    assert answer.status_code == 409
    assert "不能公布" in answer.content.decode()
    text = client.get(reverse("programmes:sitting", args=["2026-10"])).content.decode()
    assert "还没有经教育部考试中心备案" in text


def test_clerk_uploads_plans_and_reads_one(signed_in: SignedIn, at: datetime) -> None:
    file = make.the_plan_file()
    for number, school in enumerate(sorted({plan["host_school"] for plan in file["plans"]})):
        make.a_school(at, school, f"S{number:04d}")
    client = signed_in(Post.PROVINCE_CLERK)
    upload = SimpleUploadedFile("plans.json", json.dumps(file).encode())
    answer = client.post(reverse("programmes:import-plans"), {"plans": upload, "since": "2024-01-01"})
    assert answer.status_code == 302
    assert not Plan.objects.exists()
    staged = PlanImport.objects.get()
    page = client.get(answer.url).content.decode()
    assert "＋ 新增" in page
    answer = client.post(
        reverse("programmes:apply-plan-import", args=[staged.pk]), {"digest": staged.digest}, follow=True
    )
    assert "考试计划已导入" in answer.content.decode()
    plan = Plan.objects.get(major__code="050101")
    text = client.get(reverse("programmes:plan", args=[plan.pk])).content.decode()
    assert "选考1门；EL组全部合格的可以不选" in text
    assert "至少3门且不少于14学分" in text


def test_clerk_reads_every_bad_line_of_a_timetable(signed_in: SignedIn, at: datetime) -> None:
    text = "session,major,unit,date,time,course,name,national\n2026-10,050101,1,2026-10-24,09:00,00037,美学,否\n"
    upload = SimpleUploadedFile("timetable.csv", text.encode())
    answer = signed_in(Post.PROVINCE_CLERK).post(reverse("programmes:draft"), {"timetable": upload})
    assert answer.status_code == 422
    assert "第2行 time" in answer.content.decode()


def test_file_that_is_no_text_is_refused(signed_in: SignedIn, at: datetime) -> None:
    upload = SimpleUploadedFile("timetable.csv", b"\xff\xfe\x00\x01")
    answer = signed_in(Post.PROVINCE_CLERK).post(reverse("programmes:draft"), {"timetable": upload})
    assert answer.status_code == 422
    assert "UTF-8" in answer.content.decode()


def test_centre_reads_a_filing(signed_in: SignedIn, at: datetime) -> None:
    found = _filing(at)
    text = signed_in(Post.NATIONAL_OFFICER).get(reverse("national:filing", kwargs=found)).content.decode()
    assert "备20261032" in text
    assert "美学" in text


def test_centre_issues_through_the_page_only_national_courses(signed_in: SignedIn, at: datetime) -> None:
    make.the_peer(at, "province:32")
    path = make.DATA / "timetables" / "2026-10.csv"
    upload = SimpleUploadedFile("2026-10.csv", path.read_bytes())
    client = signed_in(Post.NATIONAL_OFFICER)
    answer = client.post(reverse("national:issue-timetable"), {"timetable": upload, "to": ["province:32"]})
    assert answer.status_code == 302
    assert "6 门课程" in client.get(reverse("national:filings")).content.decode()


def test_head_asks_for_july_and_the_centre_answers(signed_in: SignedIn, at: datetime) -> None:
    make.the_peer(at)
    make.the_peer(at, "province:32")
    make.a_drafted_timetable(at)
    client = signed_in(Post.EXAM_AFFAIRS_HEAD)
    asked = {"kind": "schedule", "course_code": "15040", "sitting_code": "2027-07", "unit_number": "1"}
    assert client.post(reverse("programmes:request-permission"), asked).status_code == 422
    answer = client.post(reverse("programmes:request-permission"), {**asked, "reason": "疫情停考补考"}, follow=True)
    assert "等待教育部考试中心答复" in answer.content.decode()
    message = Outbox.objects.get(kind="programmes.permission-request")
    national.record_permission_request(province="32", body=message.body, by=the_node(), at=at)
    officer = signed_in(Post.NATIONAL_OFFICER)
    assert "待答复的统考课程专项申请" in officer.get("/staff/").content.decode()
    place = reverse("national:answer-permission", args=[PermissionRequest.objects.get().pk])
    assert officer.post(place, {"approved": "no", "answer": ""}).status_code == 422
    page = officer.post(place, {"approved": "yes", "answer": ""}, follow=True).content.decode()
    assert "考中心准〔" in page
