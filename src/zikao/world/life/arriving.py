"""People who register online first, one who sees badly, one whose name is wrong; and the centre hears of all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from zikao.foundation.actors import node_actor
from zikao.foundation.clock import local_day
from zikao.stages.candidates import commands
from zikao.stages.candidates.models import Candidate, PreRegistration
from zikao.stages.candidates.queries.gathering import not_reported
from zikao.stages.candidates.states import AccountState, Applicant
from zikao.stages.programmes import commands as programmes
from zikao.world.calendar import NEXT_REGISTRATION_CLOSES, REGISTRATION, SCORES_CORRECTED, SITTING
from zikao.world.life.context import Life
from zikao.world.life.enrolling import PEOPLE_A_PROVINCE, applicants
from zikao.world.life.furnishing import tutor_of

ONLINE = 6
CONFIRMED = 3
FIRST = PEOPLE_A_PROVINCE - 40
NEEDS = ["large-print", "extra-time", "separate-room"]
TUTORED = 5
EVIDENCE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def arrive(life: Life) -> None:
    """Some register on their phones first; needs, a wrong name; the centre hears of all."""
    county = life.counties[0]
    people = list(applicants(life, first=FIRST, count=CONFIRMED))
    clerk = life.who(f"county-{county}", REGISTRATION)
    for minute, person in enumerate(life.each("网上预报名、现场确认", people)):
        at = REGISTRATION + timedelta(minutes=minute)
        queued = _answer(person, county, SITTING, at)
        commands.call_queued(queued_id=queued.pk, by=clerk, at=at)
        commands.confirm_registration(
            queued_id=queued.pk, number_tail=person.id_number[-6:], same_person=True, fee_fen=person.fee_fen,
            by=clerk, at=at,
        )  # fmt: skip
    _ask_for_needs(life)
    _name_tutors(life)
    _misspell(life)
    _tell_the_centre(life)


def come_again(life: Life) -> None:
    """At the end: the centre learns what everybody passed, and new people wait in the queue for the next sitting."""
    after = -1
    while after:
        node = node_actor(life.root)
        after = commands.report_passes(after=max(after, 0), by=node, at=SCORES_CORRECTED).value
    head = life.who("exam-affairs", SCORES_CORRECTED)
    coming = programmes.open_sitting(year=2027, month=4, by=head, at=SCORES_CORRECTED).value
    commands.set_registration_period(
        sitting_code=coming.code, opens_at=SCORES_CORRECTED, closes_at=NEXT_REGISTRATION_CLOSES, by=head,
        at=SCORES_CORRECTED,
    )  # fmt: skip
    for minute, person in enumerate(applicants(life, first=FIRST + CONFIRMED, count=ONLINE - CONFIRMED)):
        _answer(person, life.counties[0], coming.code, SCORES_CORRECTED + timedelta(minutes=minute))


def _answer(person: Applicant, county: str, sitting_code: str, at: datetime) -> PreRegistration:
    node = node_actor()
    begun = commands.begin_preregistration(
        document_kind=person.document_kind, id_number=person.id_number, phone="13800000000", by=node, at=at
    ).value
    told: dict[str, dict[str, Any]] = {
        "person": {"name": person.name, "sex": person.sex, "born_on": person.born_on, "ethnic": person.ethnic},
        "place": {"county_code": county, "sitting_code": sitting_code},
        "major": {"major_code": person.major_code, "shown": person.shown},
        "contact": {"phone": "13800000000", "address": person.address},
    }
    for section, answers in told.items():
        commands.answer_preregistration(draft_id=begun.pk, section=section, answers=answers, by=node, at=at)
    commands.attach_portrait(draft_id=begun.pk, picture=person.portrait or b"", by=node, at=at)
    commands.accept_terms(draft_id=begun.pk, section="rules", by=node, at=at)
    commands.accept_terms(draft_id=begun.pk, section="pledge", name=person.name, by=node, at=at)
    return commands.submit_preregistration(draft_id=begun.pk, by=node, at=at).value


def _ask_for_needs(life: Life) -> None:
    """Two candidates ask for accommodations; one is granted large print, more time and a room, one still waits."""
    county, day = life.counties[0], local_day(REGISTRATION)
    clerk = life.who(f"county-{county}", REGISTRATION)
    for number, candidate in enumerate(Candidate.objects.filter(agency_code=county).order_by("id")[:2]):
        asked = commands.apply_accommodation(
            candidate_id=candidate.pk, kinds=NEEDS, need="视力残疾二级，看不清普通字号。",
            from_on=day, until_on=day + timedelta(days=365), evidence=EVIDENCE, evidence_type="application/pdf",
            by=clerk, at=REGISTRATION,
        ).value  # fmt: skip
        if number == 0:
            commands.decide_accommodation(
                accommodation_id=asked.pk, granted=True, kinds=NEEDS, extra_percent=30,
                until_on=asked.until_on, number=f"教考便〔2026〕{life.root}01号", reason="所附残疾人证属实，符合规定。",
                by=life.who("exam-affairs", REGISTRATION), at=REGISTRATION,
            )  # fmt: skip


def _name_tutors(life: Life) -> None:
    """A few say that the institution tutors them on whose premises there is a site: they will not sit there."""
    area = life.areas[0]
    for candidate in Candidate.objects.filter(agency_code__startswith=area).order_by("id")[2 : 2 + TUTORED]:
        by = life.who(f"county-{candidate.agency_code}", REGISTRATION)
        commands.declare_tutoring(
            candidate_id=candidate.pk, institution_code=tutor_of(life), by=by, at=REGISTRATION
        )  # fmt: skip


def _tell_the_centre(life: Life) -> None:
    """Everybody registered is reported, here or by the caretaker, and waited for until the centre has answered."""

    def everybody_is_linked() -> bool:
        if not_reported().exists():
            commands.report_registrations(by=node_actor(life.root), at=REGISTRATION)
        return not Candidate.objects.exclude(account_state=AccountState.LINKED).exists()

    life.wait_for("学习账号", everybody_is_linked, seconds=180)


def _misspell(life: Life) -> None:
    """A name was written wrongly at the counter: put right level by level, begun and waiting for signatures."""
    county = life.counties[0]
    candidate = Candidate.objects.filter(agency_code=county).order_by("-id").first()
    assert candidate is not None
    commands.propose_identity_correction(
        candidate_id=candidate.pk, changes={"name": _other_last(candidate.name)}, reason="报名时姓名用字写错。",
        evidence=EVIDENCE, evidence_type="application/pdf", by=life.who(f"county-{county}", REGISTRATION),
        at=REGISTRATION,
    )  # fmt: skip


def _other_last(name: str) -> str:
    """The name with another last character."""
    return name[:-1] + ("炜" if name[-1] != "炜" else "伟")
