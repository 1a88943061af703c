"""Somebody tries to make an absent candidate present after the room was signed, or to speak for another site."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories.conduct import a_session, a_signed_room, admitted, on_duty, the_seats
from zikao.stages.conduct.models import Attendance, RoomSession

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE conduct_attendance SET present = true, handwriting_taken = true WHERE NOT present",
        "DELETE FROM conduct_attendance WHERE NOT present",
        "UPDATE conduct_roomsession SET remarks = '一切正常', present = expected, absent = 0",
        "UPDATE conduct_roomsession SET state = 'open'",
        "TRUNCATE conduct_attendance",
    ],
)
def test_application_cannot_change_a_signed_room(at, statement):
    """The database refuses to make the absent present or delete them, to reopen or restate a signed room."""
    session = a_signed_room(at, absent=frozenset({1}))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Attendance.objects.filter(session=session, present=False).count() == 1
    assert RoomSession.objects.get().remarks == "正常"


def test_session_setting_does_not_switch_the_guard_off(at):
    """The application's role cannot get past the guard of signed rooms by setting itself to replica mode."""
    a_signed_room(at, absent=frozenset({1}))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica; UPDATE conduct_attendance SET present = true")
    assert Attendance.objects.filter(present=False).count() == 1


def test_a_room_that_does_not_add_up_is_refused_by_the_database(at):
    """A check constraint refuses a signed room in which present and absent do not make up the expected."""
    session = a_session(at)
    first, second = on_duty(the_seats()[0])
    with pytest.raises(DatabaseError), transaction.atomic():
        RoomSession.objects.filter(pk=session.pk).update(
            state="signed", present=1, absent=0, expected=5, first_invigilator_id=first, second_invigilator_id=second
        )


def test_an_absent_candidate_gave_no_handwriting_says_the_database(at):
    """A check constraint refuses an attendance that is absent and yet has a handwriting sample taken."""
    seat = the_first(at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Attendance.objects.filter(seat=seat).update(present=False, handwriting_taken=True)


def the_first(at):
    a_session(at)
    seat = the_seats()[0]
    admitted(seat)
    return seat
