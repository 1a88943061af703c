"""Candidates registered at the counters, with what they passed before; some are refused, and why is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache, partial
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password

from zikao.foundation.clock import local_day
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import ZikaoError
from zikao.foundation.regulation import parameter
from zikao.stages.candidates import commands
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.states import Applicant, BulkRow, ReissueReason
from zikao.stages.programmes.models import Paper, Plan, PlanCourse
from zikao.stages.results import commands as results
from zikao.stages.results.states import HowObtained, ScoreRow
from zikao.world import people
from zikao.world.calendar import REGISTRATION, SITTING
from zikao.world.life.announcing import say_when_and_where
from zikao.world.life.archiving import file_scores
from zikao.world.life.collecting import RECEIVERS, part, prepare_handing_in, receive
from zikao.world.life.context import Life
from zikao.world.life.planning import CONDITIONED
from zikao.world.password import PASSWORD

CHUNK = 200
SENIOR_SHARE = 0.12
JUNIOR_PASSES = 4
PEOPLE_A_PROVINCE = 400_000


def register_everybody(life: Life) -> dict[str, int]:
    """Register the province's candidates county by county; returns what was refused, by code."""
    say_when_and_where(life)
    refused = _come_in_vain(life)
    comers = list(applicants(life))
    rows = [BulkRow(line, life.counties[line % len(life.counties)], who) for line, who in enumerate(comers, 2)]
    by = life.who("clerk", REGISTRATION)
    chunks = [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
    for number, chunk in enumerate(life.each("报名注册", chunks)):
        commands.register_many(rows=chunk, sitting_code=SITTING, key=f"register-{number}", by=by, at=REGISTRATION)
    _come_back(life)
    return dict(refused)


@cache
def password_hash() -> str:
    """The hash of the demonstration's password, made once."""
    return make_password(PASSWORD)


def _fee(life: Life) -> int:
    return int(parameter("registration-fee").on(local_day(REGISTRATION), province=life.root))


def applicants(life: Life, first: int = 0, count: int | None = None) -> Iterator[Applicant]:
    """People of the province, those who register in bulk unless told otherwise."""
    codes = sorted(PlanCourse.objects.values_list("plan__major__code", flat=True).distinct())
    offset = PEOPLE_A_PROVINCE * (int(life.root) - 30)
    shown = dict(Plan.objects.exclude(entry_evidence="").values_list("major__code", "entry_evidence"))
    found = people.people(
        life.candidates if count is None else count,
        seed=life.seed,
        major_codes=codes,
        fee_fen=_fee(life),
        password_hash=password_hash(),
        first=offset + first,
    )
    for person in found:
        yield replace(person, shown=shown.get(person.major_code, ""))


def _come_in_vain(life: Life) -> Counter[str]:
    """Whom a counter must turn away: suspended, wrong digit, born tomorrow, no portrait, nothing shown for a major."""
    head, clerk = life.who("exam-affairs", REGISTRATION), life.who(f"county-{life.counties[0]}", REGISTRATION)
    suspended, mistyped, unborn, faceless, empty_handed = applicants(life, first=PEOPLE_A_PROVINCE - 10, count=5)
    day = local_day(REGISTRATION)
    commands.impose_suspension(
        id_number=suspended.id_number,
        since_on=day,
        until_on=date(day.year + 1, day.month, day.day),
        reference=f"教考处〔2026〕{life.root}号",
        by=head,
        at=REGISTRATION,
    )
    last = "1" if mistyped.id_number[-1] != "1" else "2"
    visitors = (
        suspended,
        replace(mistyped, id_number=mistyped.id_number[:-1] + last),
        replace(unborn, born_on=date(2030, 1, 1)),
        replace(faceless, portrait=b"not a picture"),
        replace(empty_handed, major_code=CONDITIONED, shown=""),
    )
    refused: Counter[str] = Counter()
    for visitor in visitors:
        attempt = partial(
            commands.register_candidate,
            applicant=visitor,
            county_code=life.counties[0],
            sitting_code=SITTING,
            rules_accepted=True,
            by=clerk,
            at=REGISTRATION,
        )
        refused[_refusal(attempt)] += 1
    return refused


def _come_back(life: Life) -> None:
    """The same day at the same counter: one has lost the card and has a new phone, one chooses another major."""
    counter: dict[str, Any] = {"by": life.who(f"county-{life.counties[0]}", REGISTRATION), "at": REGISTRATION}
    careless, undecided = Candidate.objects.filter(agency_code=life.counties[0]).order_by("-id")[:2]
    commands.issue_card(candidate_id=careless.pk, **counter)
    commands.reissue_card(candidate_id=careless.pk, why=ReissueReason.LOST, **counter)
    commands.change_contact(candidate_id=careless.pk, phone="10000000009", **counter)
    asking = {*Plan.objects.exclude(entry_condition="").values_list("major__code", flat=True), undecided.major.code}
    open_to_all = sorted({*PlanCourse.objects.values_list("plan__major__code", flat=True)} - asking)
    commands.change_major(candidate_id=undecided.pk, major_code=open_to_all[0], **counter)


def _refusal(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except ZikaoError as refusal:
        return refusal.code
    raise AssertionError("somebody was registered who must be turned away")


def bring_earlier_scores(life: Life) -> None:
    """What the candidates passed before, taken over from the earlier system: most a little, some nearly all."""
    plans = _plans()
    rows: list[ScoreRow] = []
    assessments: list[ScoreRow] = []
    candidates = Candidate.objects.order_by("id").values_list("admission_number", "major__code")
    for number, major in life.each("迁入历次成绩", candidates):
        rng = Random(f"{life.seed}/past/{number}")
        for code, assess in _passed_before(plans[major], rng):
            row = _score(number, code, assess, rng)
            (rows if assess == "written" else assessments).append(row)
    evidence = sm3(canonical([row.admission_number for row in rows])).hex()
    prepare_handing_in(life)
    session = receive(life)
    taken = results.take_over_scores(
        rows=rows,
        source="原考籍系统迁移",
        evidence=evidence,
        by=life.who("records-head", REGISTRATION),
        at=REGISTRATION,
    )
    file_scores(life, taken.value, REGISTRATION)
    assessed = results.record_assessments(
        rows=assessments,
        source="主考学校考核",
        evidence=evidence,
        by=life.who("records-clerk", REGISTRATION),
        at=REGISTRATION,
    )
    part(life, session, RECEIVERS[0], REGISTRATION)
    file_scores(life, assessed.value, REGISTRATION)


Courses = list[tuple[str, str, int | None]]


def _plans() -> dict[str, Courses]:
    """By major: course, how assessed, and the unit in which it is examined this time (None: not this time)."""
    offered = {
        (major, course): unit
        for major, course, unit in Paper.objects.filter(sitting__code=SITTING).values_list(
            "majors__major__code", "course__code", "unit__number"
        )
    }
    plans: dict[str, Courses] = {}
    rows = PlanCourse.objects.order_by("plan_id", "course__code")
    for major, code, assess in rows.values_list("plan__major__code", "course__code", "assess"):
        plans.setdefault(major, []).append((code, assess, offered.get((major, code))))
    return plans


def _passed_before(plan: Courses, rng: Random) -> list[tuple[str, str]]:
    if rng.random() < SENIOR_SHARE:
        left = last_courses(plan, rng)
        return [(code, assess) for code, assess, _ in plan if code not in left]
    written = [(code, assess) for code, assess, _ in plan if assess == "written"]
    return rng.sample(written, rng.randrange(0, JUNIOR_PASSES + 1))


def last_courses(plan: Courses, rng: Random) -> set[str]:
    """One to three courses, in different units of this sitting, that a senior still has to pass."""
    units: dict[int, str] = {}
    for code, _, unit in rng.sample(plan, len(plan)):
        if unit is not None:
            units.setdefault(unit, code)
    return set(rng.sample(sorted(units.values()), min(len(units), rng.choice((1, 2, 2, 3)))))


def _score(number: str, code: str, assess: str, rng: Random) -> ScoreRow:
    label = f"{rng.choice((2023, 2024, 2025))}-{rng.choice(('04', '10'))}"
    if assess == "thesis":
        return ScoreRow(number, code, label, HowObtained.THESIS, grade=rng.choice(("优秀", "良好", "中等", "及格")))
    how = HowObtained.PRACTICE if assess == "practice" else HowObtained.WRITTEN
    return ScoreRow(number, code, label, how, value=rng.randrange(60, 93))
