"""Pages of agencies, and what a clerk does with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import agencies as make
from zikao.foundation.actors import Post
from zikao.foundation.clock import local_day
from zikao.foundation.regulation import parameter
from zikao.stages.agencies.models import Site
from zikao.stages.agencies.states import SiteState

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


def _site(at: datetime) -> dict[str, Any]:
    return {"site_id": make.an_inspected_site(at).pk}


def _area(at: datetime) -> dict[str, Any]:
    return {"code": make.a_committee(at, "3201", "疾控").code}


SEES = {"guest": 302, "candidate": 403, "marker": 403, "province-clerk": 200, "prefecture-clerk": 200}
STRANGER = "prefecture-clerk@3202"
ROUTES: dict[str, dict[str, Any]] = {
    "agencies:tree": SEES,
    "agencies:sites": SEES,
    "agencies:agency": {**SEES, "kwargs": _area, STRANGER: 404},
    "agencies:site": {**SEES, "kwargs": _site, STRANGER: 404, "province-clerk@33": 404},
    "agencies:open-agency": {"guest": 302, "province-clerk": 200, "prefecture-clerk": 403},
    "agencies:set-committee": {
        "kwargs": lambda at: {"area_code": make.an_area(at).code},
        "guest": 302,
        "prefecture-clerk": 200,
        "county-clerk": 403,
    },
    "agencies:register-secure-room": {"guest": 302, "papers-officer": 200, "county-clerk": 403},
    "agencies:register-school": {"guest": 302, "province-clerk": 200, "prefecture-clerk": 403},
    "agencies:register-tutoring-institution": {"guest": 302, "province-clerk": 200, "prefecture-clerk": 403},
    "agencies:propose-site": {"guest": 302, "prefecture-clerk": 200, "province-clerk": 403},
    "agencies:inspect-site": {"kwargs": _site, "guest": 302, "prefecture-clerk": 200, "county-clerk": 403},
    "agencies:accept-site": {"kwargs": _site, "guest": 302, "province-clerk": 200, "prefecture-clerk": 403},
    "agencies:approve-exception": {"kwargs": _site, "guest": 302, "province-head": 200, "province-clerk": 403},
    "agencies:add-rooms": {"kwargs": _site, "guest": 302, "prefecture-clerk": 200, "county-clerk": 403},
    "agencies:suspend-site": {"kwargs": _site, "guest": 302, "province-clerk": 200, "prefecture-clerk": 403},
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
