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
from zikao.foundation.actors import Post
from zikao.foundation.clock import local_day
from zikao.foundation.regulation import parameter
from zikao.stages.personnel.models import Certificate, Duty, Person

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


def _person(at: datetime) -> dict[str, Any]:
    return {"person_id": make.a_person(at).pk}


def _certificate(at: datetime) -> dict[str, Any]:
    return {"certificate_id": make.a_certificate(at, make.a_person(at)).pk}


def _duty(at: datetime) -> dict[str, Any]:
    return {"duty_id": make.a_chief(at, agencies.a_site(at)).pk}


SEES = {"guest": 302, "candidate": 403, "marker": 403, "province-clerk": 200, "prefecture-clerk": 200}
STRANGER = "prefecture-clerk@3202"
ROUTES: dict[str, dict[str, Any]] = {
    "personnel:persons": SEES,
    "personnel:duties": SEES,
    "personnel:person": {**SEES, "kwargs": _person, STRANGER: 404},
    "personnel:certificate": {**SEES, "kwargs": _certificate, STRANGER: 404},
    "personnel:register": {"guest": 302, "prefecture-clerk": 200, "marker": 403},
    "personnel:certify": {"kwargs": _person, "guest": 302, "prefecture-clerk": 200, "site-chief": 403},
    "personnel:link-account": {"kwargs": _person, "guest": 302, "prefecture-clerk": 200, "site-chief": 403},
    "personnel:declare": {"kwargs": _person, "guest": 302, "prefecture-clerk": 200, "key-clerk": 403},
    "personnel:appoint-chief": {"kwargs": _person, "guest": 302, "area-director": 200, "prefecture-clerk": 403},
    "personnel:hand-over": {"kwargs": _duty, "guest": 302, "prefecture-clerk": 200, "county-clerk": 403},
    "personnel:draw": {"guest": 302, "site-chief": 200, "county-clerk": 403},
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
