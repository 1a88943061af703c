"""Pages of agencies, and what a clerk does with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import agencies as make
from tests.factories import approvals
from tests.factories.actors import head
from tests.factories.letters import a_letter, a_received_letter
from zikao.foundation.actors import Post
from zikao.foundation.approvals import Approval
from zikao.foundation.clock import local_day
from zikao.foundation.regulation import parameter
from zikao.stages.agencies import queries
from zikao.stages.agencies.commands import set_duty_phone
from zikao.stages.agencies.models import EmergencyMember, GroupMember, Site
from zikao.stages.agencies.queries.roles import LEVELS
from zikao.stages.agencies.states import SiteState

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


def _site(at: datetime) -> dict[str, Any]:
    return {"site_id": make.an_inspected_site(at).pk}


def _area(at: datetime) -> dict[str, Any]:
    return {"code": make.a_committee(at, "3201", "疾控").code}


def _room(at: datetime) -> dict[str, Any]:
    return {"site_id": make.a_site(at, rooms=1).pk, "number": 1}


def _secure_room(at: datetime) -> dict[str, Any]:
    return {"room_id": make.a_secure_room(at).pk}


def _vehicle(at: datetime) -> dict[str, Any]:
    return {"facility_id": make.a_vehicle(at).pk}


def _school(at: datetime) -> dict[str, Any]:
    return {"school_id": make.a_supporting_school(at).pk}


def _department(at: datetime) -> dict[str, Any]:
    return {"department_id": make.a_record_department(at, staff=0).pk}


def _record_staff(at: datetime) -> dict[str, Any]:
    department = make.a_record_department(at, staff=1)
    return {"department_id": department.pk, "staff_id": department.staff.get().pk}


def _member(at: datetime) -> dict[str, Any]:
    site = make.a_proposed_site(at)
    make.working_groups(at, site)
    return {"member_id": GroupMember.objects.earliest("pk").pk}


def _emergency(at: datetime) -> dict[str, Any]:
    make.an_emergency_group(at)
    return {"member_id": EmergencyMember.objects.earliest("pk").pk}


def _phone(at: datetime) -> dict[str, Any]:
    area = make.an_area(at)
    phone = set_duty_phone(
        agency_code=area.code, place="值班室", phone="025-83000000", is_day_and_night=True, by=head(), at=at
    ).value
    return {"agency_code": area.code, "phone_id": phone.pk}


def _letter(at: datetime) -> dict[str, Any]:
    return {"letter_id": a_letter(at).pk}


def _exception(at: datetime) -> dict[str, Any]:
    site = make.a_proposed_site(
        at, tutoring_institution_code=make.a_tutoring_institution(at).code, exception_reason="没有其他考点"
    )
    return {"site_id": site.pk, "digest": make.an_exception(at, site, signed=False).evidence}


SEES = {"guest": 302, "candidate": 403, "marker": 403, "province-clerk": 200, "prefecture-clerk": 200}
LISTED = {"guest": 302, "candidate": 403, "county-clerk": 200}
OF_AREAS = {"guest": 302, "county-clerk": 403, "site-chief": 403, "prefecture-clerk": 200}
OF_SITES = {"guest": 302, "county-clerk": 403, "site-chief": 200, "prefecture-clerk": 200}
STRANGER = "prefecture-clerk@3202"
CHANGING = {"kwargs": _area, "guest": 302, "province-head": 200, "province-clerk": 403}
AT_SITE = {"kwargs": _site, "guest": 302, "province-clerk": 200, "county-clerk": 403}
ROUTES: dict[str, dict[str, Any]] = {
    "agencies:tree": {**SEES, "site-chief": 403, "county-clerk": 200},
    "agencies:sites": {**SEES, **OF_SITES},
    "agencies:agency": {**SEES, "kwargs": _area, STRANGER: 404},
    "agencies:site": {**SEES, "kwargs": _site, STRANGER: 404, "province-clerk@33": 404},
    "agencies:open-agency": {"guest": 302, "province-clerk": 200, "prefecture-clerk": 403},
    **{f"agencies:{act}-agency": CHANGING for act in ("rename", "recode", "merge", "split", "close")},
    "agencies:mark-seat": {
        "kwargs": lambda at: {"code": make.a_county(at).code},
        "guest": 302,
        "province-head": 200,
        "province-clerk": 403,
    },
    "agencies:set-committee": {
        "kwargs": lambda at: {"area_code": make.an_area(at).code},
        "guest": 302,
        "prefecture-clerk": 200,
        "county-clerk": 403,
    },
    "agencies:set-duty-phone": {
        "kwargs": lambda at: {"agency_code": make.an_area(at).code},
        "guest": 302,
        "prefecture-clerk": 200,
        "site-chief": 403,
    },
    "agencies:end-duty-phone": {"kwargs": _phone, "guest": 302, "prefecture-clerk": 200, "site-chief": 403},
    "agencies:duty-phones": {"kwargs": {}, **LISTED},
    "agencies:emergency": LISTED,
    "agencies:set-emergency-group": {"guest": 302, "province-clerk": 200, "county-clerk": 403},
    "agencies:emergency-member": {"kwargs": _emergency, "guest": 302, "county-clerk": 302},
    "agencies:reveal-emergency-phone": {"kwargs": _emergency, "guest": 302, "county-clerk": 200, "auditor": 403},
    "agencies:roles": LISTED,
    "agencies:inventory": LISTED,
    "agencies:information-kind": {"kwargs": {"kind": "scans"}, **LISTED},
    "agencies:secure-rooms": OF_AREAS,
    "agencies:secure-room": {"kwargs": _secure_room, "guest": 302, "papers-officer": 200, STRANGER: 404},
    "agencies:register-secure-room": {"guest": 302, "papers-officer": 200, "county-clerk": 403},
    "agencies:renew-secure-room": {"kwargs": _secure_room, "guest": 302, "papers-officer": 200, "county-clerk": 403},
    "agencies:end-secure-room": {"kwargs": _secure_room, "guest": 302, "papers-officer": 200, "county-clerk": 403},
    "agencies:facilities": OF_SITES,
    "agencies:facility": {"kwargs": _vehicle, "guest": 302, "papers-officer": 200, STRANGER: 404},
    "agencies:facility-evidence": {"kwargs": _vehicle, "guest": 302, "papers-officer": 200, STRANGER: 404},
    "agencies:register-facility": {"guest": 302, "prefecture-clerk": 200, "county-clerk": 403},
    "agencies:renew-facility": {"kwargs": _vehicle, "guest": 302, "prefecture-clerk": 200, "county-clerk": 403},
    "agencies:end-facility": {"kwargs": _vehicle, "guest": 302, "prefecture-clerk": 200, "county-clerk": 403},
    "agencies:schools": LISTED,
    "agencies:register-school": {"guest": 302, "province-clerk": 200, "prefecture-clerk": 403},
    "agencies:tutoring-institutions": LISTED,
    "agencies:register-tutoring-institution": {"guest": 302, "province-clerk": 200, "prefecture-clerk": 403},
    **{
        f"agencies:{page}": {
            "kwargs": lambda at: {"code": make.a_school(at).code},
            "guest": 302,
            "county-clerk": county,
            "province-clerk": 200,
            "province-clerk@33": abroad,
        }
        for page, county, abroad in (("school", 200, 404), ("rename-school", 403, 404))
    },
    **{
        f"agencies:{page}": {
            "kwargs": lambda at: {"code": make.a_tutoring_institution(at).code},
            "guest": 302,
            "county-clerk": county,
            "province-clerk": 200,
            "province-clerk@33": 404,
        }
        for page, county in (("tutoring-institution", 200), ("rename-tutoring-institution", 403))
    },
    "agencies:supporting-schools": OF_AREAS,
    "agencies:supporting-school": {"kwargs": _school, "guest": 302, "prefecture-clerk": 200, STRANGER: 404},
    "agencies:register-supporting-school": {"guest": 302, "prefecture-clerk": 200, "county-clerk": 403},
    "agencies:change-supporting-school": {"kwargs": _school, "guest": 302, "prefecture-clerk": 200, STRANGER: 404},
    "agencies:end-supporting-school": {"kwargs": _school, "guest": 302, "prefecture-clerk": 200, "county-clerk": 403},
    "agencies:reveal-school-phone": {"kwargs": _school, "guest": 302, "prefecture-clerk": 200, STRANGER: 404},
    "agencies:record-departments": OF_AREAS,
    "agencies:record-agency": {
        "kwargs": lambda at: {"code": make.an_area(at).code},
        "guest": 302,
        "records-clerk": 200,
        STRANGER: 404,
    },
    **{
        f"agencies:{act}": {
            "kwargs": lambda at: {"agency_code": make.an_area(at).code},
            "guest": 302,
            "records-head": 200,
            "records-clerk": 403,
        }
        for act in ("assign-record-work", "set-up-record-department")
    },
    **{
        f"agencies:{act}-record-department": {
            "kwargs": _department,
            "guest": 302,
            "records-head": 200,
            "records-clerk": 403,
        }
        for act in ("change", "end")
    },
    "agencies:engage-record-staff": {"kwargs": _department, "guest": 302, "records-head": 200, "records-clerk": 403},
    "agencies:train-record-staff": {"kwargs": _record_staff, "guest": 302, "records-head": 200, "records-clerk": 403},
    "agencies:end-record-staff": {"kwargs": _record_staff, "guest": 302, "records-head": 200, "records-clerk": 403},
    "agencies:propose-site": {"guest": 302, "prefecture-clerk": 200, "province-clerk": 403},
    "agencies:inspect-site": {"kwargs": _site, "guest": 302, "prefecture-clerk": 200, "county-clerk": 403},
    "agencies:accept-site": {"kwargs": _site, "guest": 302, "province-clerk": 200, "prefecture-clerk": 403},
    "agencies:apply-exception": {"kwargs": _site, "guest": 302, "prefecture-clerk": 200, "province-clerk": 403},
    "agencies:site-file": {"kwargs": _exception, "guest": 302, "province-clerk": 200, STRANGER: 404},
    "agencies:consents": OF_AREAS,
    "agencies:record-consent": {"guest": 302, "province-head": 200, "province-clerk": 403},
    "agencies:consent-document": {
        "kwargs": lambda at: {"consent_id": make.a_consent(at).pk},
        "guest": 302,
        "province-clerk": 200,
        "province-clerk@33": 404,
    },
    "agencies:set-working-groups": {"kwargs": _site, "guest": 302, "prefecture-clerk": 200, "county-clerk": 403},
    "agencies:group-member": {"kwargs": _member, "guest": 302, "prefecture-clerk": 302, STRANGER: 404},
    "agencies:reveal-group-phone": {"kwargs": _member, "guest": 302, "prefecture-clerk": 200, STRANGER: 404},
    "agencies:letters": OF_SITES,
    "agencies:letter": {"kwargs": _letter, "guest": 302, "province-clerk": 200, STRANGER: 404},
    "agencies:letter-document": {"kwargs": _letter, "guest": 302, "province-clerk": 200, STRANGER: 404},
    "agencies:send-letter": AT_SITE,
    "agencies:add-rooms": {"kwargs": _site, "guest": 302, "prefecture-clerk": 200, "county-clerk": 403},
    "agencies:room": {"kwargs": _room, "guest": 302, "prefecture-clerk": 200, STRANGER: 404},
    "agencies:change-room": {"kwargs": _room, "guest": 302, "prefecture-clerk": 200, "county-clerk": 403},
    "agencies:remove-room": {"kwargs": _room, "guest": 302, "prefecture-clerk": 200, "county-clerk": 403},
    "agencies:suspend-site": {"kwargs": _site, "guest": 302, "province-clerk": 200, "prefecture-clerk": 403},
    "agencies:disqualify-site": AT_SITE,
    "agencies:close-site": AT_SITE,
    "agencies:site-sheet": {"kwargs": _site, "guest": 302, "site-chief": 200, "county-clerk": 403, STRANGER: 404},
    "agencies:change-site": {"kwargs": _site, "guest": 302, "prefecture-clerk": 200, STRANGER: 404},
    "national:letters": {"guest": 302, "national-officer": 200, "province-clerk": 403},
    "national:letter": {
        "kwargs": lambda at: {"letter_id": a_received_letter(at).pk},
        "guest": 302,
        "national-officer": 200,
        "province-clerk": 403,
    },
}


def test_area_clerk_brings_a_site_to_its_rooms_through_the_pages(signed_in: SignedIn, at: datetime) -> None:
    make.a_county(at)
    area, province = signed_in(Post.PREFECTURE_CLERK), signed_in(Post.PROVINCE_CLERK)
    proposal = {"name": "外国语学校考点", "county_code": "320102", "host": "外国语学校", "address": "北京东路30号"}
    answer = area.post(reverse("agencies:propose-site"), proposal)
    site = Site.objects.get()
    page = reverse("agencies:site", args=[site.pk])
    assert (answer.status_code, answer["Location"]) == (302, page)

    codes = parameter("site-inspection-items").on(local_day(at))
    checklist = {f"ok_{code}": "yes" for code in codes} | {f"evidence_{code}": "录像 12 号" for code in codes}
    area.post(reverse("agencies:inspect-site", args=[site.pk]), {"inspectors": "甲、乙", **checklist})
    accept = {"accepted_until": "2028-08-20", "filing_number": "苏考点备1号"}
    province.post(reverse("agencies:accept-site", args=[site.pk]), accept)
    rooms = {"first": 1, "count": 12, "seats": 30, "spacing_cm": 80, "place": "教学楼"}
    area.post(reverse("agencies:add-rooms", args=[site.pk]), rooms)

    site.refresh_from_db()
    assert (site.state, site.rooms.count()) == (SiteState.ACCEPTED, 12)
    text = area.get(page).content.decode()
    for words in ("今天可以使用", "12 个考场，360 个座位", "录像 12 号", "验收备案", "登记考场"):
        assert words in text


def test_inspection_without_evidence_comes_back_with_the_field_named(signed_in: SignedIn, at: datetime) -> None:
    site = make.a_proposed_site(at)
    client = signed_in(Post.PREFECTURE_CLERK)
    answer = client.post(reverse("agencies:inspect-site", args=[site.pk]), {"inspectors": "甲"})
    assert answer.status_code == 422
    assert "请写明检查依据" in answer.content.decode()


def test_refusal_shows_its_clause_and_what_now(signed_in: SignedIn, at: datetime) -> None:
    make.a_county(at, "320124", is_seat=False)
    client = signed_in(Post.PREFECTURE_CLERK)
    proposal = {"name": "山区考点", "county_code": "320124", "host": "山区中学", "address": "一号"}
    answer = client.post(reverse("agencies:propose-site"), proposal)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "不是地级人民政府所在地" in text
    assert "第二十四条" in text


def test_incomplete_committee_is_flagged_on_its_page(signed_in: SignedIn, at: datetime) -> None:
    area = make.a_committee(at, "3201", "疾控")
    text = signed_in(Post.PROVINCE_CLERK).get(reverse("agencies:agency", args=[area.code])).content.decode()
    assert "考区委员会不全" in text
    assert "疾控" in text


def test_list_of_another_area_is_empty(signed_in: SignedIn, at: datetime) -> None:
    site = make.a_proposed_site(at)
    text = signed_in(Post.PREFECTURE_CLERK, "3202").get(reverse("agencies:sites")).content.decode()
    assert site.code not in text
    assert site.code in signed_in(Post.PREFECTURE_CLERK).get(reverse("agencies:sites")).content.decode()


def test_area_applies_and_heads_sign_until_a_site_on_premises_is_accepted(signed_in: SignedIn, at: datetime) -> None:
    institution = make.a_tutoring_institution(at)
    make.a_county(at)
    area, province = signed_in(Post.PREFECTURE_CLERK), signed_in(Post.PROVINCE_CLERK)
    proposal = {
        "name": "助学中心考点", "county_code": "320102", "host": "助学中心", "address": "一号",
        "tutoring_institution_code": institution.code, "exception_reason": "没有其他考点",
    }  # fmt: skip
    area.post(reverse("agencies:propose-site"), proposal)
    site = Site.objects.get()
    paper = SimpleUploadedFile("apply.pdf", b"%PDF", "application/pdf")
    asked = {"kind": "tutoring", "reason": "没有其他考点", "evidence": paper}
    assert area.post(reverse("agencies:apply-exception", args=[site.pk]), asked).status_code == 302
    page = reverse("agencies:site", args=[site.pk])
    assert "待批准" in area.get(page).content.decode()
    approval = Approval.objects.get(chain="site-exception")
    approvals.sign_all(approval, at)
    text = province.get(page).content.decode()
    for words in ("自考设点〔2026〕", "申请材料", "助学机构场地", "还没有检查，不能验收", "工作小组缺组长"):
        assert words in text


def test_room_is_drawn_and_opened_from_its_site(signed_in: SignedIn, at: datetime) -> None:
    site = make.a_site(at, rooms=1)
    client = signed_in(Post.PREFECTURE_CLERK)
    room = reverse("agencies:room", args=[site.pk, 1])
    assert room in client.get(reverse("agencies:site", args=[site.pk])).content.decode()
    text = client.get(room).content.decode()
    assert text.count('class="room-desk') == 30
    assert "间距 80 厘米" in text


def test_committee_is_filled_in_seat_by_seat(signed_in: SignedIn, at: datetime) -> None:
    area, client = make.an_area(at), signed_in(Post.PREFECTURE_CLERK)
    url = reverse("agencies:set-committee", args=[area.code])
    assert client.get(url).content.decode().count("委员（") == 9
    seats = {f"member_{number}": f"委员{number}" for number in range(1, 10)}
    given = {"since_on": "2026-08-20", "director": "市长甲", "deputy_1": "局长乙", "deputy_2": "院长丙", **seats}
    assert client.post(url, {**given, "others": "供电,张三"}).status_code == 302
    text = client.get(reverse("agencies:agency", args=[area.code])).content.decode()
    assert "考区委员会齐全" in text
    assert "供电" in text


def test_old_code_leads_to_the_agency_that_took_over(signed_in: SignedIn, at: datetime) -> None:
    make.a_county(at, "320102")
    make.a_county(at, "320106")
    client = signed_in(Post.PROVINCE_HEAD)
    merged = {"into_code": "320106", "document_number": "苏编〔2026〕8号"}
    answer = client.post(reverse("agencies:merge-agency", args=["320102"]), merged)
    assert answer.status_code == 302
    text = client.get(reverse("agencies:tree") + "?code=320102").content.decode()
    assert "320106" in text
    page = client.get(reverse("agencies:agency", args=["320102"])).content.decode()
    assert "320106区招生办" in page
    assert "并入" in page


def test_work_list_shows_what_is_missing_before_the_session(signed_in: SignedIn, at: datetime) -> None:
    make.a_committee(at, "3201", "疾控")
    site = make.a_site(at)
    text = signed_in(Post.PREFECTURE_CLERK).get(reverse("portals:staff-home")).content.decode()
    for words in ("考区委员会不全", "考点工作小组不全", site.name):
        assert words in text
    assert (
        "应急处置工作领导小组名单不全"
        in signed_in(Post.PROVINCE_CLERK).get(reverse("portals:staff-home")).content.decode()
    )


def test_emergency_page_names_people_and_keeps_phones_back(signed_in: SignedIn, at: datetime) -> None:
    make.the_province(at)
    make.an_emergency_group(at)
    text = signed_in(Post.COUNTY_CLERK).get(reverse("agencies:emergency")).content.decode()
    assert "省教育考试院院长" in text
    assert "13900000001" not in text


def test_list_of_sites_asks_the_database_as_often_for_many_as_for_few(signed_in: SignedIn, at: datetime) -> None:
    client, url = signed_in(Post.PREFECTURE_CLERK), reverse("agencies:sites")
    make.a_site(at)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for _ in range(4):
        make.a_proposed_site(at)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_roles_show_what_each_level_may_do_with_records(signed_in: SignedIn, at: datetime) -> None:
    text = signed_in(Post.RECORDS_CLERK).get(reverse("agencies:roles")).content.decode()
    for words in ("本节点：省级教育考试机构", "军队考委办公室", "设立考籍管理部门"):
        assert words in text
    acts = {level.name: {info.writes for info in queries.acts_of(level)} for level in LEVELS}
    assert "agencies.record-department-set-up" in acts["省级教育考试机构"]
    assert "agencies.record-department-set-up" not in acts["教育部考试中心"] | acts["地级教育考试机构"]
