"""Technical changes to what is not an answer: registered, confirmed by two full-time people, then made."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import DatabaseError, transaction

from tests.factories.actors import PROVINCE
from tests.factories.marking import (
    CLERK,
    HEAD,
    OPERATOR,
    OTHER_OPERATOR,
    a_sat_paper,
    at_the_marking_place,
    barcode_of,
    marker_actor,
)
from tests.factories.personnel import a_person
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.ledger.models import Line
from zikao.stages.marking import commands
from zikao.stages.marking.models import Card, DataConfirmation, DataCorrection, ScanBatch, Script
from zikao.stages.marking.states import DataCorrectionState
from zikao.stages.personnel.models import Person
from zikao.stages.personnel.states import PersonKind
from zikao.stages.programmes.models import Paper
from zikao.stages.seating.models import Seat

pytestmark = pytest.mark.django_db
STRANGER = Actor("外省识读员", Post.READER_OPERATOR, "33", account_id=990)


def full_time(at: datetime, *actors: Actor, kind: PersonKind = PersonKind.FULL) -> None:
    """Each is registered as a member of the exam staff."""
    for actor in actors:
        person = a_person(at, kind=kind)
        Person.objects.filter(pk=person.pk).update(account_id=actor.account_id)


def a_misread_card(at: datetime) -> tuple[Card, Seat]:
    """A card that was read as the neighbour's, who did not hand one in; and the seat that it is really of."""
    paper = a_sat_paper(at, people=2, absent=0)
    at_the_marking_place(at, paper, HEAD)
    wrong, right = Seat.objects.filter(paper=paper).order_by("number")
    batch = ScanBatch.objects.create(
        paper=paper, number=1, count=1, digest="0" * 64, received_at=at, received_by=1, agency_code=PROVINCE
    )
    card = Card.objects.create(
        batch=batch, number=1, paper=paper, seat=wrong, barcode=barcode_of(wrong), image="a" * 64, state="read",
        answers="ABCD", agency_code=PROVINCE,
    )  # fmt: skip
    return card, right


def proposed(at: datetime, card: Card, seat: Seat, by: Actor = OPERATOR, reason: str = "末位污损") -> DataCorrection:
    """The change registered."""
    return commands.propose_data_correction(
        paper_id=card.paper_id, batch_number=1, card_number=1, reason=reason, by=by, at=at,
        admission_number=seat.entry.candidate.admission_number,
    ).value  # fmt: skip


def a_correction(at: datetime) -> tuple[DataCorrection, Card, Seat]:
    card, right = a_misread_card(at)
    full_time(at, OTHER_OPERATOR, CLERK)
    return proposed(at, card, right), card, right


def test_two_full_time_people_confirm_and_the_barcode_and_seat_change(at: datetime) -> None:
    held, card, right = a_correction(at)
    commands.confirm_data_correction(correction_id=held.pk, by=OTHER_OPERATOR, at=at)
    made = commands.confirm_data_correction(correction_id=held.pk, by=CLERK, at=at).value
    card.refresh_from_db()
    assert (made.state, made.applied_at) == (DataCorrectionState.APPLIED, at)
    assert (card.barcode, card.seat_id, card.answers) == (barcode_of(right), right.pk, "ABCD")
    assert made.before != made.after == card.barcode
    told = Line.objects.filter(command="marking.data-correction-confirmed").order_by("id").last()
    assert told is not None
    assert told.facts["applied"] is True
    assert told.clauses == ["EA-A9.2.1.2", "SR-A1.4", "SR-A1.5"]


def test_one_confirmation_changes_nothing(at: datetime) -> None:
    held, card, right = a_correction(at)
    commands.confirm_data_correction(correction_id=held.pk, by=CLERK, at=at)
    card.refresh_from_db()
    held.refresh_from_db()
    assert held.state == DataCorrectionState.PROPOSED
    assert card.seat_id != right.pk
    with pytest.raises(Refused) as caught:
        commands.confirm_data_correction(correction_id=held.pk, by=CLERK, at=at)
    assert (caught.value.code, caught.value.clause) == ("confirmed-already", "EA-A9.2.1.2")


def test_who_proposed_it_does_not_confirm_it(at: datetime) -> None:
    held, _, _ = a_correction(at)
    full_time(at, OPERATOR)
    with pytest.raises(Refused) as caught:
        commands.confirm_data_correction(correction_id=held.pk, by=OPERATOR, at=at)
    assert caught.value.code == "confirmer-proposed-it"


@pytest.mark.parametrize("registered", [True, False])
def test_part_time_people_and_strangers_to_the_register_do_not_confirm(registered: bool, at: datetime) -> None:
    held, _, _ = a_correction(at)
    if registered:
        full_time(at, HEAD, kind=PersonKind.PART)
    with pytest.raises(Refused) as caught:
        commands.confirm_data_correction(correction_id=held.pk, by=HEAD, at=at)
    assert caught.value.code == "confirmer-not-full-time"
    assert not DataConfirmation.objects.exists()


def test_another_province_finds_nothing_and_other_posts_may_not(at: datetime) -> None:
    held, card, right = a_correction(at)
    with pytest.raises(NotFound):
        commands.confirm_data_correction(correction_id=held.pk, by=STRANGER, at=at)
    with pytest.raises(NotPermitted):
        proposed(at, card, right, by=marker_actor(1))


def test_the_database_refuses_the_same_person_twice(at: datetime) -> None:
    held, _, _ = a_correction(at)
    commands.confirm_data_correction(correction_id=held.pk, by=CLERK, at=at)
    first = DataConfirmation.objects.get()
    again = {"correction": held, "name": "甲", "confirmed_at": at, "agency_code": PROVINCE}
    for account, person in ((first.account_id, 1), (1, first.person_id)):
        with pytest.raises(DatabaseError), transaction.atomic():
            DataConfirmation.objects.create(account_id=account, person_id=person, **again)
    with pytest.raises(DatabaseError), transaction.atomic():
        DataConfirmation.objects.create(account_id=held.proposed_by, person_id=2, **again)
    with pytest.raises(DatabaseError), transaction.atomic():
        DataConfirmation.objects.update(person_id=5)


def test_the_database_refuses_a_change_that_one_person_confirmed(at: datetime) -> None:
    held, _, _ = a_correction(at)
    commands.confirm_data_correction(correction_id=held.pk, by=CLERK, at=at)
    rows = DataCorrection.objects.filter(pk=held.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(state="applied", applied_at=at)
    for change in ({"after": "x"}, {"before": "x"}, {"reason": "x"}, {"proposed_by": 1}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (
            lambda card: Card.objects.filter(pk=card.pk).update(state="set-aside", reason="damaged"),
            "data-card-not-placed",
        ),
        (lambda card: _opened(card), "data-card-in-marking"),
    ],
)
def test_cards_that_are_not_placed_or_already_marked_are_refused(change: object, code: str, at: datetime) -> None:
    card, right = a_misread_card(at)
    change(card)  # type: ignore[operator]
    with pytest.raises(Refused) as caught:
        proposed(at, card, right)
    assert caught.value.code == code
    assert not DataCorrection.objects.exists()


def _opened(card: Card) -> None:
    Script.objects.create(
        seat=card.seat, card=card, paper=card.paper, code="M1", opened_at=card.batch.received_at, agency_code=PROVINCE
    )


def test_a_change_without_effect_or_reason_and_a_seat_with_a_card_are_refused(at: datetime) -> None:
    card, right = a_misread_card(at)
    with pytest.raises(Refused) as caught:
        proposed(at, card, card.seat)
    assert caught.value.code == "data-changes-nothing"
    with pytest.raises(Refused) as caught:
        proposed(at, card, right, reason="  ")
    assert caught.value.code == "data-without-reason"
    Card.objects.create(
        batch=card.batch, number=2, paper=card.paper, seat=right, image="b" * 64, state="read", agency_code=PROVINCE
    )
    with pytest.raises(Conflict) as conflict:
        proposed(at, card, right)
    assert conflict.value.code == "seat-has-card"


def test_a_refused_change_stays_registered_and_may_be_registered_anew(at: datetime) -> None:
    held, card, right = a_correction(at)
    with pytest.raises(Conflict):
        proposed(at, card, right)
    made = commands.refuse_data_correction(correction_id=held.pk, why="原卡清楚，没有误读", by=CLERK, at=at).value
    assert (made.state, made.refused_why) == (DataCorrectionState.REFUSED, "原卡清楚，没有误读")
    with pytest.raises(WrongState):
        commands.confirm_data_correction(correction_id=held.pk, by=CLERK, at=at)
    assert proposed(at, card, right).pk != held.pk


def test_a_paper_has_only_its_own_cards(at: datetime) -> None:
    card, right = a_misread_card(at)
    other = Paper.objects.exclude(pk=card.paper_id).first()
    with pytest.raises(NotFound):
        commands.propose_data_correction(
            paper_id=other.pk if other else 0, batch_number=1, card_number=1, reason="x", by=OPERATOR, at=at,
            admission_number=right.entry.candidate.admission_number,
        )  # fmt: skip
