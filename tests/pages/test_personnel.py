"""Pages of exam staff."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import agencies
from tests.factories import personnel as make
from tests.factories.actors import area_clerk
from tests.factories.programmes import a_sitting
from zikao.foundation.actors import Post
from zikao.foundation.clock import local_day
from zikao.foundation.regulation import parameter
from zikao.stages.agencies.models import Site
from zikao.stages.personnel import commands, queries
from zikao.stages.personnel.models import Certificate, Duty, Person
from zikao.stages.personnel.queries import registers
from zikao.stages.personnel.states import InterestKind, PostKind, Relation, RoomUse, UnitDay

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


def _person(at: datetime) -> dict[str, Any]:
    return {"person_id": make.a_person(at).pk}


def _certificate(at: datetime) -> dict[str, Any]:
    return {"certificate_id": make.a_certificate(at, make.a_person(at)).pk}


def _duty(at: datetime) -> dict[str, Any]:
    return {"duty_id": make.a_chief(at, agencies.a_site(at)).pk}


def _course(at: datetime) -> dict[str, Any]:
    return {"course_id": make.a_course(at).pk}


def _certified(at: datetime) -> dict[str, Any]:
    agencies.the_province(at)
    return {"course_id": make.a_certified_course(at, 80).pk}


def _flag(at: datetime) -> dict[str, Any]:
    return {"flag_id": make.a_flag(at, make.a_person(at)).pk}


def _declaration(at: datetime) -> dict[str, Any]:
    declared = commands.declare_interest(
        person_id=make.a_person(at).pk, sitting_code="2026-10", kind=InterestKind.OTHER, by=area_clerk(), at=at
    )
    return {"declaration_id": declared.value.pk}


def _kin(at: datetime) -> dict[str, Any]:
    declared = commands.declare_kin(
        person_id=make.a_person(at).pk, relation=Relation.CHILD, name="小王", id_number=make.an_id_number(),
        by=area_clerk(), at=at,
    )  # fmt: skip
    return {"kin_id": declared.value.pk}


def _posting(at: datetime) -> dict[str, Any]:
    person = make.a_person(at)
    make.a_certificate(at, person)
    posted = commands.appoint_to_post(
        person_id=person.pk, post_kind=PostKind.INVIGILATOR, since_on=local_day(at), by=area_clerk(), at=at
    )
    return {"posting_id": posted.value.pk}


def _site(at: datetime) -> dict[str, Any]:
    return {"site_id": agencies.a_site(at).pk, "sitting_code": "2026-10"}


def _roster(at: datetime) -> dict[str, Any]:
    duty = make.staffed_rooms(at, agencies.a_site(at, rooms=1))[0]
    return {"roster_id": duty.roster_id}


def _dispatch(at: datetime) -> dict[str, Any]:
    site = agencies.a_site(at)
    make.invigilators(at, 3, "3202")
    return {"dispatch_id": make.a_dispatch(at, site).pk}


def _place(at: datetime) -> dict[str, Any]:
    from zikao.stages.personnel.models import DispatchPlace

    _dispatch(at)
    return {"place_id": DispatchPlace.objects.order_by("id")[0].pk}


def _sheet(at: datetime) -> dict[str, Any]:
    return {"sheet_id": make.a_pay_sheet(at).pk}


def _line(at: datetime) -> dict[str, Any]:
    return {"line_id": make.a_pay_sheet(at).lines.order_by("id")[0].pk}


def _record(at: datetime) -> dict[str, Any]:
    return {"record_id": make.a_conduct_record(at, make.a_person(at)).pk}


def _year(at: datetime) -> dict[str, Any]:
    agencies.an_area(at)
    return {**_person(at), "year": 2026}


SEES = {"guest": 302, "candidate": 403, "marker": 403, "province-clerk": 200, "prefecture-clerk": 200}
SOME = {"guest": 302, "prefecture-clerk": 200}
ACTS = {**SOME, "key-clerk": 403}
STRANGER = "prefecture-clerk@3202"
ROUTES: dict[str, dict[str, Any]] = {
    "personnel:persons": SEES,
    "personnel:duties": SEES,
    "personnel:person": {**SEES, "kwargs": _person, STRANGER: 404},
    "personnel:certificate": {**SEES, "kwargs": _certificate, STRANGER: 404},
    "personnel:register": {"guest": 302, "prefecture-clerk": 200, "marker": 403},
    "personnel:import": ACTS,
    "personnel:import-sample": ACTS,
    "personnel:mine": {"guest": 302, "candidate": 403, "invigilator": 200},
    "personnel:declare-own": {"guest": 302, "candidate": 403, "marker": 200},
    "personnel:declare-own-kin": {"guest": 302, "candidate": 403, "invigilator": 200},
    "personnel:amend": {**ACTS, "kwargs": _person, STRANGER: 404},
    "personnel:withdraw-certificate": {**SOME, "kwargs": _certificate, "site-chief": 403},
    "personnel:recall": {"kwargs": _place, "guest": 302, "province-clerk": 200, "prefecture-clerk": 403},
    "personnel:supplement-pay": {**ACTS, "kwargs": _sheet},
    "personnel:certify": {"kwargs": _person, "guest": 302, "prefecture-clerk": 200, "site-chief": 403},
    "personnel:give-post": {**ACTS, "kwargs": _person},
    "personnel:end-post": {**ACTS, "kwargs": _posting},
    "personnel:review": {**ACTS, "kwargs": _person},
    "personnel:link-account": {"kwargs": _person, "guest": 302, "prefecture-clerk": 200, "site-chief": 403},
    "personnel:declare": {"kwargs": _person, "guest": 302, "prefecture-clerk": 200, "key-clerk": 403},
    "personnel:declare-pupils": {"kwargs": _person, "guest": 302, "prefecture-clerk": 200, "key-clerk": 403},
    "personnel:pupils-sample": {"kwargs": {"ending": "csv"}, "guest": 302, "prefecture-clerk": 200, "key-clerk": 403},
    "personnel:declare-kin": {"kwargs": _person, "guest": 302, "prefecture-clerk": 200, "key-clerk": 403},
    "personnel:withdraw-interest": {**ACTS, "kwargs": _declaration},
    "personnel:withdraw-kin": {**ACTS, "kwargs": _kin},
    "personnel:appoint-chief": {"kwargs": _person, "guest": 302, "area-director": 200, "prefecture-clerk": 403},
    "personnel:assign-duty": {**ACTS, "kwargs": _person},
    "personnel:hand-over": {"kwargs": _duty, "guest": 302, "prefecture-clerk": 200, "county-clerk": 403},
    "personnel:draw": {"guest": 302, "site-chief": 200, "county-clerk": 403},
    "personnel:courses": SOME,
    "personnel:ending": SOME,
    "personnel:plan-course": ACTS,
    "personnel:course": {**SOME, "kwargs": _course, STRANGER: 404},
    "personnel:enrol": {**ACTS, "kwargs": _course},
    "personnel:choose-staff": {**ACTS, "kwargs": _course},
    "personnel:enrol-chosen": {"kwargs": _course, "guest": 302, "prefecture-clerk": 422, "key-clerk": 403},
    "personnel:attendance": {**ACTS, "kwargs": _course},
    "personnel:scores": {**ACTS, "kwargs": _course},
    "personnel:certify-course": {**ACTS, "kwargs": _course},
    "personnel:course-certificates": {**SOME, "kwargs": _certified, STRANGER: 404},
    "personnel:course-badges": {**SOME, "kwargs": _certified},
    "personnel:course-certificates-part": {
        "kwargs": lambda at: {**_certified(at), "part": 2},
        "guest": 302,
        "prefecture-clerk": 404,
    },
    "personnel:course-badges-part": {"kwargs": lambda at: {**_certified(at), "part": 1}, **SOME},
    "personnel:dispatch-letters-part": {
        "kwargs": lambda at: {**_dispatch(at), "part": 2},
        "guest": 302,
        "province-clerk": 404,
    },
    "personnel:flags": SOME,
    "personnel:flag": {**SOME, "kwargs": _flag, STRANGER: 404},
    "personnel:detect": ACTS,
    "personnel:decide-flag": {**ACTS, "kwargs": _flag},
    "personnel:sites": SOME,
    "personnel:site": {**SOME, "kwargs": _site, STRANGER: 404},
    "personnel:draw-roster": {**ACTS, "kwargs": _site},
    "personnel:done": {**ACTS, "kwargs": _site},
    "personnel:draw-up-pay": {**ACTS, "kwargs": _site},
    "personnel:roster": {**SOME, "kwargs": _roster, STRANGER: 404},
    "personnel:roster-again": {**SOME, "kwargs": _roster},
    "personnel:roster-paper": {**SOME, "kwargs": _roster},
    "personnel:dispatches": SOME,
    "personnel:dispatch": {"guest": 302, "exam-affairs-head": 200, "prefecture-clerk": 403},
    "personnel:dispatched": {"kwargs": _dispatch, "guest": 302, "province-clerk": 200, "prefecture-clerk": 404},
    "personnel:dispatch-list": {"kwargs": _dispatch, "guest": 302, "province-clerk": 200},
    "personnel:dispatch-letters": {"kwargs": _dispatch, "guest": 302, "province-clerk": 200},
    "personnel:pay-sheets": SOME,
    "personnel:pay-sheet": {**SOME, "kwargs": _sheet, STRANGER: 404},
    "personnel:pay-lines": {**SOME, "kwargs": _sheet},
    "personnel:pay-paper": {**SOME, "kwargs": _sheet},
    "personnel:approve-pay": {"kwargs": _sheet, "guest": 302, "area-director": 200, "prefecture-clerk": 403},
    "personnel:pay-paid": {**ACTS, "kwargs": _sheet},
    "personnel:correct-pay": {**ACTS, "kwargs": _line},
    "personnel:rates": SOME,
    "personnel:set-rate": {"guest": 302, "exam-affairs-head": 200, "prefecture-clerk": 403},
    "personnel:draw-up-marking-pay": {"guest": 302, "province-clerk": 200, "area-director": 403},
    "personnel:conduct": SOME,
    "personnel:record-conduct": {**ACTS, "kwargs": _person},
    "personnel:annul-conduct": {**ACTS, "kwargs": _record},
    "personnel:conduct-statement": {**SOME, "kwargs": _year, STRANGER: 404},
    "personnel:my-kin": {"guest": 302, "candidate": 200, "prefecture-clerk": 403},
    "personnel:my-declare-kin": {"guest": 302, "candidate": 200, "prefecture-clerk": 403},
    "personnel:my-withdraw-kin": {"kwargs": _kin, "guest": 302, "candidate": 200, "prefecture-clerk": 403},
}


def test_clerk_registers_and_certifies_a_person_through_the_pages(signed_in: SignedIn, at: datetime) -> None:
    client = signed_in(Post.PREFECTURE_CLERK)
    number = make.an_id_number()
    conditions = parameter("staff-conditions").on(local_day(at))
    person = {
        "name": "李监考",
        "sex": "1",
        "id_number": number.lower(),
        "unit": "第一中学",
        "kind": "part",
        "agency_code": "3201",
        "conditions": conditions,
    }
    client.post(reverse("personnel:register"), person)
    found = Person.objects.get()
    certificate = {
        "post_kind": "invigilator",
        "hours": 8,
        "trained_on": "2026-08-01",
        "assessed_on": "2026-08-10",
        "assessment_passed": "on",
        "valid_from_on": "2026-08-20",
        "valid_until": "2027-08-20",
    }
    client.post(reverse("personnel:certify", args=[found.pk]), certificate)
    text = client.get(reverse("personnel:person", args=[found.pk])).content.decode()
    assert "持有效上岗证" in text
    assert "2027年8月19日" in text
    assert number not in text


def test_register_without_conditions_is_refused_with_the_clause(signed_in: SignedIn, at: datetime) -> None:
    person = {
        "name": "李监考",
        "sex": "1",
        "id_number": make.an_id_number(),
        "unit": "第一中学",
        "kind": "part",
        "agency_code": "3201",
    }
    answer = signed_in(Post.PREFECTURE_CLERK).post(reverse("personnel:register"), person)
    assert answer.status_code == 409
    assert "第九条" in answer.content.decode()


def test_certificate_is_a_pdf_with_name_post_and_validity(signed_in: SignedIn, at: datetime) -> None:
    agencies.the_province(at)
    certificate = make.a_certificate(at, make.a_person(at, name="欧阳监考"))
    answer = signed_in(Post.PREFECTURE_CLERK).get(reverse("personnel:certificate", args=[certificate.pk]))
    assert answer["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(BytesIO(answer.content)).pages
    text = "".join(page.extract_text() for page in pages).replace(" ", "")
    assert len(pages) == 1
    for words in ("欧阳监考", "监考员", "2027年8月19日", certificate.number, "32省教育考试院"):
        assert words in text


def test_chief_draws_invigilators_of_the_area_through_the_page(signed_in: SignedIn, at: datetime) -> None:
    a_sitting(at)
    site = agencies.a_site(at, rooms=2)
    make.invigilators(at, 6)
    lot = {
        "site_id": site.pk,
        "sitting_code": "2026-10",
        "unit_number": 1,
        "on": "2026-10-24",
        "per_room": 2,
        "rovers": 1,
        "seed": "20261024",
    }
    client = signed_in(Post.AREA_DIRECTOR)
    assert client.post(reverse("personnel:draw"), lot).status_code == 302
    assert Duty.objects.count() == 5
    assert "流动监考员" in client.get(reverse("personnel:duties")).content.decode()


def test_certificate_that_ended_is_shown_as_ended(
    signed_in: SignedIn, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from tests.factories.accounts import sign_in_again
    from zikao.foundation import clock

    person = make.a_person(at)
    make.a_certificate(at, person)
    assert Certificate.objects.count() == 1
    client = signed_in(Post.PREFECTURE_CLERK)
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(days=365))
    sign_in_again(client)
    text = client.get(reverse("personnel:person", args=[person.pk])).content.decode()
    assert "已过期" in text
    assert "没有有效上岗证" in text


def used_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """All rooms of the site are used in one unit; where its page is."""
    keys = list(site.rooms.values_list("pk", flat=True))
    monkeypatch.setattr(registers, "_units", [lambda code: [UnitDay(1, make.EXAM_DAY)]])
    monkeypatch.setattr(registers, "_rooms", [lambda code, site_id: [RoomUse(1, key) for key in keys]])
    return {"site_id": site.pk, "sitting_code": "2026-10"}


def keeps_away(person: Person, at: datetime) -> None:
    commands.declare_interest(
        person_id=person.pk, sitting_code="2026-10", kind=InterestKind.OTHER, by=area_clerk(), at=at
    )


def test_site_that_lacks_people_says_how_many_and_why_before_and_after(
    signed_in: SignedIn, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = agencies.a_site(at, rooms=2)
    where = used_once(site, monkeypatch)
    keeps_away(make.invigilators(at, 4)[0], at)
    make.a_person(at)
    draw = reverse("personnel:draw-roster", kwargs=where)
    client, form = signed_in(Post.AREA_DIRECTOR), {"per_room": 2, "rovers": 1, "seed": "s"}
    text = client.get(draw).content.decode()
    told = ("至少需要", "5 人", "3 人", "缺 2 人", "1 人须回避", "1 人没有考试期间有效的监考员上岗证", "统一调派")
    assert [words for words in told if words not in text] == []
    answer = client.post(draw, form)
    assert answer.status_code == 409
    assert "可以监考的有 3 人，需要 5 人" in answer.content.decode()
    make.invigilators(at, 4)
    assert client.post(draw, form).status_code == 302
    board = client.get(reverse("personnel:site", kwargs=where)).content.decode()
    assert "缺" not in board.partition("监考安排")[2].partition("抽签记录")[0]


def test_place_of_who_must_keep_away_is_given_to_one_of_those_offered(
    signed_in: SignedIn, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = agencies.a_site(at, rooms=2)
    where = used_once(site, monkeypatch)
    duty = make.staffed_rooms(at, site)[0]
    make.invigilators(at, 3)
    keeps_away(duty.person, at)
    client, page = signed_in(Post.AREA_DIRECTOR), reverse("personnel:site", kwargs=where)
    board = client.get(page).content.decode()
    assert "缺1人" in board
    form = client.get(reverse("personnel:hand-over", args=[duty.pk])).content.decode()
    offered = [person for person, _ in queries.successors(area_clerk(), duty)]
    assert offered
    assert all(f'value="{person.pk}"' in form for person in offered)
    swap = {"person_id": offered[0].pk, "on": "2026-10-24", "reason": "申报回避"}
    assert client.post(reverse("personnel:hand-over", args=[duty.pk]), swap).status_code == 302
    assert "缺1人" not in client.get(page).content.decode()
    assert "第1单元　流动监考员" in client.get(reverse("personnel:done", kwargs=where)).content.decode()
