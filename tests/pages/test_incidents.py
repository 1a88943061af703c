"""Pages of incidents, at the province and at the centre."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


def an_incident_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.incidents import an_incident

    return {"incident_id": an_incident(at).pk}


def a_told_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.incidents import an_incident

    found = an_incident(at)
    return {"incident_id": found.pk, "told_id": found.told.all()[0].pk}


def a_leak_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.incidents import an_incident

    return {"report_id": an_incident(at, kind="leak").reports.get().pk}


def a_file_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.incidents import PHOTO, an_incident

    return {"file_id": an_incident(at, kind="leak", files=[PHOTO]).reports.get().files.get().pk}


def at_centre_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.incidents import a_reported_incident

    return {"incident_id": a_reported_incident(at).pk}


def told_at_centre_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.incidents import a_reported_incident

    found = a_reported_incident(at)
    return {"incident_id": found.pk, "told_id": found.told.all()[0].pk}


def report_at_centre_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.incidents import a_reported_incident

    return {"report_id": a_reported_incident(at).reports.get().pk}


BASE = {"guest": 302, "candidate": 403, "marker@32": 403}
ON_DUTY = {**BASE, "site-chief": 200, "invigilator@3201": 200, "county-clerk": 200, "province-clerk": 200}
OWN = {**BASE, "site-chief": 200, "prefecture-clerk": 200, "exam-affairs-head": 200, "area-director@3205": 404}
SIGN = {**BASE, "prefecture-clerk": 200, "province-clerk": 200, "site-chief": 403}
CLOSE = {**BASE, "exam-affairs-head": 200, "exam-affairs-head@33": 404, "province-clerk": 403, "area-director": 403}
LEAK = {**BASE, "exam-affairs-head": 200, "area-director": 200, "prefecture-clerk": 404, "area-director@3205": 404}
CENTRE = {**BASE, "national-officer": 200, "province-clerk": 403}
INCIDENT: dict[str, Any] = {"kwargs": an_incident_kwargs}
ROUTES: dict[str, dict[str, Any]] = {
    "incidents:list": {**ON_DUTY, "auditor@32": 200},
    "incidents:report": {**ON_DUTY, "auditor@32": 403},
    "incidents:incident": {**INCIDENT, **OWN, "auditor@32": 200},
    "incidents:paper": {**INCIDENT, **OWN},
    "incidents:acknowledge": {**INCIDENT, **SIGN},
    "incidents:follow-up": {**INCIDENT, **ON_DUTY},
    "incidents:close": {**INCIDENT, **CLOSE},
    "incidents:withdraw": {**INCIDENT, **CLOSE},
    "incidents:call": {"kwargs": a_told_kwargs, **BASE, "province-clerk": 200, "province-clerk@33": 404},
    "incidents:one-report": {"kwargs": a_leak_kwargs, **LEAK, "exam-affairs-head": 302, "area-director": 302},
    "incidents:reveal-content": {"kwargs": a_leak_kwargs, **LEAK},
    "incidents:file": {"kwargs": a_file_kwargs, **LEAK},
    "national:incidents": CENTRE,
    "national:incident": {"kwargs": at_centre_kwargs, **CENTRE, "auditor@": 200},
    "national:acknowledge-incident": {"kwargs": at_centre_kwargs, **CENTRE, "national-registrar": 403},
    "national:call-ministry": {"kwargs": told_at_centre_kwargs, **CENTRE},
    "national:incident-report": {"kwargs": report_at_centre_kwargs, **CENTRE, "national-officer": 302},
    "national:reveal-incident": {"kwargs": report_at_centre_kwargs, **CENTRE},
}


def _text(client: Client, name: str, **kwargs: Any) -> str:
    return client.get(reverse(name, kwargs=kwargs)).content.decode()


def test_chief_reports_with_a_photograph_from_a_telephone(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.incidents import a_place
    from zikao.stages.incidents.models import Incident

    site = a_place(at)
    client = signed_in(Post.SITE_CHIEF, "3201")
    form = _text(client, "incidents:report")
    assert f'value="site:{site.pk}" selected' in form
    assert 'value="2026-08-20T10:00"' in form
    answer = client.post(
        reverse("incidents:report"),
        {
            "kind": "public-health", "place": f"site:{site.pk}", "happened_at": "2026-08-20T09:41",
            "known": "三名考生发热。", "room_number": "1", "idempotency_key": "k1",
            "evidence": [SimpleUploadedFile("a.jpg", b"\xff\xd8", "image/jpeg"), SimpleUploadedFile("b.pdf", b"%PDF")],
        },
    )  # fmt: skip
    found = Incident.objects.get()
    assert answer.url == reverse("incidents:incident", args=[found.pk])
    assert (found.is_major, found.room.number, found.reports.get().files.count()) == (True, 1, 2)
    page = _text(client, "incidents:incident", incident_id=found.pk)
    assert "三名考生发热" in page
    assert "发生 19 分钟后才报告" in page
    assert "等待教育部考试中心转报" in page


def test_head_sees_what_waits_what_the_group_lacks_and_calls(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.agencies import a_site, an_emergency_group
    from tests.factories.incidents import reported
    from zikao.stages.agencies.states import EmergencyLevel

    site = a_site(at)
    an_emergency_group(at, EmergencyLevel.PROVINCE, "deputy")
    found = reported(at, site, kind="other")
    client = signed_in(Post.EXAM_AFFAIRS_HEAD, "32")
    home = _text(client, "portals:staff-home")
    assert "待签收的突发事件报告" in home
    assert "还没有人告知省应急领导小组的突发事件" in home
    page = _text(client, "incidents:incident", incident_id=found.pk)
    assert "没有副组长" in page
    assert "报告照常上报" in page
    assert "13900000001" not in page
    client.post(reverse("incidents:acknowledge", args=[found.pk]))
    told = found.told.all()[0]
    client.post(reverse("incidents:call", args=[found.pk, told.pk]), {"outcome": "no-answer", "note": "占线"})
    page = _text(client, "incidents:incident", incident_id=found.pk)
    assert "无人接听" in page
    assert "占线" in page


def test_a_leak_shows_its_content_on_no_page_and_no_paper(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.incidents import an_incident
    from zikao.stages.incidents.views.papers import paper_of

    found = an_incident(at, kind="leak")
    client = signed_in(Post.EXAM_AFFAIRS_HEAD, "32")
    page = _text(client, "incidents:incident", incident_id=found.pk)
    assert "三号楼停电" not in page
    assert "查看内容" in page
    assert "查看内容" not in _text(signed_in(Post.AUDITOR, "32"), "incidents:incident", incident_id=found.pk)
    assert "三号楼停电" not in str(paper_of(found))
    asked = {"field": "incidents.content", "reason_code": "other", "reason": "处置泄密事件"}
    report = found.reports.get()
    shown = client.post(reverse("incidents:reveal-content", args=[report.pk]), asked).content.decode()
    assert "三号楼停电" in shown


def test_paper_tells_every_report_with_its_clock(at: datetime) -> None:
    from tests.factories.incidents import acknowledged, an_incident, finally_reported
    from zikao.foundation.documents import render
    from zikao.stages.incidents.views.papers import paper_of

    found = an_incident(at)
    finally_reported(found, at)
    acknowledged(found, at)
    data = paper_of(found)
    assert [each["title"] for each in data["reports"]] == ["初报（第1次）", "终报（第2次）"]
    legs = {leg["receiver"]: leg["signed"] for leg in data["reports"][0]["legs"]}
    assert legs == {"考区": "尚未", "省级教育考试机构": "0 分钟", "省应急领导小组": "尚未"}
    assert render("incidents/report.typ", data).startswith(b"%PDF")


def test_officer_acknowledges_and_passes_on(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.incidents import a_reported_incident

    found = a_reported_incident(at)
    client = signed_in(Post.NATIONAL_OFFICER, "")
    assert "待转报教育部应急领导小组的突发事件" in _text(client, "portals:staff-home")
    assert found.number in _text(client, "national:incidents")
    client.post(reverse("national:acknowledge-incident", args=[found.pk]))
    told = found.told.all()[0]
    client.post(reverse("national:call-ministry", args=[found.pk, told.pk]), {"outcome": "reached"})
    page = _text(client, "national:incident", incident_id=found.pk)
    assert "已告知本人" in page
    assert "多名考生发热" in page
    assert "尚未联络" in page


def test_head_signs_the_closing_with_the_password_again(signed_in: SignedIn, at: datetime) -> None:
    from tests.factories import incidents as tell
    from tests.factories.accounts import PASSWORD
    from tests.factories.actors import area_clerk
    from zikao.stages.incidents.commands import acknowledge_incident

    found = tell.an_incident(at)
    tell.finally_reported(found, at)
    tell.acknowledged(found, at)
    acknowledge_incident(incident_id=found.pk, by=area_clerk(), at=at)
    client, url = signed_in(Post.EXAM_AFFAIRS_HEAD), reverse("incidents:close", args=[found.pk])
    for secret, said in (("", "请填写您的登录密码"), ("another-password-1", "密码不对")):
        answer = client.post(url, {"reason": "供电恢复。", "secret": secret})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert said in text
        assert "供电恢复。" in text  # what was typed stays
    found.refresh_from_db()
    assert found.state == "final"
    assert client.post(url, {"reason": "供电恢复。", "secret": PASSWORD}).status_code == 302
    found.refresh_from_db()
    assert found.state == "closed"


def test_head_signs_the_withdrawal_of_a_false_alarm_with_the_password_again(signed_in: SignedIn, at: datetime) -> None:
    from tests.factories import incidents as tell
    from tests.factories.accounts import PASSWORD

    found = tell.an_incident(at)
    client, url = signed_in(Post.EXAM_AFFAIRS_HEAD), reverse("incidents:withdraw", args=[found.pk])
    assert client.post(url, {"reason": "误报。"}).status_code == 422
    found.refresh_from_db()
    assert found.state == "open"
    assert client.post(url, {"reason": "误报。", "secret": PASSWORD}).status_code == 302
    found.refresh_from_db()
    assert found.state == "withdrawn"
