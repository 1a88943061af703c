"""Exam staff over the cycle: trained and certified, interests compared, rooms staffed, duties done, paid, on record."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from random import Random

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.regulation import parameter
from zikao.stages.agencies.models import Site
from zikao.stages.candidates.models import ID_NUMBER, Candidate
from zikao.stages.entries.models import Entry
from zikao.stages.personnel import commands as personnel
from zikao.stages.personnel import queries
from zikao.stages.personnel.models import Duty, InterestFlag, Person
from zikao.stages.personnel.states import (
    ConductKind,
    CoursePlan,
    FlagKind,
    FlagState,
    PayBasis,
    PersonKind,
    PersonRow,
    PostKind,
    Relation,
    Sex,
)
from zikao.world import people
from zikao.world.calendar import CASES_NOTIFIED, DUTIES_ASSIGNED, SEATS_DRAWN, SET_UP, SITTING
from zikao.world.life.context import Life

TOPICS = (
    "考试政策规定",
    "监考工作实施程序",
    "突发事件处置办法和流程",
    "考试设备操作",
    "常见作弊工具识别",
    "监考工作纪律",
)
FAILED_SHARE = 0.03
STAFF_BASE = 9_000_000
RATES = {
    PostKind.CHIEF: (PayBasis.DAY, 40_000),
    PostKind.DEPUTY: (PayBasis.DAY, 35_000),
    PostKind.INVIGILATOR: (PayBasis.UNIT, 15_000),
    PostKind.ROVER: (PayBasis.UNIT, 13_000),
    PostKind.AFFAIRS: (PayBasis.UNIT, 13_000),
    PostKind.PAPERS: (PayBasis.UNIT, 13_000),
    PostKind.INSPECTOR: (PayBasis.DAY, 40_000),
    PostKind.MARKER: (PayBasis.SCRIPT, 200),
}


def person_row(life: Life, area: str, kind: PersonKind, number: int, who: Actor | None = None) -> PersonRow:
    """A member of staff; `who`: the one of the cast that they are."""
    order = STAFF_BASE + int(area) * 1000 + number + (500 if kind is PersonKind.FULL else 0)
    rng = Random(f"{life.seed}/staff/{order}")
    sex = Sex.MALE if rng.random() < 0.4 else Sex.FEMALE
    born_on = people.FIRST_BIRTH + timedelta(days=order % people.BIRTH_DAYS)
    return PersonRow(
        name=who.name if who else people.name(rng, sex),
        account_id=who.account_id if who else None,
        unit=f"{area}第{number % 7 + 1}中学",
        sex=sex,
        id_number=people.id_number(rng, born_on, sex, serial=order // people.BIRTH_DAYS),
        kind=kind,
        agency_code=area,
        conditions=tuple(parameter("staff-conditions").on(local_day(SET_UP))),
        title="一级教师",
    )


def train(life: Life, area: str, persons: list[Person], post_kind: PostKind) -> None:
    """A course for people of an agency, held ten days before all begins; nearly all pass and are certified."""
    provincial = area == life.root
    by = life.who("exam-affairs" if provincial else f"clerk-{area}", SET_UP)
    held, place = local_day(SET_UP) - timedelta(days=10), f"{'省' if provincial else '市'}教育考试院"
    plan = CoursePlan(f"{post_kind.label}岗前培训", TOPICS, 8, held, place, (post_kind,))
    course = personnel.plan_course(plan=plan, by=by, at=SET_UP).value
    keys = [person.pk for person in persons]
    personnel.enrol_staff(course_id=course.pk, person_ids=keys, by=by, at=SET_UP)
    personnel.record_attendance(course_id=course.pk, absent=[], by=by, at=SET_UP)
    rng = Random(f"{life.seed}/training/{area}/{post_kind}")
    few = post_kind is not PostKind.INVIGILATOR
    scores = {key: Decimal(rng.randint(70, 98) if few or rng.random() > FAILED_SHARE else 52) for key in keys}
    passed_on = held + timedelta(days=5)
    personnel.record_scores(course_id=course.pk, assessed_on=passed_on, scores=scores, by=by, at=SET_UP)
    personnel.certify_course(course_id=course.pk, valid_from_on=local_day(SET_UP), by=by, at=SET_UP)


def set_rates(life: Life) -> None:
    """The province's rates of pay."""
    by = life.who("exam-affairs", SET_UP)
    for kind, (basis, fen) in RATES.items():
        personnel.set_rate(
            post_kind=kind,
            basis=basis,
            rate_fen=fen,
            since_on=local_day(SET_UP),
            document="考财〔2026〕8号",
            by=by,
            at=SET_UP,
        )


def compare_interests(life: Life) -> None:
    """A teacher and a candidate declare their family; the comparison finds both, the area decides."""
    for area in life.areas:
        by = life.who(f"clerk-{area}", SEATS_DRAWN)
        teachers = list(Person.objects.filter(agency_code=area, kind=PersonKind.PART).order_by("id")[:2])
        entered = Entry.objects.filter(sitting__code=SITTING, area_code=area).values("candidate")
        child = Candidate.objects.filter(pk__in=entered).order_by("id").first()
        if child is None or not teachers:
            continue
        personnel.declare_kin(
            person_id=teachers[0].pk, relation=Relation.CHILD, name=child.name, id_number=ID_NUMBER.text(child),
            by=by, at=SEATS_DRAWN,
        )  # fmt: skip
        found = list(queries.detected(area, SITTING))
        personnel.record_findings(sitting_code=SITTING, found=found, by=by, at=SEATS_DRAWN)
        for flag in InterestFlag.objects.filter(agency_code=area, state=FlagState.OPEN).order_by("id"):
            keep_away = flag.kind in (FlagKind.BY_STAFF, FlagKind.BY_CANDIDATE, FlagKind.SAME_PERSON)
            state, reason = (
                (FlagState.RECUSED, "子女参加本次考试，本考次不安排。")
                if keep_away
                else (FlagState.DISMISSED, "经核实为同一单元楼住户，没有亲属关系。")
            )
            personnel.decide_flag(flag_id=flag.pk, state=state, reason=reason, by=by, at=SEATS_DRAWN)


def staff_rooms(life: Life, site: Site) -> None:
    """The invigilators of a site for all units of the sitting, drawn at once."""
    by = life.who(f"clerk-{site.area.code}", DUTIES_ASSIGNED)
    seed = f"{life.seed}/{site.code}"
    personnel.draw_roster(site_id=site.pk, sitting_code=SITTING, seed=seed, by=by, at=DUTIES_ASSIGNED)


def pay_and_praise(life: Life, sites: list[Site]) -> None:
    """After the exams: who came, pay sheets drawn up and approved, a commendation and a breach on record."""
    for site in sites:
        clerk = life.who(f"clerk-{site.area.code}", CASES_NOTIFIED)
        rows = Duty.objects.filter(site=site, sitting_code=SITTING, room__isnull=True)
        for unit in sorted(set(rows.values_list("unit_number", flat=True)), key=str):
            personnel.record_duties_done(
                site_id=site.pk, sitting_code=SITTING, unit_number=unit, absent=[], by=clerk, at=CASES_NOTIFIED
            )
        sheet = personnel.draw_up_pay(site_id=site.pk, sitting_code=SITTING, by=clerk, at=CASES_NOTIFIED).value
        director = life.who(f"director-{site.area.code}", CASES_NOTIFIED)
        personnel.approve_pay(sheet_id=sheet.pk, by=director, at=CASES_NOTIFIED)
    _put_on_record(life, sites)


def _put_on_record(life: Life, sites: list[Site]) -> None:
    by_area: dict[str, list[Site]] = defaultdict(list)
    for site in sites:
        by_area[site.area.code].append(site)
    for area, held in by_area.items():
        first, second = Duty.objects.filter(site=held[0], sitting_code=SITTING, room__isnull=False).order_by("id")[:2]
        by = life.who(f"clerk-{area}", CASES_NOTIFIED)
        for duty, kind, code, text, evidence in (
            (first, ConductKind.COMMENDATION, "", "及时发现并制止替考。", "考场情况记录、巡考记录"),
            (second, ConductKind.BREACH, "reading", "监考时阅读与工作无关的材料。", "考场监控录像"),
        ):
            personnel.record_conduct(
                person_id=duty.person_id, sitting_code=SITTING, kind=kind, code=code, text=text, evidence=evidence,
                happened_on=duty.held_on or local_day(CASES_NOTIFIED), by=by, at=CASES_NOTIFIED,
            )  # fmt: skip
