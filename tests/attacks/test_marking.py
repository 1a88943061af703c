"""Attempts on marking: foreign scripts, changed marks, keys signed by one person, cards altered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.factories import marking as make
from tests.factories.personnel import certified
from zikao.foundation.actors import Post
from zikao.foundation.errors import NotFound, NotPermitted, Refused
from zikao.stages.marking import commands, queries
from zikao.stages.marking.models import AnswerKey, Card, Mark, MarkingTask, Reading
from zikao.stages.personnel.states import PostKind

pytestmark = pytest.mark.django_db


def test_marker_asking_for_a_script_in_another_hand_finds_nothing(at: datetime) -> None:
    """A marker who names the task in a colleague's hand gets NotFound, on reading and on giving a mark."""
    make.a_paper_in_marking(at, people=1)
    task = commands.next_script(by=make.marker_actor(1), at=at).value
    assert task is not None
    with pytest.raises(NotFound):
        queries.task_in_hand(make.marker_actor(2), task.pk)
    with pytest.raises(NotFound):
        commands.give_mark(task_id=task.pk, points=Decimal(1), by=make.marker_actor(2), at=at)


def test_marker_of_another_province_is_given_nothing(at: datetime) -> None:
    """The same marker's account acting for another province has no place there and is handed no script."""
    make.a_paper_in_marking(at, people=1)
    stranger = replace(make.marker_actor(1), agency_code="33")
    with pytest.raises(Refused) as refused:
        commands.next_script(by=stranger, at=at)
    assert refused.value.code == "round-missing"


def test_marker_not_appointed_to_the_paper_is_given_nothing(at: datetime) -> None:
    """An account without appointment as marker of the paper is handed no script of it."""
    paper = make.a_paper_in_marking(at, people=1, markers=1)
    make.at_the_marking_place(at, paper, make.marker_actor(7))
    certified(at, {make.marker_actor(7).account_id or 0: "评卷员7"}, PostKind.MARKER)
    assert commands.next_script(by=make.marker_actor(7), at=at).value is None


def test_two_markers_never_hold_the_same_task(at: datetime) -> None:
    """Markers are handed different tasks; a unique constraint refuses two tasks in one marker's hand."""
    make.a_paper_in_marking(at, people=1)
    held = [commands.next_script(by=make.marker_actor(number), at=at).value for number in (1, 2, 3)]
    assert len({task.pk for task in held if task}) == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        MarkingTask.objects.filter(pk=held[1].pk).update(account_id=make.marker_actor(1).account_id)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE marking_mark SET points = 40",
        "DELETE FROM marking_mark",
        "UPDATE marking_questionscore SET points = 40",
        "UPDATE marking_total SET total = 100",
        "UPDATE marking_reading SET answers = 'AAAAAAAAAA'",
        "UPDATE marking_keysignature SET account_id = 1",
        "DELETE FROM marking_doubtruling",
        "TRUNCATE marking_total",
    ],
)
def test_application_cannot_change_what_was_given(at: datetime, statement: str) -> None:
    """The database refuses the application to change marks, scores, totals, readings, signatures or rulings."""
    make.a_paper_in_marking(at, people=1)
    make.mark_everything(at, make.a_paper(at, make.COURSE), {11: ["10", "12"], 12: ["5"]})
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Mark.objects.get(question__number=12).points == 5


def test_owner_cannot_change_a_mark_either(owner_connection: psycopg.Connection) -> None:
    """The append-only trigger refuses even the tables' owner an update of marks."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner_connection.execute("UPDATE marking_mark SET points = 40")


def test_one_person_signing_twice_is_refused_by_rule_and_by_database(at: datetime) -> None:
    """A second signature on a key from another post is refused by the rule and by a unique constraint."""
    key = make.an_entered_key(at, make.the_questions(at, make.a_paper(at, make.COURSE)))
    commands.sign_key(key_id=key.pk, digest=key.digest, by=make.HEAD, at=at)
    other_post = replace(make.HEAD, post=Post.PROVINCE_CLERK)
    with pytest.raises(Refused) as refused:
        commands.sign_key(key_id=key.pk, digest=key.digest, by=other_post, at=at)
    assert refused.value.code == "key-signed-already"
    with pytest.raises(IntegrityError), transaction.atomic():
        key.signatures.create(account_id=make.HEAD.account_id, post="x", digest="x", signed_at=at, agency_code="32")


def test_who_entered_a_key_cannot_sign_it_from_another_post(at: datetime) -> None:
    """The rule goes by account: whoever entered the answer key is refused its signature in whatever post."""
    key = make.an_entered_key(at, make.the_questions(at, make.a_paper(at, make.COURSE)))
    by = replace(make.HEAD, account_id=make.KEY_CLERK.account_id)
    with pytest.raises(Refused) as refused:
        commands.sign_key(key_id=key.pk, digest=key.digest, by=by, at=at)
    assert refused.value.code == "key-signer-entered-it"


def test_a_key_altered_in_the_database_stops_scoring(at: datetime) -> None:
    """Sealed answers exchanged past the commands differ from the signed digest: nothing is scored with them."""
    from zikao.foundation.errors import WrongState
    from zikao.stages.marking.models.keys import ANSWERS

    paper = make.a_paper_in_marking(at, people=1)
    AnswerKey.objects.update(answers_sealed=ANSWERS.seal("BBBBBBBBBB", paper.pk, 1))
    with pytest.raises(WrongState) as stopped:
        commands.score_objective(paper_id=paper.pk, by=make.OPERATOR, at=at)
    assert stopped.value.code == "key-altered"


def test_marker_may_not_total_rule_or_read(at: datetime) -> None:
    """The policy refuses a marker to total scripts and to receive scans."""
    paper = make.a_paper(at, make.COURSE)
    by = make.marker_actor(1)
    with pytest.raises(NotPermitted):
        commands.total_scripts(paper_id=paper.pk, by=by, at=at)
    with pytest.raises(NotPermitted):
        commands.receive_scans(paper_id=paper.pk, images=[b"x"], by=by, at=at)


def test_operator_of_another_province_cannot_read_a_batch(at: datetime) -> None:
    """A scanning operator of another province gets NotFound on recording readings of a batch."""
    paper = make.the_questions(at, make.a_sat_paper(at, people=1, absent=0))
    batch = commands.receive_scans(paper_id=paper.pk, images=make.scans_of(paper), by=make.OPERATOR, at=at).value
    stranger = replace(make.OPERATOR, agency_code="33")
    with pytest.raises(NotFound):
        commands.record_readings(batch_id=batch.pk, reader=1, machine="甲", rows=[], by=stranger, at=at)


def test_two_live_cards_for_one_seat_are_refused_by_the_database(at: datetime) -> None:
    """A unique constraint refuses a second counted answer card for a seat."""
    paper = make.the_questions(at, make.a_sat_paper(at, people=2, absent=0))
    make.a_read_batch(at, paper)
    one, two = make.card_of(paper, 1), make.card_of(paper, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Card.objects.filter(pk=two.pk).update(seat=one.seat)


def test_a_card_is_not_read_twice_on_one_machine_even_past_the_command(at: datetime) -> None:
    """Unique constraints refuse a further reading of a card by a machine that has read it."""
    paper = make.the_questions(at, make.a_sat_paper(at, people=1, absent=0))
    make.a_read_batch(at, paper)
    reading = Reading.objects.filter(reader=1).get()
    reading.pk, reading.reader = None, 3 - reading.reader
    with pytest.raises(IntegrityError), transaction.atomic():
        reading.save(force_insert=True)


def test_ledger_lines_of_keys_hold_no_letters(at: datetime) -> None:
    """The three ledger lines about an answer key, up to its signing, do not contain its string of answers."""
    from zikao.foundation.ledger import lines_about

    key = make.a_signed_key(at, make.the_questions(at, make.a_paper(at, make.COURSE)))
    lines = list(lines_about(f"marking.answerkey:{key.pk}"))
    assert len(lines) == 3
    assert make.KEY not in str([vars(line) if hasattr(line, "__dict__") else line for line in lines])
