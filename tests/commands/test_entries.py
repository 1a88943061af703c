"""Entering, paying, withdrawing and freezing: who may, in which state, and what is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from tests.factories.actors import AREA, COUNTY, clerk, county_clerk, head, the_node
from tests.factories.candidates import a_candidate, a_suspended_candidate, as_candidate, candidates
from tests.factories.entries import (
    UNIT_1,
    UNIT_1_TOO,
    UNIT_2,
    a_frozen_list,
    a_payment,
    a_window,
    after_window,
    entered_at_the_counter,
    entries,
    wish,
)
from tests.factories.programmes import SITTING, a_paper, a_published_timetable
from zikao.foundation.actors import Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState, ZikaoError
from zikao.stages.candidates.models import Candidate
from zikao.stages.entries import commands, queries
from zikao.stages.entries.models import Entry, EntryWindow, Payment
from zikao.stages.entries.states import EntryState, PaymentRow, PaymentState
from zikao.stages.programmes.models import Paper
from zikao.stages.programmes.queries import progress

pytestmark = pytest.mark.django_db
OTHER_COUNTY = "320104"


def refused_codes(candidate: Candidate, at: datetime, *courses: str, **more: Any) -> list[str]:
    with pytest.raises(Refused) as refusal:
        wish(candidate, at, *courses, **more)
    return [finding.code for finding in refusal.value.findings]


def test_candidate_enters_two_units_and_owes_the_fee(at: datetime) -> None:
    a_window(at)
    candidate = a_candidate(at)
    made = wish(candidate, at, UNIT_1, UNIT_2)
    assert [entry.unit.number for entry in made] == [1, 2]
    assert [entry.fee_fen for entry in made] == [made[0].fee_fen] * 2
    assert {entry.agency_code for entry in made} == {COUNTY}
    assert {entry.state for entry in queries.own_entries(candidate.pk, SITTING)} == {EntryState.ENTERED}


def test_candidate_is_refused_all_when_two_courses_meet_in_one_unit(at: datetime) -> None:
    a_window(at)
    candidate = a_candidate(at)
    assert refused_codes(candidate, at, UNIT_1, UNIT_1_TOO, UNIT_2) == ["unit-clash"]
    assert not Entry.objects.exists()


def test_candidate_is_refused_when_an_earlier_entry_has_the_unit(at: datetime) -> None:
    candidate = a_candidate(at)
    entries(at, candidate, (UNIT_1,))
    assert refused_codes(candidate, at, UNIT_1_TOO) == ["unit-clash"]
    assert refused_codes(candidate, at, UNIT_1) == ["course-entered-already"]


def test_database_keeps_a_second_course_out_of_the_unit(at: datetime) -> None:
    candidate = a_candidate(at)
    first = entries(at, candidate, (UNIT_1,))[0]
    with pytest.raises(IntegrityError, match="entry_one_course_a_unit"), transaction.atomic():
        Entry.objects.create(
            candidate=candidate,
            sitting=first.sitting,
            paper=a_paper(at, UNIT_1_TOO),
            unit=first.unit,
            area_code=AREA,
            agency_code=COUNTY,
            fee_fen=1,
            entered_at=at,
        )


def test_candidate_is_refused_outside_the_plan_and_the_offer(at: datetime) -> None:
    a_window(at)
    candidate = a_candidate(at)
    foreign = Paper.objects.exclude(majors__major=candidate.major).exclude(
        course__in=candidate.major.plans.values("courses__course")
    )
    assert refused_codes(candidate, at, foreign[0].course.code) == ["course-outside-plan"]


def test_candidate_is_refused_a_course_passed_already(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    a_window(at)
    candidate = a_candidate(at)
    monkeypatch.setattr(progress, "_answers", [lambda ids: {candidate.pk: {UNIT_1: "written"}}])
    assert refused_codes(candidate, at, UNIT_1, UNIT_2) == ["course-passed-already"]
    assert len(wish(candidate, at, UNIT_2)) == 1


def test_suspended_candidate_is_refused_until_the_end(at: datetime) -> None:
    a_window(at, days=20)
    candidate = a_suspended_candidate(at, at.date() + timedelta(days=5))
    assert refused_codes(candidate, at + timedelta(days=4), UNIT_1) == ["suspended"]
    assert len(wish(candidate, at + timedelta(days=5), UNIT_1)) == 1


def test_candidate_is_told_everything_at_once(at: datetime) -> None:
    a_window(at)
    candidate = a_suspended_candidate(at, date(2027, 1, 1))
    late = after_window(at)
    assert refused_codes(candidate, late, UNIT_1, UNIT_1_TOO) == ["window-closed", "suspended", "unit-clash"]


def test_candidate_is_refused_a_course_too_many(at: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from zikao.foundation.regulation import dated, parameter

    a_window(at)
    candidate = a_candidate(at)
    own = (dated.Dated(date(2021, 1, 1), 1),)
    monkeypatch.setitem(parameter("max-courses-per-sitting").overrides, "32", own)
    assert refused_codes(candidate, at, UNIT_1, UNIT_2) == ["too-many-courses"]
    assert len(wish(candidate, at, UNIT_1)) == 1
    assert refused_codes(candidate, at, UNIT_2) == ["too-many-courses"]


def test_candidate_is_refused_before_after_and_in_a_way_not_offered(at: datetime) -> None:
    window = a_window(at)
    candidate = a_candidate(at)
    assert refused_codes(candidate, window.opens_at - timedelta(minutes=1), UNIT_1) == ["window-not-open"]
    assert refused_codes(candidate, window.closes_at, UNIT_1) == ["window-closed"]
    EntryWindow.objects.update(online=False)
    assert refused_codes(candidate, at, UNIT_1) == ["way-not-offered"]
    assert len(entered_at_the_counter(at, candidate, UNIT_1)) == 1


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"paper_ids": [0]}, NotFound),
        ({"paper_ids": []}, Refused),
        ({"area_code": "3299"}, BadInput),
        ({"area_code": COUNTY}, BadInput),
        ({"sitting_code": "2027-04"}, NotFound),
        ({"by": county_clerk(OTHER_COUNTY)}, NotFound),
        ({"by": clerk(Post.MARKER)}, NotPermitted),
        ({"by": the_node()}, NotPermitted),
    ],
)
def test_entry_is_refused_when_something_does_not_exist_or_is_not_theirs(
    at: datetime, more: dict[str, Any], error: type[ZikaoError]
) -> None:
    a_window(at)
    with pytest.raises(error):
        wish(a_candidate(at), at, UNIT_1, **more)


def test_entry_of_a_transferred_candidate_is_refused(at: datetime) -> None:
    a_window(at)
    candidate = a_candidate(at)
    Candidate.objects.update(state="transferred")
    with pytest.raises(WrongState):
        wish(candidate, at, UNIT_1)


@pytest.mark.parametrize("state", list(EntryState))
@pytest.mark.parametrize("who", ["candidate", "clerk", "stranger", "other county"])
def test_withdrawal_by_state_and_actor(at: datetime, state: EntryState, who: str) -> None:
    candidate = a_candidate(at)
    entry = entries(at, candidate, (UNIT_1,))[0]
    if state != EntryState.ENTERED:
        a_payment(at, candidate)
    if state == EntryState.WITHDRAWN:
        commands.withdraw_entry(entry_id=entry.pk, by=county_clerk(), at=at)
    by = {
        "candidate": as_candidate(candidate),
        "clerk": county_clerk(),
        "stranger": as_candidate(a_candidate(at)),
        "other county": county_clerk(OTHER_COUNTY),
    }[who]
    call = {"entry_id": entry.pk, "by": by, "at": at}
    if who in {"stranger", "other county"}:
        with pytest.raises(NotFound):
            commands.withdraw_entry(**call)
    elif state == EntryState.WITHDRAWN:
        with pytest.raises(WrongState):
            commands.withdraw_entry(**call)
    else:
        assert commands.withdraw_entry(**call).value.state == EntryState.WITHDRAWN
        owed = entry.fee_fen if state == EntryState.PAID else 0
        assert sum(Payment.objects.values_list("refund_fen", flat=True)) == owed


def test_withdrawal_frees_the_unit_but_not_after_the_window(at: datetime) -> None:
    candidate = a_candidate(at)
    first, second = entries(at, candidate)
    commands.withdraw_entry(entry_id=first.pk, by=as_candidate(candidate), at=at)
    assert len(wish(candidate, at, UNIT_1_TOO)) == 1
    with pytest.raises(Refused, match="window-closed"):
        commands.withdraw_entry(entry_id=second.pk, by=as_candidate(candidate), at=after_window(at))


def test_payment_counts_once_however_often_the_notice_comes(at: datetime) -> None:
    candidate = a_candidate(at)
    made = entries(at, candidate)
    due = sum(entry.fee_fen for entry in made)
    call = {"candidate_id": candidate.pk, "sitting_code": SITTING, "order_number": "A1", "by": the_node(), "at": at}
    first = commands.record_payment(amount_fen=due, **call)
    again = commands.record_payment(amount_fen=due, **call)
    assert first.value.pk == again.value.pk
    assert Payment.objects.get().amount_fen == due
    assert not queries.entered_not_paid(SITTING).exists()
    with pytest.raises(Conflict):
        commands.record_payment(amount_fen=due + 1, **call)


@pytest.mark.parametrize("difference", [-1, 1])
def test_payment_of_another_amount_is_refused(at: datetime, difference: int) -> None:
    candidate = a_candidate(at)
    due = sum(entry.fee_fen for entry in entries(at, candidate))
    with pytest.raises(Refused, match="amount-differs"):
        commands.record_payment(
            candidate_id=candidate.pk,
            sitting_code=SITTING,
            order_number="A1",
            amount_fen=due + difference,
            by=the_node(),
            at=at,
        )
    assert not Payment.objects.exists()


def test_payment_that_comes_after_the_freeze_is_due_back(at: datetime) -> None:
    candidate = a_candidate(at)
    entry = entries(at, candidate, (UNIT_1,))[0]
    a_frozen_list(at)
    payment = a_payment(after_window(at), candidate)
    entry.refresh_from_db()
    assert (payment.state, payment.refund_fen) == (PaymentState.REFUND_DUE, payment.amount_fen)
    assert entry.state == EntryState.ENTERED


def test_candidate_cannot_declare_themselves_paid(at: datetime) -> None:
    candidate = a_candidate(at)
    entries(at, candidate)
    with pytest.raises(NotPermitted):
        commands.record_payment(
            candidate_id=candidate.pk,
            sitting_code=SITTING,
            order_number="A1",
            amount_fen=1,
            by=as_candidate(candidate),
            at=at,
        )


def test_payments_in_bulk_stop_at_one_wrong_sum_and_pass_over_the_known(at: datetime) -> None:
    several = candidates(at, 4)
    due = {each.pk: sum(e.fee_fen for e in entries(at, each)) for each in several}
    a_payment(at, several[0], "B0")
    rows = [PaymentRow(pk, f"B{n}", fen) for n, (pk, fen) in enumerate(due.items())]
    wrong = [*rows[:3], PaymentRow(rows[3].candidate_id, "B3", rows[3].amount_fen - 1)]
    call = {"sitting_code": SITTING, "by": the_node(), "at": at}
    with pytest.raises(BadInput) as refusal:
        commands.record_payments(payments=wrong, **call)
    assert set(refusal.value.field_errors) == {"B3"}
    assert Payment.objects.count() == 1
    assert commands.record_payments(payments=rows, **call).value == 6
    assert queries.counts(SITTING).paid == 8
    assert queries.counts(SITTING).paid_fen == sum(Payment.objects.values_list("amount_fen", flat=True))


def test_window_is_set_once_before_the_first_unit_and_can_move(at: datetime) -> None:
    a_published_timetable(at)
    call: dict[str, Any] = {"sitting_code": SITTING, "by": head(), "at": at}
    first_unit = datetime(2026, 10, 24, 9, tzinfo=at.tzinfo)
    with pytest.raises(Refused, match="window-after-exam"):
        commands.open_window(opens_at=at, closes_at=first_unit, **call)
    with pytest.raises(Refused, match="window-ends-before-start"):
        commands.open_window(opens_at=at, closes_at=at, **call)
    with pytest.raises(BadInput):
        commands.open_window(opens_at=at, closes_at=at + timedelta(days=1), online=False, on_site=False, **call)
    commands.open_window(opens_at=at, closes_at=at + timedelta(days=1), **call)
    with pytest.raises(Conflict):
        commands.open_window(opens_at=at, closes_at=at + timedelta(days=2), **call)
    with pytest.raises(Refused, match="change-needs-reason"):
        commands.move_window(opens_at=at, closes_at=at + timedelta(days=2), **call)
    moved = commands.move_window(opens_at=at, closes_at=at + timedelta(days=2), reason="系统维护，顺延一天", **call)
    assert moved.value.closes_at == at + timedelta(days=2)
    with pytest.raises(NotPermitted):
        commands.move_window(**{**call, "by": county_clerk()}, opens_at=at, closes_at=at + timedelta(days=2))
