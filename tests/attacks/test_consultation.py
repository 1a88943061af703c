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
    reader = an_officer(at, Post.PREFECTURE_CLERK)
    consultation = asked(at, reader)
    with pytest.raises(WrongState):
        look(consultation, reader, consultation.opens_at)


def test_nobody_reads_before_being_received_at_the_place(at: datetime) -> None:
    reader = an_officer(at, Post.PREFECTURE_CLERK)
    consultation = approved(at, reader)
    with pytest.raises(Refused) as refused:
        look(consultation, reader, consultation.opens_at)
    assert refused.value.code == "consultation-not-attended"


@pytest.mark.parametrize("part", ["conduct", "exams", "later", "", "../scores"])
def test_a_part_that_was_not_approved_is_not_shown(at: datetime, part: str) -> None:
    reader = an_officer(at, Post.PREFECTURE_CLERK)
    consultation = received(at, reader)
    with pytest.raises(Refused):
        look(consultation, reader, consultation.opens_at, part)
    assert not ConsultationView.objects.exists()


def test_scores_without_an_approval_for_scores_name_the_clause(at: datetime) -> None:
    reader = an_officer(at, Post.PREFECTURE_CLERK)
    consultation = received(at, reader, parts=("basics",))
    with pytest.raises(Refused) as refused:
        look(consultation, reader, consultation.opens_at)
    assert "SR-A1.12" in {finding.clause for finding in refused.value.findings}


def test_the_time_is_over_to_the_second(at: datetime) -> None:
    reader = an_officer(at, Post.PREFECTURE_CLERK)
    consultation = received(at, reader)
    look(consultation, reader, consultation.closes_at - timedelta(seconds=1))
    with pytest.raises(Refused):
        look(consultation, reader, consultation.closes_at)


def test_somebody_else_does_not_use_the_approval(at: datetime) -> None:
    consultation = received(at, an_officer(at, Post.PREFECTURE_CLERK))
    for post in (Post.COUNTY_CLERK, Post.MARKER, Post.PROVINCE_HEAD, Post.RECORDS_CLERK):
        with pytest.raises(NotFound):
            look(consultation, an_officer(at, post), consultation.opens_at)


def test_a_reader_of_another_prefecture_finds_nothing(at: datetime) -> None:
    stranger = an_officer(at, Post.PREFECTURE_CLERK, "3202")
    with pytest.raises(NotFound):
        asked(at, stranger, a_record(at))


def test_reader_does_not_receive_themselves(at: datetime) -> None:
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
    reader = an_officer(at, Post.PREFECTURE_CLERK)
    consultation = received(at, reader)
    look(consultation, reader, consultation.opens_at)
    for deed in ("DELETE FROM records_consultationview", "UPDATE records_consultationview SET part = 'basics'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)
    assert ConsultationView.objects.count() == 1
