"""Attempts to see a record without an approval, or more of it, or longer, or unseen."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories.consultations import approved, asked, received
from tests.factories.exports import an_officer
from tests.factories.records import a_record
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import NotFound, NotPermitted, Refused, WrongState, ZikaoError
from zikao.stages.records import commands
from zikao.stages.records.models import Consultation, ConsultationView

pytestmark = pytest.mark.django_db


def look(consultation: Consultation, by: Actor, at: datetime, part: str = "scores") -> None:
    commands.look_at_part(consultation_id=consultation.pk, part=part, by=by, at=at)


def test_nobody_reads_before_the_head_agreed(at: datetime) -> None:
    """The command shows the reader nothing while the approval by the head in charge is missing."""
    reader = an_officer(at, Post.PREFECTURE_CLERK)
    consultation = asked(at, reader)
    with pytest.raises(WrongState):
        look(consultation, reader, consultation.opens_at)


def test_nobody_reads_before_being_received_at_the_place(at: datetime) -> None:
    """The rule refuses an approved reader whom the record staff have not yet received at the place."""
    reader = an_officer(at, Post.PREFECTURE_CLERK)
    consultation = approved(at, reader)
    with pytest.raises(Refused) as refused:
        look(consultation, reader, consultation.opens_at)
    assert refused.value.code == "consultation-not-attended"


@pytest.mark.parametrize("part", ["conduct", "exams", "later", "", "../scores"])
def test_a_part_that_was_not_approved_is_not_shown(at: datetime, part: str) -> None:
    """The rule refuses any part that was not approved, invented names, too, and no look is recorded."""
    reader = an_officer(at, Post.PREFECTURE_CLERK)
    consultation = received(at, reader)
    with pytest.raises(Refused):
        look(consultation, reader, consultation.opens_at, part)
    assert not ConsultationView.objects.exists()


def test_scores_without_an_approval_for_scores_name_the_clause(at: datetime) -> None:
    """The rule refuses scores to a reader approved for other parts only, and cites SR-A1.12."""
    reader = an_officer(at, Post.PREFECTURE_CLERK)
    consultation = received(at, reader, parts=("basics",))
    with pytest.raises(Refused) as refused:
        look(consultation, reader, consultation.opens_at)
    assert "SR-A1.12" in {finding.clause for finding in refused.value.findings}


def test_the_time_is_over_to_the_second(at: datetime) -> None:
    """The rule lets the reader look one second before the approved time ends and refuses at its end."""
    reader = an_officer(at, Post.PREFECTURE_CLERK)
    consultation = received(at, reader)
    look(consultation, reader, consultation.closes_at - timedelta(seconds=1))
    with pytest.raises(Refused):
        look(consultation, reader, consultation.closes_at)


def test_somebody_else_does_not_use_the_approval(at: datetime) -> None:
    """County clerk, marker, head of the province and record clerk get NotFound on another's consultation."""
    consultation = received(at, an_officer(at, Post.PREFECTURE_CLERK))
    for post in (Post.COUNTY_CLERK, Post.MARKER, Post.PROVINCE_HEAD, Post.RECORDS_CLERK):
        with pytest.raises(NotFound):
            look(consultation, an_officer(at, post), consultation.opens_at)


def test_a_reader_of_another_prefecture_finds_nothing(at: datetime) -> None:
    """A clerk of another prefecture who asks to consult a record gets NotFound."""
    stranger = an_officer(at, Post.PREFECTURE_CLERK, "3202")
    with pytest.raises(NotFound):
        asked(at, stranger, a_record(at))


def test_reader_does_not_receive_themselves(at: datetime) -> None:
    """The policy refuses a record clerk who would receive themselves as the reader."""
    clerk = an_officer(at, Post.RECORDS_CLERK)
    consultation = approved(at, clerk)
    with pytest.raises(NotPermitted):
        commands.begin_consultation(
            consultation_id=consultation.pk, identity_checked=True, at_the_place=True, by=clerk,
            at=consultation.opens_at,
        )  # fmt: skip


@pytest.mark.parametrize(
    "change", ["parts = '[\"conduct\"]'", "record_id = record_id", "closes_at = closes_at + interval '9 days'"]
)
def test_a_consultation_changed_after_the_approval_is_not_begun(at: datetime, change: str) -> None:
    """Parts or time widened in the database after the approval keep the consultation from being begun."""
    consultation = approved(at)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE records_consultation SET {change} WHERE id = %s", [consultation.pk])
    clerk = an_officer(at, Post.RECORDS_CLERK)
    begin = {"consultation_id": consultation.pk, "identity_checked": True, "at_the_place": True, "by": clerk}
    if change.startswith("record_id"):
        assert commands.begin_consultation(**begin, at=consultation.opens_at).value
        return
    with pytest.raises(ZikaoError):
        commands.begin_consultation(**begin, at=consultation.opens_at)


def test_who_looked_is_not_taken_back(at: datetime) -> None:
    """The database refuses the application to delete or alter the row of a look at a record."""
    reader = an_officer(at, Post.PREFECTURE_CLERK)
    consultation = received(at, reader)
    look(consultation, reader, consultation.opens_at)
    for deed in ("DELETE FROM records_consultationview", "UPDATE records_consultationview SET part = 'basics'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)
    assert ConsultationView.objects.count() == 1
