"""Conduct: who is let in and when, what a room's record says, and sheets taken in all or none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.factories.actors import area_clerk, clerk
from tests.factories.conduct import (
    CHIEF,
    INVIGILATOR,
    a_seat,
    a_session,
    a_signed_room,
    admitted,
    after,
    on_duty,
    sheets,
    the_seats,
    when,
)
from tests.factories.personnel import a_person
from zikao.foundation.actors import Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.ledger import lines_about
from zikao.stages.conduct import commands, queries
from zikao.stages.conduct.models import Attendance, RoomSession
from zikao.stages.conduct.states import RoomState
from zikao.stages.seating.models import Seat

pytestmark = pytest.mark.django_db


def codes(refusal):
    return {finding.code for finding in refusal.value.findings}


def mark(session, *, absent=(), no_handwriting=(), checked=True, by=INVIGILATOR, minutes=20):
    return commands.mark_attendance(
        session_id=session.pk,
        absent=frozenset(absent),
        no_handwriting=frozenset(no_handwriting),
        documents_checked=checked,
        by=by,
        at=when(the_seats()[0], minutes),
    ).value


def sign(session, signers=None, *, by=INVIGILATOR, at=None):
    seat = the_seats()[0]
    people = on_duty(seat) if signers is None else signers
    return commands.sign_room(
        session_id=session.pk, invigilators=people, remarks="", by=by, at=at or after(seat)
    ).value  # fmt: skip


def test_invigilator_admits_and_the_record_opens(at):
    seat = a_seat(at)
    admitted(seat)
    session = RoomSession.objects.get()
    assert session.expected == Seat.objects.filter(room=seat.room, unit=seat.unit).count()
    assert seat.attendance.present
    assert seat.attendance.arrived_at == when(seat)


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ("admission_card", "admission-card-missing"),
        ("notice", "notice-missing"),
        ("identity_document", "identity-document-missing"),
    ],
)
def test_candidate_is_refused_without_a_document(at, missing, code):
    seat = a_seat(at)
    with pytest.raises(Refused) as refusal:
        admitted(seat, **{missing: False})
    assert codes(refusal) == {code}
    assert not RoomSession.objects.exists()


@pytest.mark.parametrize(("minutes", "code"), [(-31, "admission-not-open"), (16, "arrived-too-late")])
def test_candidate_is_refused_too_early_or_too_late(at, minutes, code):
    seat = a_seat(at)
    with pytest.raises(Refused) as refusal:
        admitted(seat, minutes)
    assert codes(refusal) == {code}
    assert "2026年10月24日" in refusal.value.findings[-1].message or code == "admission-not-open"


def test_candidate_is_admitted_once(at):
    seat = a_seat(at)
    admitted(seat)
    with pytest.raises(Conflict):
        admitted(seat, -10)


def test_candidate_hands_in_and_never_comes_back(at):
    seat = a_seat(at)
    admitted(seat)
    with pytest.raises(Refused) as refusal:
        commands.hand_in(seat_id=seat.pk, handwriting_taken=True, by=INVIGILATOR, at=when(seat, 60))
    assert codes(refusal) == {"hand-in-too-early"}
    commands.hand_in(seat_id=seat.pk, handwriting_taken=True, by=INVIGILATOR, at=when(seat, 125))
    with pytest.raises(Conflict):
        commands.hand_in(seat_id=seat.pk, handwriting_taken=True, by=INVIGILATOR, at=when(seat, 126))
    with pytest.raises(Conflict):
        admitted(seat, 10)


def test_absent_candidate_hands_nothing_in(at):
    session = a_session(at)
    seat = the_seats()[0]
    mark(session, absent={seat.number})
    with pytest.raises(Conflict):
        commands.hand_in(seat_id=seat.pk, handwriting_taken=False, by=INVIGILATOR, at=when(seat, 130))


def test_room_opens_once(at):
    session = a_session(at)
    with pytest.raises(Conflict):
        commands.open_room(room_id=session.room_id, unit_id=session.unit_id, by=INVIGILATOR, at=at)
    with pytest.raises(NotFound):
        commands.open_room(room_id=session.room_id, unit_id=0, by=INVIGILATOR, at=at)


def test_invigilator_marks_the_seats_and_may_mark_again(at):
    session = a_session(at, candidates=6)
    first, second, third = (seat.number for seat in the_seats()[:3])
    mark(session, absent={first}, no_handwriting={second})
    mark(session, absent={third}, no_handwriting={second, third}, minutes=30)
    rows = {each.seat.number: each for each in queries.attendance_of(session)}
    assert [rows[n].present for n in (first, second, third)] == [True, True, False]
    assert [rows[n].handwriting_taken for n in (first, second, third)] == [True, False, False]
    assert lines_about(session)[0].facts == {"absent": [third], "no_handwriting": [second]}


def test_nobody_is_absent_while_the_late_may_still_come(at):
    session = a_session(at)
    with pytest.raises(Refused) as refusal:
        mark(session, absent={1}, minutes=15)
    assert codes(refusal) == {"absence-too-early"}


def test_seats_are_not_marked_unless_documents_were_checked(at):
    session = a_session(at)
    with pytest.raises(Refused) as refusal:
        mark(session, checked=False)
    assert "identity-document-missing" in codes(refusal)
    assert not Attendance.objects.exists()


def test_seat_of_another_room_is_not_marked(at):
    session = a_session(at)
    with pytest.raises(BadInput):
        mark(session, absent={99})


def test_who_was_let_in_is_not_absent(at):
    seat = a_seat(at)
    admitted(seat)
    with pytest.raises(BadInput) as bad:
        mark(RoomSession.objects.get(), absent={seat.number})
    assert str(seat.number) in bad.value.field_errors["absent"]


def test_two_on_duty_sign_and_the_unmarked_are_absent(at):
    seat = a_seat(at, candidates=6)
    admitted(seat)
    session = sign(RoomSession.objects.get())
    assert session.state == RoomState.SIGNED
    assert (session.present, session.absent) == (1, session.expected - 1)
    assert queries.attendance_count(seat.unit.sitting).present == 1


def test_room_is_not_signed_before_the_end(at):
    session = a_session(at)
    with pytest.raises(Refused) as refusal:
        sign(session, at=when(the_seats()[0], 149))
    assert codes(refusal) == {"room-signed-too-early"}


def test_one_signature_is_refused(at):
    session = a_session(at)
    first = on_duty(the_seats()[0])[0]
    for signers in ((), (first,), (first, first)):
        with pytest.raises(Refused) as refusal:
            sign(session, signers)
        assert "room-sheet-signatures" in codes(refusal)


def test_signature_of_somebody_not_on_duty_is_refused(at):
    session = a_session(at)
    with pytest.raises(Refused) as refusal:
        sign(session, (on_duty(the_seats()[0])[0], a_person(at).pk))
    assert codes(refusal) == {"signer-not-on-duty"}


def test_a_signed_room_is_closed_to_every_act(at):
    session = a_signed_room(at, absent=frozenset({1}))
    seat = the_seats()[0]
    present = session.attendance.filter(present=True).values_list("seat_id", flat=True)
    acts = [lambda: mark(session), lambda: sign(session)]
    if present:
        acts.append(
            lambda: commands.hand_in(seat_id=present[0], handwriting_taken=True, by=INVIGILATOR, at=after(seat))
        )
    for act in acts:
        with pytest.raises(WrongState):
            act()
    assert RoomSession.objects.get().signed_at == session.signed_at


@pytest.mark.parametrize("post", [Post.PREFECTURE_CLERK, Post.PROVINCE_CLERK, Post.EXAM_AFFAIRS_HEAD, Post.MARKER])
def test_others_may_not_keep_the_room(at, post):
    session = a_session(at)
    with pytest.raises(NotPermitted):
        mark(session, by=clerk(post, "32"))
    with pytest.raises(NotPermitted):
        sign(session, by=clerk(post, "32"))
    with pytest.raises(NotPermitted):
        admitted(the_seats()[0], by=clerk(post, "32"))


@pytest.mark.parametrize("agency", ["3202", "3201-99", "33"])
def test_invigilator_of_another_site_finds_no_room(at, agency):
    session = a_session(at)
    stranger = clerk(Post.INVIGILATOR, agency)
    with pytest.raises(NotFound):
        mark(session, by=stranger)
    with pytest.raises(NotFound):
        admitted(the_seats()[0], by=stranger)
    with pytest.raises(NotFound):
        commands.open_room(room_id=session.room_id, unit_id=session.unit_id, by=stranger, at=at)


def take_in(made, by=CHIEF):
    seat = the_seats()[0]
    return commands.take_in_room_sheets(
        site_code=seat.room.site.code, unit_id=seat.unit_id, sheets=made, by=by, at=after(seat)
    ).value


def test_chief_takes_in_every_room_at_once(at):
    seat = a_seat(at, candidates=8)
    present = take_in(sheets({seat.room_id: frozenset({seat.number})}))
    total = len(the_seats())
    assert present == total - 1
    assert Attendance.objects.count() == total
    assert not Seat.objects.get(pk=seat.pk).attendance.handwriting_taken
    assert set(RoomSession.objects.values_list("state", flat=True)) == {"signed"}


def test_chief_is_refused_when_a_room_is_missing_or_strange(at):
    a_seat(at, candidates=50)
    made = sheets()
    assert len(made) > 1
    with pytest.raises(BadInput):
        take_in(made[:-1])
    with pytest.raises(BadInput):
        take_in([*made[:-1], replace(made[-1], room_id=0)])
    assert not RoomSession.objects.exists()


def test_one_bad_sheet_keeps_all_out(at):
    a_seat(at, candidates=50)
    made = sheets()
    with pytest.raises(Refused) as refusal:
        take_in([*made[:-1], replace(made[-1], absent=frozenset({77}))])
    assert codes(refusal) == {"seat-not-in-room"}
    assert not Attendance.objects.exists()


def test_sheets_are_taken_in_once(at):
    a_seat(at)
    take_in(sheets())
    with pytest.raises(Conflict):
        take_in(sheets())


def test_sheets_of_no_unit_are_not_found(at):
    seat = a_seat(at)
    with pytest.raises(NotFound):
        commands.take_in_room_sheets(site_code=seat.room.site.code, unit_id=0, sheets=[], by=CHIEF, at=at)


def test_sheets_of_another_area_are_not_found(at):
    a_seat(at)
    with pytest.raises(NotFound):
        take_in(sheets(), by=area_clerk("3202"))


def test_invigilator_may_not_take_in_a_whole_site(at):
    a_seat(at)
    with pytest.raises(NotPermitted):
        take_in(sheets(), by=INVIGILATOR)


def test_the_day_follows_the_moments_of_the_law(at):
    seat = a_seat(at)
    moments = queries.moments_of(seat.unit, "32")
    assert [moment.at for moment in moments] == sorted(moment.at for moment in moments)
    minutes = {moment.clause: int((moment.at - seat.unit.starts_at).total_seconds() // 60) for moment in moments}
    assert minutes["EA-A6.1"] == -40
    assert minutes["EA-A6.10"] == 15
    assert minutes["EA-A6.11"] == 120
    assert minutes["EA-A6.15"] == 150
