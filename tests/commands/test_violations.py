"""Violations: recorded by two, told, answered, decided by whom the law lets, delivered; and what is void after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.actors import area_clerk, area_director, clerk, head
from tests.factories.candidates import a_candidate
from tests.factories.conduct import CHIEF, a_seat, on_duty, the_seats
from tests.factories.personnel import a_person
from tests.factories.violations import (
    COPYING,
    DIRECTOR,
    PEEPING,
    a_case,
    concerned,
    decided,
    notified,
    recorded,
    stated,
)
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.ledger import lines_about
from zikao.stages.candidates.models import IntegrityEntry
from zikao.stages.entries.models import Entry
from zikao.stages.violations import commands, queries
from zikao.stages.violations.models import Case, VoidedEntry
from zikao.stages.violations.states import TRANSITIONS, CaseState, FoundIn

pytestmark = pytest.mark.django_db


def codes(refusal):
    return {finding.code for finding in refusal.value.findings}


def test_invigilators_record_a_violation(at):
    case = recorded(at)
    assert case.state == CaseState.RECORDED
    assert case.agency_code == the_seats()[0].agency_code
    line = lines_about(case)[0]
    assert line.facts["code"] == PEEPING
    assert case.candidate.name not in str(line.facts)


def test_one_invigilator_alone_is_refused(at):
    seat = a_seat(at)
    with pytest.raises(Refused) as refusal:
        recorded(at, seat=seat, recorders=on_duty(seat)[:1])
    assert codes(refusal) == {"violation-recorders"}
    assert not Case.objects.exists()


def test_a_recorder_who_was_not_there_is_refused(at):
    seat = a_seat(at)
    stranger = a_person(at)
    with pytest.raises(BadInput) as bad:
        recorded(at, seat=seat, recorders=(on_duty(seat)[0], stranger.pk))
    assert "recorders" in bad.value.field_errors


def test_markers_record_what_they_find_later(at):
    seat = a_seat(at)
    people = (a_person(at).pk, a_person(at).pk)
    leader = clerk(Post.GROUP_LEADER)
    case = recorded(at, "C07-02", seat=seat, recorders=people, found_in=FoundIn.MARKING, by=leader)
    assert case.found_in == FoundIn.MARKING


def test_invigilators_are_refused_when_the_candidate_was_not_told(at):
    with pytest.raises(Refused) as refusal:
        recorded(at, told_candidate=False)
    assert codes(refusal) == {"violation-not-told"}


def test_staffs_conduct_is_no_candidates_violation(at):
    with pytest.raises(Refused) as refusal:
        recorded(at, "S13-03")
    assert codes(refusal) == {"violation-code-unknown"}


def test_facts_must_be_told(at):
    with pytest.raises(BadInput):
        recorded(at, account_of_facts="  ")


def test_the_same_conduct_is_recorded_once(at):
    case = recorded(at)
    with pytest.raises(Conflict):
        recorded(at, seat=queries.seat_of(case.entry))


def test_chief_of_the_site_records_and_another_sites_chief_finds_nothing(at):
    seat = a_seat(at)
    with pytest.raises(NotFound):
        recorded(at, seat=seat, by=clerk(Post.SITE_CHIEF, "3201-99"))
    with pytest.raises(NotFound):
        recorded(at, seat=seat, by=clerk(Post.SITE_CHIEF, "3202"))
    assert recorded(at, seat=seat, by=clerk(Post.SITE_CHIEF, seat.agency_code)).pk
    assert CHIEF.covers(seat.agency_code)


STEPS = {
    CaseState.NOTIFIED: lambda case, at: commands.notify_case(case_id=case.pk, by=area_clerk(), at=at),
    CaseState.DECIDED: lambda case, at: commands.decide_case(
        case_id=case.pk, decision_number="考违〔2026〕999号", by=head(), at=at
    ),
    CaseState.DELIVERED: lambda case, at: commands.deliver_decision(case_id=case.pk, by=area_clerk(), at=at),
    CaseState.DISMISSED: lambda case, at: commands.dismiss_case(case_id=case.pk, reason="理由", by=head(), at=at),
}


@pytest.mark.parametrize("state", list(CaseState))
def test_a_case_goes_only_where_its_state_leads(at, state):
    case = a_case(at, state)
    for target, step in STEPS.items():
        if target in TRANSITIONS[state]:
            continue
        with pytest.raises(WrongState):
            step(case, case.recorded_at + timedelta(days=30))
    case.refresh_from_db()
    assert case.state == state


@pytest.mark.parametrize(
    ("step", "state", "posts"),
    [
        (CaseState.NOTIFIED, CaseState.RECORDED, {Post.INVIGILATOR, Post.SITE_CHIEF, Post.AREA_DIRECTOR}),
        (CaseState.DECIDED, CaseState.NOTIFIED, {Post.PREFECTURE_CLERK, Post.PROVINCE_CLERK, Post.SITE_CHIEF}),
        (CaseState.DISMISSED, CaseState.NOTIFIED, {Post.PREFECTURE_CLERK, Post.PROVINCE_CLERK, Post.INVIGILATOR}),
        (CaseState.DELIVERED, CaseState.DECIDED, {Post.INVIGILATOR, Post.SITE_CHIEF, Post.AREA_DIRECTOR}),
    ],
)
def test_other_posts_may_not_take_a_step(at, step, state, posts, monkeypatch):
    case = a_case(at, state)
    for post in posts:
        for name in ("area_clerk", "head"):
            monkeypatch.setitem(globals(), name, lambda post=post: clerk(post))
        with pytest.raises(NotPermitted):
            STEPS[step](case, case.recorded_at + timedelta(days=30))
    case.refresh_from_db()
    assert case.state == state


def test_another_areas_clerk_finds_no_case(at):
    case = recorded(at)
    with pytest.raises(NotFound):
        commands.notify_case(case_id=case.pk, by=area_clerk("3202"), at=case.recorded_at)


def test_candidate_states_the_own_case_only(at):
    case = notified(at)
    stranger = Actor(name="别人", post=Post.CANDIDATE, agency_code="320102", candidate_id=a_candidate(at).pk)
    with pytest.raises(NotFound):
        commands.state_case(case_id=case.pk, statement="我来说", by=stranger, at=case.notified_at)
    with pytest.raises(BadInput):
        commands.state_case(case_id=case.pk, statement=" ", by=concerned(case), at=case.notified_at)
    commands.state_case(case_id=case.pk, statement="我说", by=concerned(case), at=case.notified_at)
    with pytest.raises(Conflict):
        commands.state_case(case_id=case.pk, statement="改口", by=concerned(case), at=case.notified_at)
    assert queries.own_case(concerned(case), case.pk).statement == "我说"


def test_candidate_cannot_state_before_being_told(at):
    case = recorded(at)
    with pytest.raises(NotFound):
        commands.state_case(case_id=case.pk, statement="我说", by=concerned(case), at=case.recorded_at)


def test_head_waits_for_the_statement_or_the_end_of_its_time(at):
    case = notified(at)
    step = STEPS[CaseState.DECIDED]
    with pytest.raises(Refused) as refusal:
        step(case, case.notified_at + timedelta(days=2))
    assert codes(refusal) == {"statement-time-runs"}
    assert not VoidedEntry.objects.exists()
    step(case, case.notified_at + timedelta(days=3))
    assert Case.objects.get().state == CaseState.DECIDED


def test_area_decides_a_breach_of_discipline_and_voids_that_subject(at):
    case = decided(at, PEEPING, by=DIRECTOR)
    assert [each.entry_id for each in VoidedEntry.objects.all()] == [case.entry_id]
    assert case.decided_agency_code == "3201"
    entry = IntegrityEntry.objects.get(candidate=case.candidate)
    assert entry.code == PEEPING
    assert case.decision_number in entry.text


def test_area_cannot_decide_or_dismiss_cheating(at):
    case = stated(at, COPYING)
    later = case.recorded_at + timedelta(days=9)
    with pytest.raises(Refused) as refusal:
        commands.decide_case(case_id=case.pk, decision_number="1号", by=area_director(), at=later)
    assert codes(refusal) == {"province-decides"}
    with pytest.raises(Refused):
        commands.dismiss_case(case_id=case.pk, reason="熟人", by=area_director(), at=later)
    assert Case.objects.get().state == CaseState.NOTIFIED


def test_province_decides_cheating_and_voids_every_paid_subject_of_the_sitting(at):
    case = decided(at, COPYING)
    paid = Entry.objects.filter(candidate=case.candidate, state="paid")
    assert paid.count() == 2
    assert set(VoidedEntry.objects.values_list("entry_id", flat=True)) == set(paid.values_list("id", flat=True))
    assert not VoidedEntry.objects.exclude(entry__candidate=case.candidate).exists()


def test_a_decision_number_is_used_once(at):
    first = decided(at)
    other = next(seat for seat in the_seats() if seat.pk != first.entry_id)
    second = stated(at, seat=other)
    with pytest.raises(Conflict):
        commands.decide_case(
            case_id=second.pk, decision_number=first.decision_number, by=head(), at=second.recorded_at + timedelta(9)
        )
    with pytest.raises(BadInput):
        commands.decide_case(case_id=second.pk, decision_number=" ", by=head(), at=second.recorded_at + timedelta(9))


def test_a_dismissed_case_voids_nothing_and_stays_out_of_the_integrity_file(at):
    case = a_case(at, CaseState.DISMISSED)
    assert case.dismissal_reason
    assert not VoidedEntry.objects.exists()
    assert not IntegrityEntry.objects.exists()


def test_counts_by_state_cover_the_sitting(at):
    case = recorded(at)
    assert queries.cases_by_state(case.entry.sitting) == {"recorded": 1}
    assert queries.cases(area_clerk("3202")).count() == 0
    assert queries.cases(head()).count() == 1
