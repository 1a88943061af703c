"""Exam staff, certified and on duty, made through their commands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from tests.factories import agencies
from tests.factories.actors import AREA, area_clerk, area_director, head
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.crypto import index_of
from zikao.foundation.regulation import parameter
from zikao.foundation.resident_id import check_character
from zikao.foundation.secrecy import new_ids
from zikao.stages.agencies.models import Site
from zikao.stages.candidates.models import Candidate
from zikao.stages.personnel import commands
from zikao.stages.personnel.models import (
    ID_NUMBER,
    Certificate,
    ConductRecord,
    Dispatch,
    Duty,
    InterestFlag,
    PaySheet,
    Person,
    TrainingCourse,
)
from zikao.stages.personnel.queries import Found
from zikao.stages.personnel.rules.dispatching import Demand
from zikao.stages.personnel.states import (
    ConductKind,
    CoursePlan,
    FlagKind,
    PayBasis,
    PersonKind,
    PersonRow,
    PostKind,
    Relation,
    Sex,
    Training,
)

_serial = count(1)
_school = count(0)


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
        "unit": f"第{next(_school) % 9 + 1}中学",
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


def certified(at: datetime, accounts: dict[int, str], *kinds: PostKind, agency_code: str = "32") -> list[Person]:
    """People behind accounts, certified for posts: the rows without the commands, for tests of other rooms."""
    known = set(Person.objects.filter(account_id__in=accounts).values_list("account_id", flat=True))
    new = {key: name for key, name in accounts.items() if key not in known}
    ids = new_ids(Person, len(new))
    Person.objects.bulk_create(
        Person(
            id=row_id, name=name, unit="某大学", sex=Sex.FEMALE, kind=PersonKind.FULL, agency_code=agency_code,
            id_number_sealed=ID_NUMBER.seal(number, row_id), id_number_index=index_of(number),
            conditions_confirmed_on=local_day(at), account_id=key, registered_at=at,
        )
        for row_id, (key, name), number in zip(ids, new.items(), (an_id_number() for _ in new), strict=True)
    )  # fmt: skip
    people, day = list(Person.objects.filter(account_id__in=accounts).order_by("account_id")), local_day(at)
    Certificate.objects.bulk_create(
        Certificate(
            person=each, number=f"T{each.pk}-{kind}-{each.certificates.count()}", post_kind=kind, training_hours=8,
            trained_on=day - timedelta(days=10), assessed_on=day - timedelta(days=5), valid_from_on=day,
            valid_until=day + timedelta(days=365), issued_at=at,
        )
        for each in people for kind in kinds
        if not each.certificates.filter(post_kind=kind).exists()
    )  # fmt: skip
    return people


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


EXAM_DAY = date(2026, 10, 24)


def a_course_plan(at: datetime, **more: object) -> CoursePlan:
    """A course of eight hours for invigilators, held today."""
    facts: dict[str, object] = {
        "title": "监考员岗前培训",
        "topics": ("考试政策规定", "监考业务", "突发事件处置", "作弊工具识别"),
        "hours": 8,
        "held_on": local_day(at),
        "place": "市教育考试院",
        "post_kinds": (PostKind.INVIGILATOR,),
    }
    return CoursePlan(**{**facts, **more})  # type: ignore[arg-type]


def a_course(at: datetime, people: int = 3, **more: object) -> TrainingCourse:
    """A planned course of an area with people on it."""
    by = area_clerk()
    course = commands.plan_course(plan=a_course_plan(at, **more), by=by, at=at).value
    rows = [a_person_row(at) for _ in range(people)]
    persons = commands.register_persons(rows=rows, agency_code=AREA, by=by, at=at).value
    commands.enrol_staff(course_id=course.pk, person_ids=[each.pk for each in persons], by=by, at=at)
    return course


def an_assessed_course(at: datetime, *scores: int) -> TrainingCourse:
    """A course on which everybody came and got these scores, in order of persons."""
    course, by = a_course(at, len(scores)), area_clerk()
    commands.record_attendance(course_id=course.pk, absent=[], by=by, at=at)
    keys = course.places.order_by("person_id").values_list("person_id", flat=True)
    marks = {key: Decimal(score) for key, score in zip(keys, scores, strict=True)}
    return commands.record_scores(course_id=course.pk, assessed_on=local_day(at), scores=marks, by=by, at=at).value


def a_certified_course(at: datetime, *scores: int) -> TrainingCourse:
    """A course whose certificates are issued."""
    course = an_assessed_course(at, *scores)
    commands.certify_course(course_id=course.pk, valid_from_on=local_day(at), by=area_clerk(), at=at)
    course.refresh_from_db()
    return course


def a_flag(at: datetime, person: Person, kind: FlagKind = FlagKind.SAME_PHONE, relation: str = "") -> InterestFlag:
    """An open sign of an interest in 2026-10."""
    found = Found(person.pk, person.agency_code, 990_001, "320102", kind, relation)
    commands.record_findings(sitting_code="2026-10", found=[found], by=area_clerk(person.agency_code[:4]), at=at)
    return InterestFlag.objects.get(person=person, kind=kind)


def a_dispatch(
    at: datetime, site: Site, people: int = 2, pool: tuple[str, ...] = ("3202",), **more: object
) -> Dispatch:
    """Invigilators of another area sent to a site."""
    facts: dict[str, object] = {
        "sitting_code": "2026-10",
        "number": f"苏考调〔2026〕{next(_serial)}号",
        "first_on": EXAM_DAY,
        "last_on": EXAM_DAY + timedelta(days=1),
        "demands": [Demand(site.pk, PostKind.INVIGILATOR.value, people)],
        "pool_codes": pool,
        "seed": "seed",
    }
    return commands.dispatch_people(**{**facts, **more}, by=head(), at=at).value  # type: ignore[arg-type]


def the_rates(at: datetime) -> None:
    """Rates of the province for every post."""
    for kind in PostKind:
        basis = (
            PayBasis.DAY if kind is PostKind.CHIEF else PayBasis.SCRIPT if kind is PostKind.MARKER else PayBasis.UNIT
        )
        commands.set_rate(
            post_kind=kind, basis=basis, rate_fen=15_000, since_on=local_day(at), document="苏考财〔2026〕3号",
            by=head(), at=at,
        )  # fmt: skip


def a_pay_sheet(at: datetime) -> PaySheet:
    """The sheet of a site whose chief was there for one day, and two rovers for one unit."""
    site = agencies.a_site(at)
    a_chief(at, site)
    for person in invigilators(at, 2, site.area.code):
        commands.assign_invigilator(
            site_id=site.pk, person_id=person.pk, sitting_code="2026-10", unit_number=1, on=EXAM_DAY,
            by=area_clerk(), at=at,
        )  # fmt: skip
    the_rates(at)
    after = at + timedelta(days=70)
    for unit in (None, 1):
        commands.record_duties_done(
            site_id=site.pk, sitting_code="2026-10", unit_number=unit, absent=[], by=area_clerk(), at=after
        )
    return commands.draw_up_pay(site_id=site.pk, sitting_code="2026-10", by=area_clerk(), at=after).value


def a_conduct_record(at: datetime, person: Person, **more: object) -> ConductRecord:
    """A breach of discipline: reading newspapers."""
    facts: dict[str, object] = {
        "sitting_code": "2026-10",
        "kind": ConductKind.BREACH,
        "code": "reading",
        "text": "监考时阅读报纸。",
        "evidence": "第3考场监控录像 09:40—09:52",
        "happened_on": local_day(at),
    }
    return commands.record_conduct(person_id=person.pk, **{**facts, **more}, by=area_clerk(), at=at).value  # type: ignore[arg-type]


def a_family_named_by(candidate: Candidate, at: datetime) -> InterestFlag:
    """A candidate names a member of staff as a parent, and the comparison finds it."""
    person = a_person(at, candidate.agency_code[:4])
    commands.declare_staff_kin(
        relation=Relation.PARENT, name=person.name, id_number=ID_NUMBER.text(person),
        by=Actor("考生", Post.CANDIDATE, candidate.agency_code, candidate_id=candidate.pk), at=at,
    )  # fmt: skip
    found = Found(
        person.pk, person.agency_code, candidate.pk, candidate.agency_code, FlagKind.BY_CANDIDATE, Relation.PARENT
    )
    commands.record_findings(sitting_code="2026-10", found=[found], by=area_clerk(person.agency_code), at=at)
    return InterestFlag.objects.get(person=person)
