"""Exam staff, certified and on duty, made through their commands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count

from tests.factories.actors import AREA, area_clerk, area_director
from zikao.foundation.clock import local_day
from zikao.foundation.regulation import parameter
from zikao.foundation.resident_id import check_character
from zikao.stages.agencies.models import Site
from zikao.stages.personnel import commands
from zikao.stages.personnel.models import Certificate, Duty, Person
from zikao.stages.personnel.states import PersonKind, PersonRow, PostKind, Sex, Training

_serial = count(1)


def an_id_number(serial: int | None = None, county: str = "320102", born: str = "19900101") -> str:
    """A resident ID number whose check digit holds; a new one at every call."""
    serial = next(_serial) if serial is None else serial
    day = date(int(born[:4]), 1, 1) + timedelta(days=serial // 1000)
    body = f"{county}{day:%Y%m%d}{serial % 1000:03d}"
    return body + check_character(body)


def a_person_row(at: datetime, agency_code: str = AREA, **more: object) -> PersonRow:
    """A part-time teacher as handed in."""
    facts: dict[str, object] = {
        "name": "王老师",
        "unit": "第一中学",
        "sex": Sex.FEMALE,
        "id_number": an_id_number(),
        "kind": PersonKind.PART,
        "agency_code": agency_code,
        "conditions": tuple(parameter("staff-conditions").on(local_day(at))),
    }
    return PersonRow(**{**facts, **more})  # type: ignore[arg-type]


def a_person(at: datetime, agency_code: str = AREA, **more: object) -> Person:
    """A registered part-time teacher."""
    row = a_person_row(at, agency_code, **more)
    return commands.register_person(row=row, by=area_clerk(agency_code[:4]), at=at).value


def a_training(at: datetime) -> Training:
    """A training of eight hours with its assessment passed, a few days ago."""
    day = local_day(at)
    return Training(8, day - timedelta(days=10), day - timedelta(days=5), assessment_passed=True)


def a_certificate(at: datetime, person: Person, post_kind: PostKind = PostKind.INVIGILATOR) -> Certificate:
    """A certificate valid for a year from today."""
    day = local_day(at)
    return commands.issue_certificate(
        person_id=person.pk,
        post_kind=post_kind,
        training=a_training(at),
        valid_from_on=day,
        valid_until=day + timedelta(days=365),
        by=area_clerk(person.agency_code[:4]),
        at=at,
    ).value


def invigilators(at: datetime, number: int, agency_code: str = AREA) -> list[Person]:
    """Certified invigilators of an area."""
    rows = [a_person_row(at, agency_code) for _ in range(number)]
    by = area_clerk(agency_code[:4])
    persons = commands.register_persons(rows=rows, agency_code=agency_code, by=by, at=at).value
    day = local_day(at)
    commands.issue_certificates(
        person_ids=[person.pk for person in persons],
        post_kind=PostKind.INVIGILATOR,
        training=a_training(at),
        valid_from_on=day,
        valid_until=day + timedelta(days=365),
        by=by,
        at=at,
    )
    return persons


def a_chief(at: datetime, site: Site, sitting_code: str = "2026-10", on: date = date(2026, 10, 24)) -> Duty:
    """The chief of a site, full-time and certified."""
    person = a_person(at, site.area.code, kind=PersonKind.FULL)
    a_certificate(at, person, PostKind.CHIEF)
    return commands.appoint_chief(
        site_id=site.pk, person_id=person.pk, sitting_code=sitting_code, on=on, by=area_director(site.area.code), at=at
    ).value


def staffed_rooms(at: datetime, site: Site, unit_number: int = 1, on: date = date(2026, 10, 24)) -> list[Duty]:
    """The rooms of a site with two invigilators each and one rover, for a unit of 2026-10."""
    invigilators(at, site.rooms.count() * 2 + 1, site.area.code)
    return commands.assign_invigilators(
        site_id=site.pk,
        sitting_code="2026-10",
        unit_number=unit_number,
        on=on,
        seed="seed",
        by=area_clerk(site.area.code),
        at=at,
    ).value
