"""Consultations of records: by whom asked, by whom approved, what is written down."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.factories.consultations import LETTER, approved, asked, received
from tests.factories.exports import an_officer
from zikao.foundation.actors import Post
from zikao.foundation.errors import BadInput, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.ledger.models import Line
from zikao.stages.records import commands
from zikao.stages.records.models import ConsultationView
from zikao.stages.records.states import ConsultationState

pytestmark = pytest.mark.django_db


def test_clerk_of_another_post_reads_after_the_head_agreed_and_was_received(at: datetime) -> None:
    reader = an_officer(at, Post.PREFECTURE_CLERK)
    consultation = received(at, reader)
    now = consultation.opens_at + timedelta(minutes=5)
    commands.look_at_part(consultation_id=consultation.pk, part="scores", by=reader, at=now)
    commands.look_at_part(consultation_id=consultation.pk, part="scores", by=reader, at=now)
    assert ConsultationView.objects.filter(consultation=consultation, part="scores").count() == 2
    assert Line.objects.filter(command="records.consulted").count() == 2
    commands.end_consultation(consultation_id=consultation.pk, by=reader, at=now)
    with pytest.raises(WrongState):
        commands.look_at_part(consultation_id=consultation.pk, part="scores", by=reader, at=now)


def test_a_visitor_with_a_letter_reads_beside_the_record_clerk(at: datetime) -> None:
    clerk = an_officer(at, Post.RECORDS_CLERK)
    consultation = received(at, clerk, reader_name="赵警官", reader_unit="某市公安局", letter=LETTER)
    assert consultation.reader_account_id is None
    now = consultation.opens_at
    look = commands.look_at_part(consultation_id=consultation.pk, part="basics", by=clerk, at=now)
    assert look.value.reader_name == "赵警官"


def test_a_visitor_without_a_letter_is_refused(at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        asked(at, an_officer(at, Post.RECORDS_CLERK), reader_name="赵警官", reader_unit="某市公安局")
    assert refused.value.code == "consultation-without-letter"


def test_only_record_staff_register_a_visitor(at: datetime) -> None:
    with pytest.raises(NotPermitted):
        asked(at, an_officer(at, Post.PREFECTURE_CLERK), reader_name="某人", reader_unit="某单位", letter=LETTER)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purpose": "看看"}, "purpose"),
        ({"parts": ()}, "parts"),
        ({"parts": ("all",)}, "parts"),
        ({"place": " "}, "place"),
    ],
)
def test_a_request_that_does_not_say_enough_is_sent_back(at: datetime, changes: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as wrong:
        asked(at, **changes)
    assert field in wrong.value.field_errors


def test_a_number_without_a_record_is_not_found(at: datetime) -> None:
    with pytest.raises(NotFound):
        asked(at, admission_number="000000000000")


def test_the_head_refuses_and_nothing_is_shown(at: datetime) -> None:
    from tests.factories.approvals import proof_of
    from zikao.foundation.approvals.commands import refuse_approval
    from zikao.foundation.approvals.models import Approval

    reader = an_officer(at, Post.PREFECTURE_CLERK)
    consultation = asked(at, reader)
    head = an_officer(at, Post.RECORDS_HEAD)
    approval = Approval.objects.get(pk=consultation.approval_id)
    refuse_approval(approval_id=approval.pk, comment="没有必要查阅", proof=proof_of(head, at), by=head, at=at)
    consultation.refresh_from_db()
    assert consultation.state == ConsultationState.REFUSED
    with pytest.raises(WrongState):
        commands.look_at_part(consultation_id=consultation.pk, part="basics", by=reader, at=consultation.opens_at)


def test_nobody_is_received_without_their_identity_checked_at_the_place(at: datetime) -> None:
    consultation = approved(at)
    clerk = an_officer(at, Post.RECORDS_CLERK)
    for checked, there in ((True, False), (False, True)):
        with pytest.raises(BadInput):
            commands.begin_consultation(
                consultation_id=consultation.pk,
                identity_checked=checked,
                at_the_place=there,
                by=clerk,
                at=consultation.opens_at,
            )


def test_chosen_candidates_get_their_records_all_or_none(at: datetime) -> None:
    from tests.factories.candidates import a_candidate
    from tests.factories.results import RECORDS_CLERK, taken_over
    from zikao.foundation.errors import Conflict
    from zikao.stages.records.models import Record

    first, second, without = a_candidate(at), a_candidate(at), a_candidate(at)
    taken_over(at, first, "00037")
    taken_over(at, second, "00037")
    with pytest.raises(Conflict):
        commands.open_chosen_records(candidate_ids=[first.pk, without.pk], by=RECORDS_CLERK, at=at)
    assert not Record.objects.exists()
    assert commands.open_chosen_records(candidate_ids=[first.pk], by=RECORDS_CLERK, at=at).value == 1
    assert list(Record.objects.values_list("candidate_id", flat=True)) == [first.pk]
