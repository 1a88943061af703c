"""Pre-registration and the counter's queue: what is kept, refused, counted; who is called by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.contrib.auth.hashers import check_password

from tests.factories.actors import COUNTY, county_clerk, head
from tests.factories.candidates import PORTRAIT, a_candidate, an_applicant
from tests.factories.programmes import SITTING, the_plans
from tests.factories.queue import a_draft, a_window, answered, confirmed, in_queue
from zikao.foundation import clock
from zikao.foundation.access.models import Account
from zikao.foundation.actors import node_actor
from zikao.foundation.errors import BadInput, Conflict, NotFound, Refused, WrongState
from zikao.foundation.ledger.models import Line
from zikao.stages.candidates import commands
from zikao.stages.candidates.ethnic import ETHNIC
from zikao.stages.candidates.models import APPLICANT_NUMBER, Candidate, Pledge, PreRegistration
from zikao.stages.candidates.queries.queue import answers_of, lapsing
from zikao.stages.candidates.rules import MILITARY_ONLY, SUSPENSION
from zikao.stages.candidates.states import Applicant, BulkRow, DocumentKind, QueueState
from zikao.stages.programmes.models import Plan
from zikao.stages.programmes.states import Evidence
from zikao.world import people as made

pytestmark = pytest.mark.django_db
NODE = node_actor()


def test_person_goes_from_nothing_to_a_number_given_at_the_counter(at: datetime) -> None:
    person = an_applicant(at, name="买买提·艾力𠅤")
    candidate = confirmed(at, person)
    assert candidate.admission_number == "010226200001"
    assert candidate.name == person.name
    assert Pledge.objects.get(candidate=candidate).accepted_at == at
    asked = PreRegistration.objects.get()
    assert (asked.state, asked.candidate_id, answers_of(asked)) == (QueueState.REGISTERED, candidate.pk, {})
    told = " ".join(str(line.facts) for line in Line.objects.all())
    assert person.id_number not in told
    assert person.name not in told
    assert "13800000000" not in told


def test_password_set_online_opens_the_account(at: datetime) -> None:
    person = an_applicant(at)
    draft = answered(at, person)
    answers = {"phone": "13800000000", "candidate_password": "long-enough-pass-77"}
    commands.answer_preregistration(draft_id=draft.pk, section="contact", answers=answers, by=NODE, at=at)
    assert "long-enough" not in str(answers_of(PreRegistration.objects.get()))
    commands.submit_preregistration(draft_id=draft.pk, by=NODE, at=at)
    commands.call_queued(by=a_window(), at=at)
    done = commands.confirm_registration(
        queued_id=draft.pk,
        number_tail=person.id_number[-6:].lower(),
        same_person=True,
        fee_fen=1000,
        by=a_window(),
        at=at,
    ).value
    assert check_password("long-enough-pass-77", Account.objects.get(username=done.admission_number).password)


def test_clerk_is_refused_when_document_or_face_is_not_confirmed(at: datetime) -> None:
    person = an_applicant(at)
    queued = in_queue(at, person)
    by = a_window()
    facts = {"queued_id": queued.pk, "fee_fen": 1000, "by": by, "at": at}
    with pytest.raises(WrongState):
        commands.confirm_registration(number_tail=person.id_number[-6:], same_person=True, **facts)
    commands.call_queued(by=by, at=at)
    with pytest.raises(BadInput) as refusal:
        commands.confirm_registration(number_tail="000000", same_person=False, **facts)
    assert set(refusal.value.field_errors) == {"number_tail", "same_person"}
    other = {**facts, "by": a_window(2)}
    with pytest.raises(WrongState, match="called-by-other"):
        commands.confirm_registration(number_tail=person.id_number[-6:], same_person=True, **other)
    with pytest.raises(Refused, match="registration-fee-differs"):
        commands.confirm_registration(number_tail=person.id_number[-6:], same_person=True, **{**facts, "fee_fen": 0})
    assert not Candidate.objects.exists()


def test_queue_is_called_in_order_and_nobody_twice(at: datetime) -> None:
    first, second = in_queue(at), in_queue(at + timedelta(minutes=1))
    assert commands.call_queued(by=a_window(1), at=at).value.pk == first.pk
    assert commands.call_queued(by=a_window(2), at=at).value.pk == second.pk
    with pytest.raises(NotFound, match="queue-empty"):
        commands.call_queued(by=a_window(3), at=at)
    commands.put_back(queued_id=first.pk, by=a_window(1), at=at)
    assert commands.call_queued(by=a_window(3), at=at).value.pk == first.pk
    with pytest.raises(NotFound):
        commands.return_queued(queued_id=second.pk, reason="改", by=county_clerk("320104"), at=at)


def test_returned_one_is_mended_and_handed_in_again(at: datetime) -> None:
    person = an_applicant(at)
    queued = in_queue(at, person)
    with pytest.raises(WrongState, match="preregistration-handed-in"):
        commands.attach_portrait(draft_id=queued.pk, picture=PORTRAIT, by=NODE, at=at)
    commands.return_queued(queued_id=queued.pk, reason="照片不是本人近照", by=a_window(), at=at)
    commands.attach_portrait(draft_id=queued.pk, picture=PORTRAIT, by=NODE, at=at)
    again = commands.submit_preregistration(draft_id=queued.pk, by=NODE, at=at).value
    assert (again.state, again.why) == (QueueState.QUEUED, "")


def test_changed_name_asks_for_a_new_signature(at: datetime) -> None:
    draft = answered(at)
    answers = {"name": "王小芳", "sex": "2", "born_on": answers_of(draft)["born_on"], "ethnic": "01"}
    commands.answer_preregistration(draft_id=draft.pk, section="person", answers=answers, by=NODE, at=at)
    with pytest.raises(Refused, match="preregistration-incomplete"):
        commands.submit_preregistration(draft_id=draft.pk, by=NODE, at=at)


def test_person_registered_or_suspended_is_told_so_at_the_first_page(at: datetime) -> None:
    known = an_applicant(at)
    a_candidate(at, applicant=known)
    with pytest.raises(Conflict, match="person-registered"):
        a_draft(at, known)
    held = an_applicant(at)
    dates = {"since_on": date(2026, 8, 1), "until_on": date(2027, 8, 1), "reference": "苏教考处〔2026〕3号"}
    commands.impose_suspension(id_number=held.id_number, by=head(), at=at, **dates)
    with pytest.raises(Refused, match="suspended"):
        a_draft(at, held)


def test_late_suspension_stops_who_stands_in_the_queue(at: datetime) -> None:
    person = an_applicant(at)
    queued = in_queue(at, person)
    dates = {"since_on": date(2026, 8, 1), "until_on": date(2027, 8, 1), "reference": "苏教考处〔2026〕4号"}
    commands.impose_suspension(id_number=person.id_number, by=head(), at=at, **dates)
    queued.refresh_from_db()
    assert queued.state == QueueState.STOPPED
    assert answers_of(queued) == {}
    with pytest.raises(NotFound, match="queue-empty"):
        commands.call_queued(by=a_window(), at=at)


def test_one_person_stands_in_the_queue_once(at: datetime) -> None:
    person = an_applicant(at)
    in_queue(at, person)
    second = answered(at, person)
    with pytest.raises(Conflict, match="person-queued"):
        commands.submit_preregistration(draft_id=second.pk, by=NODE, at=at)


def test_draft_is_found_again_by_code_and_number_and_closed_after_too_many_tries(at: datetime) -> None:
    draft = a_draft(at)
    number = APPLICANT_NUMBER.text(draft)
    again = commands.resume_preregistration(code=draft.code, id_number=number.lower(), by=NODE, at=at).value
    assert again is not None
    for _ in range(5):
        assert commands.resume_preregistration(code=draft.code, id_number="1", by=NODE, at=at).value is None
    assert commands.resume_preregistration(code=draft.code, id_number=number, by=NODE, at=at).value is None
    assert commands.resume_preregistration(code="0000000000", id_number=number, by=NODE, at=at).value is None


def test_old_drafts_lapse_and_are_erased(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, queued = answered(at), in_queue(at)
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(days=30))
    assert not lapsing().exists()
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(days=30, seconds=1))
    assert commands.lapse_preregistrations(by=NODE, at=at).value == 2
    draft.refresh_from_db()
    queued.refresh_from_db()
    assert (draft.state, queued.state) == (QueueState.LAPSED, QueueState.LAPSED)
    assert (answers_of(draft), draft.portrait) == ({}, "")


@pytest.mark.parametrize(
    ("section", "answers", "field"),
    [
        ("person", {"name": "王•芳"}, "name"),
        ("person", {"name": "<script>"}, "name"),
        ("person", {"name": "王" * 51}, "name"),
        ("person", {"sex": "1"}, "sex"),
        ("person", {"born_on": date(2030, 1, 1)}, "born_on"),
        ("place", {"county_code": "999999", "sitting_code": "2026-10"}, "county_code"),
        ("place", {"county_code": COUNTY, "sitting_code": "2099-10"}, "sitting_code"),
        ("major", {"major_code": "' OR 1=1", "shown": ""}, "major_code"),
        ("contact", {"phone": "1", "tutoring_code": "nowhere"}, "tutoring_code"),
        ("contact", {"phone": "1", "candidate_password": "short"}, "candidate_password"),
    ],
)
def test_person_is_told_the_field_when_an_answer_is_wrong(
    at: datetime, section: str, answers: dict, field: str
) -> None:
    person = an_applicant(at)
    draft = answered(at, person)
    right = {"name": person.name, "sex": person.sex, "born_on": person.born_on, "ethnic": "01"}
    given = {**right, **answers} if section == "person" else answers
    with pytest.raises(BadInput) as refusal:
        commands.answer_preregistration(draft_id=draft.pk, section=section, answers=given, by=NODE, at=at)
    assert field in refusal.value.field_errors


@pytest.mark.parametrize(("kind", "number"), [("hk-macao-permit", "H12345678"), ("taiwan-permit", "12345678")])
def test_other_documents_register_as_the_province_allows(at: datetime, kind: str, number: str) -> None:
    candidate = confirmed(at, an_applicant(at, document_kind=kind, id_number=number))
    assert candidate.document_kind == kind
    with pytest.raises(BadInput, match="document-not-accepted"):
        a_draft(at, an_applicant(at, document_kind=DocumentKind.PASSPORT, id_number="E12345678"))


def test_nothing_but_a_majors_own_conditions_keeps_a_citizen_out(at: datetime) -> None:
    """EA-12.1: whatever the sex, age and ethnic group; the rules do not even take them."""
    people = [replace(an_applicant(at), ethnic=code, name="王芳") for code in [code for code, _ in ETHNIC][::9]]
    born = [date(1926, 1, 1), date(2026, 8, 1)]
    for sex, day in [("1", born[0]), ("2", born[1])]:
        number = made.id_number(Random(1), day, sex, serial=77)
        people.append(an_applicant(at, sex=sex, born_on=day, id_number=number))
    numbers = {confirmed(at, person).admission_number for person in people}
    assert len(numbers) == len(people)
    assert SUSPENSION(on=date(2026, 8, 20), suspended_until=None).granted
    assert MILITARY_ONLY(on=date(2026, 8, 20), military_node=False, military_person=False).granted


def test_special_major_takes_who_meets_its_conditions_and_nobody_else(at: datetime) -> None:
    """EA-12.1: the condition and what is to be shown stand in the plan of the major, and nowhere else."""
    the_plans(at)
    plan = Plan.objects.get(major__code="050101")
    plan.entry_condition, plan.entry_evidence = "已取得护士执业资格", Evidence.NURSE
    plan.save()
    for shown in ("", Evidence.PHARMACY.value):
        with pytest.raises(BadInput, match="major-condition-unmet"):
            answered(at, an_applicant(at, shown=shown))
        with pytest.raises(Refused, match="major-condition-unmet"):
            a_candidate(at, applicant=an_applicant(at, shown=shown))
        with pytest.raises(commands.RowsRefused) as refused:
            in_bulk(at, an_applicant(at, shown=shown))
        assert [(each.line, each.column) for each in refused.value.problems] == [(2, "出示的证明")]
    nurse = {"shown": Evidence.NURSE.value}
    assert confirmed(at, an_applicant(at, **nurse)).major.code == "050101"
    assert in_bulk(at, an_applicant(at, **nurse)) == 1


def in_bulk(at: datetime, person: Applicant) -> int:
    rows = [BulkRow(2, COUNTY, person)]
    return len(commands.register_many(rows=rows, sitting_code=SITTING, by=a_window(), at=at).value)
