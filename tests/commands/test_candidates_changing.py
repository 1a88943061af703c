"""What changes after registration: contact, major, a card given again; and what is refused of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.factories.actors import county_clerk, head
from tests.factories.candidates import a_candidate, an_applicant, as_candidate
from tests.factories.programmes import SITTING, a_published_timetable, the_plans
from tests.factories.queue import a_window, answered, in_queue
from zikao.foundation import clock
from zikao.foundation.actors import node_actor
from zikao.foundation.errors import BadInput, NotFound, NotPermitted, Refused, WrongState, ZikaoError
from zikao.foundation.ledger import lines_about
from zikao.foundation.regulation.dated import Dated, put_own
from zikao.stages.candidates import commands, queries
from zikao.stages.candidates.forms.registration import sitting_choices
from zikao.stages.candidates.models import ADDRESS, PHONE, Candidate, Suspension
from zikao.stages.candidates.states import AccountState, BulkRow, CandidateState
from zikao.stages.programmes.models import Plan, Unit
from zikao.stages.programmes.states import Evidence

pytestmark = pytest.mark.django_db


def test_candidate_changes_their_own_phone_and_nobody_elses(at: datetime) -> None:
    candidate, other = a_candidate(at, address="旧地址"), a_candidate(at)
    by = as_candidate(candidate)
    commands.change_contact(candidate_id=candidate.pk, phone="13912345678", by=by, at=at)
    candidate.refresh_from_db()
    assert (PHONE.text(candidate), ADDRESS.text(candidate)) == ("13912345678", "旧地址")
    assert b"13912345678" not in bytes(candidate.phone_sealed or b"")
    commands.change_contact(candidate_id=candidate.pk, address="新街1号", by=county_clerk(), at=at)
    candidate.refresh_from_db()
    assert (PHONE.text(candidate), ADDRESS.text(candidate)) == ("13912345678", "新街1号")
    told = [str(line.facts) for line in lines_about(f"candidates.candidate:{candidate.pk}")]
    assert not any("13912345678" in each or "新街" in each for each in told)
    for who in (by, county_clerk("320104")):
        with pytest.raises(NotFound):
            commands.change_contact(candidate_id=other.pk, phone="13900000000", by=who, at=at)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "phone"),
        ({"phone": "abc"}, "phone"),
        ({"phone": "１３９１２３４５６７８"}, "phone"),
        ({"address": "路" * 201}, "address"),
    ],
)
def test_contact_is_refused_by_field(at: datetime, given: dict[str, str], field: str) -> None:
    candidate = a_candidate(at)
    with pytest.raises(BadInput) as refusal:
        commands.change_contact(candidate_id=candidate.pk, by=county_clerk(), at=at, **given)
    assert set(refusal.value.field_errors) == {field}


def test_clerk_changes_the_major_as_its_conditions_ask(at: datetime) -> None:
    """EA-12.1: the other major asks what it asks of everybody; the number stays, and the centre is told again."""
    candidate = a_candidate(at)
    Candidate.objects.update(account_state=AccountState.LINKED)
    the_plans(at)
    plan = Plan.objects.exclude(major_id=candidate.major_id).select_related("major").first()
    assert plan is not None
    plan.entry_condition, plan.entry_evidence = "已取得护士执业资格", Evidence.NURSE
    plan.save()
    call: dict[str, Any] = {"candidate_id": candidate.pk, "major_code": plan.major.code, "by": county_clerk(), "at": at}
    with pytest.raises(Refused, match="major-condition-unmet"):
        commands.change_major(**call)
    with pytest.raises(NotPermitted):
        commands.change_major(**{**call, "by": as_candidate(candidate)})
    done = commands.change_major(**call, shown=Evidence.NURSE.value).value
    assert (done.major, done.admission_number) == (plan.major, candidate.admission_number)
    assert done.account_state == AccountState.AWAITING
    with pytest.raises(WrongState, match="major-same"):
        commands.change_major(**call, shown=Evidence.NURSE.value)
    with pytest.raises(BadInput):
        commands.change_major(**{**call, "major_code": "' OR 1=1"})


@pytest.mark.parametrize("state", list(CandidateState))
def test_card_is_given_again_only_to_who_had_one(at: datetime, state: CandidateState) -> None:
    candidate = a_candidate(at)
    Candidate.objects.update(state=state)
    call: dict[str, Any] = {"candidate_id": candidate.pk, "by": county_clerk(), "at": at}
    if state != CandidateState.CARD_ISSUED:
        with pytest.raises(WrongState, match="card-not-issued"):
            commands.reissue_card(why="lost", **call)
        return
    commands.reissue_card(why="lost", **call)
    assert lines_about(f"candidates.candidate:{candidate.pk}")[0].command == "candidates.card-reissued"
    with pytest.raises(BadInput):
        commands.reissue_card(why="<script>", **call)


def test_suspension_by_number_takes_no_number_that_cannot_be(at: datetime) -> None:
    """EA-12.3: a mistyped number would keep out nobody, or somebody else."""
    call: dict[str, Any] = {"since_on": date(2026, 8, 1), "until_on": date(2027, 8, 1), "by": head(), "at": at}
    for number in ("329999199003070019", "32999919900307001", "王芳", "\x00", "9" * 5000):
        with pytest.raises(BadInput) as refusal:
            commands.impose_suspension(id_number=number, reference="苏教考处〔2026〕9号", **call)
        assert set(refusal.value.field_errors) == {"id_number"}
    assert not Suspension.objects.exists()
    for number, reference in (("3299 9919 9003 0700 18", "处1"), ("H12345678", "处2"), ("军字第1234567号", "处3")):
        commands.impose_suspension(id_number=number, reference=reference, **call)
    assert Suspension.objects.count() == 3


def test_entry_of_the_integrity_file_is_refused_where_it_does_not_fit(at: datetime) -> None:
    candidate = a_candidate(at)
    with pytest.raises(BadInput) as refusal:
        commands.record_integrity(
            candidate_id=candidate.pk, kind="correction", code="号" * 21, text="字" * 401, by=head(), at=at
        )  # type: ignore[arg-type]
    assert set(refusal.value.field_errors) == {"code", "text"}
    assert not queries.integrity_file(candidate).exists()


def test_nobody_registers_for_a_sitting_that_is_over(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """EA-14: the number states the sitting of the first registration."""
    a_candidate(at)
    a_published_timetable(at)
    last = max(Unit.objects.filter(sitting__code=SITTING).values_list("ends_at", flat=True))
    a_candidate(last)
    late = last + timedelta(days=1)
    with pytest.raises(BadInput) as refusal:
        a_candidate(late)
    assert "已经结束" in refusal.value.field_errors["sitting_code"]
    with pytest.raises(BadInput, match="sitting-over"):
        answered(late)
    monkeypatch.setattr(clock, "now", lambda: last)
    assert [code for code, _ in sitting_choices()] == []
    monkeypatch.setattr(clock, "now", lambda: last - timedelta(seconds=1))
    assert [code for code, _ in sitting_choices()] == [SITTING]


@pytest.mark.parametrize(("born_on", "problem"), [(date(2050, 1, 1), "future"), (date(190, 3, 7), "implausible")])
def test_birth_is_looked_at_whatever_the_document(at: datetime, born_on: date, problem: str) -> None:
    person = an_applicant(at, document_kind="taiwan-permit", id_number="12345678", born_on=born_on)
    with pytest.raises(BadInput, match=f"birth-{'in-' if problem == 'future' else ''}{problem}") as refusal:
        a_candidate(at, applicant=person)
    assert set(refusal.value.field_errors) == {"born_on"}


def test_clerk_may_read_the_whole_number_with_a_card_reader(at: datetime) -> None:
    person = an_applicant(at)
    queued, by = in_queue(at, person), a_window()
    commands.call_queued(by=by, at=at)
    call: dict[str, Any] = {"queued_id": queued.pk, "same_person": True, "fee_fen": 1000, "by": by, "at": at}
    for wrong in (person.id_number[:-1], person.id_number[-5:], "", f"{person.id_number}0"):
        with pytest.raises(BadInput):
            commands.confirm_registration(number_tail=wrong, **call)
    assert commands.confirm_registration(number_tail=f" {person.id_number.lower()}", **call).value.pk


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"ethnic": "99"}, "民族代码"),
        ({"ethnic": "汉族"}, "民族代码"),
        ({"phone": "138-0000-0000"}, "联系电话"),
        ({"address": "路" * 201}, "通信地址"),
        ({"address": "路\x00\n"}, "通信地址"),
        ({"name": "王\ue000"}, "姓名"),
        ({"name": "王\u200b芳"}, "姓名"),
        ({"name": "'; DROP TABLE candidates_candidate; --"}, "姓名"),
        ({"major_code": "\x00"}, "专业代码"),
        ({"document_kind": "学生证"}, "证件种类"),
    ],
)
def test_bad_cell_of_an_import_is_named_and_nothing_is_imported(
    at: datetime, change: dict[str, str], column: str
) -> None:
    a_candidate(at)
    rows = [BulkRow(2, "320102", an_applicant(at)), BulkRow(3, "320102", replace(an_applicant(at), **change))]
    with pytest.raises(commands.RowsRefused) as refused:
        commands.register_many(rows=rows, sitting_code=SITTING, by=county_clerk(), at=at)
    assert {(each.line, each.column) for each in refused.value.problems} == {(3, column)}
    assert Candidate.objects.count() == 1


def test_evidence_of_a_correction_is_a_paper_or_a_picture(at: datetime) -> None:
    candidate = a_candidate(at)
    call: dict[str, Any] = {"candidate_id": candidate.pk, "changes": {"name": "王小芳"}, "reason": "改名"}
    for paper, kind in ((b"MZ\x90", "application/octet-stream"), (b"%PDF-" + b"0" * 5_242_880, "application/pdf")):
        with pytest.raises(ZikaoError, match="identity-evidence-unfit") as refusal:
            commands.propose_identity_correction(**call, evidence=paper, evidence_type=kind, by=county_clerk(), at=at)
        assert set(refusal.value.field_errors) == {"evidence"}  # type: ignore[attr-defined]


def test_submitting_twice_from_two_tabs_hands_in_once(at: datetime) -> None:
    draft = answered(at)
    commands.submit_preregistration(draft_id=draft.pk, by=node_actor(), at=at)
    with pytest.raises(WrongState):
        commands.submit_preregistration(draft_id=draft.pk, by=node_actor(), at=at)


def test_queue_lets_go_of_who_was_registered_without_being_called(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    person = an_applicant(at)
    queued, other = in_queue(at, person), in_queue(at)
    a_candidate(at, applicant=person)
    assert commands.lapse_preregistrations(by=node_actor(), at=at).value == 1
    queued.refresh_from_db()
    other.refresh_from_db()
    assert (queued.state, other.state) == ("stopped", "queued")
    assert "已在窗口注册" in queued.why


def test_province_says_which_documents_register_from_a_day_on(at: datetime) -> None:
    """EA-13.1: the resident card by the regulation; the others by the province's rules, from their day."""
    since = date(2026, 9, 1)
    own = {"identity-document-passport": True, "identity-document-taiwan-permit": False}
    put_own({("32", name): (Dated(since, value),) for name, value in own.items()})
    passport = an_applicant(at, document_kind="passport", id_number="E12345678")
    taiwan = an_applicant(at, document_kind="taiwan-permit", id_number="12345678")
    later = at + timedelta(days=12)
    try:
        with pytest.raises(BadInput, match="document-not-accepted"):
            a_candidate(at, applicant=passport)
        assert a_candidate(later, applicant=passport).document_kind == "passport"
        with pytest.raises(BadInput, match="document-not-accepted"):
            a_candidate(later, applicant=taiwan)
    finally:
        put_own({})
