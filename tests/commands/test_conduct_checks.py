"""Rooms checked before use (EA-25.1): many at once with exceptions; what is not in order stays closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories.actors import area_clerk, clerk
from tests.factories.conduct import (
    CHIEF,
    INVIGILATOR,
    a_seat,
    admitted,
    after,
    an_unchecked_seat,
    rooms_checked,
    sheets,
    the_seats,
    when,
)
from tests.factories.personnel import a_person
from zikao.foundation.actors import Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused
from zikao.foundation.ledger import lines_about
from zikao.stages.conduct import commands, queries
from zikao.stages.conduct.models import Attendance, RoomCheck, RoomSession
from zikao.stages.conduct.states import CheckState, RoomFault

pytestmark = pytest.mark.django_db


def code(refusal):
    return (refusal.value.code, refusal.value.clause)


def fault(room_id, *failed, note="后墙板报没有遮盖"):
    return RoomFault(room_id, frozenset(failed or {"writing"}), note)


def opened(seat, at):
    return commands.open_room(room_id=seat.room_id, unit_id=seat.unit_id, by=INVIGILATOR, at=at)


def take_in(seat):
    site = seat.room.site.code
    return commands.take_in_room_sheets(
        site_code=site, unit_id=seat.unit_id, sheets=sheets(), by=CHIEF, at=after(seat)
    ).value


def states(seat):
    return {each.room.pk: each.state for each in queries.rooms_checked(seat.room.site, seat.unit.sitting)}


def test_room_that_nobody_checked_is_not_used(at):
    seat = an_unchecked_seat(at)
    for act in (
        lambda: opened(seat, when(seat)),
        lambda: admitted(seat),
        lambda: take_in(seat),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert code(refusal) == ("room-not-checked", "EA-25.1")
        assert "逐项检查" in refusal.value.remedy
    assert not RoomSession.objects.exists()
    assert not Attendance.objects.exists()
    rooms_checked(at, seat)
    admitted(seat)


def test_chief_checks_a_whole_site_at_once_and_the_bad_room_stays_closed_until_checked_again(at):
    seat = an_unchecked_seat(at, candidates=50)
    used = {each.room_id for each in the_seats()}
    assert len(used) > 1
    assert len(rooms_checked(at, seat, faults=[fault(seat.room_id, "writing", "clock")])) == len(used)
    assert states(seat) == dict.fromkeys(used, CheckState.GOOD) | {seat.room_id: CheckState.FAILED}
    line = lines_about(f"conduct.checks:{seat.room.site.code}:2026-10")[0]
    assert line.facts["closed"] == {str(seat.room.number): ["clock", "writing"]}
    for act in (lambda: admitted(seat), lambda: take_in(seat)):
        with pytest.raises(Refused) as refusal:
            act()
        assert code(refusal) == ("room-not-in-order", "EA-25.1")
        assert "无可能影响考试的字迹" in refusal.value.message
    other = next(each for each in the_seats() if each.room_id != seat.room_id)
    opened(other, when(other))
    with pytest.raises(Conflict):
        rooms_checked(at, seat)
    rooms_checked(when(seat, -60), seat, room_ids=[seat.room_id])
    admitted(seat)
    assert list(RoomCheck.objects.filter(room=seat.room).values_list("number", "failed")) == [
        (1, ["writing", "clock"]),
        (2, []),
    ]


def test_room_found_bad_after_a_good_check_is_closed_again(at):
    seat = a_seat(at)
    rooms_checked(when(seat, -50), seat, faults=[fault(seat.room_id, "cameras", note="监控黑屏")])
    with pytest.raises(Refused) as refusal:
        opened(seat, when(seat, -20))
    assert refusal.value.code == "room-not-in-order"


def test_sheets_are_taken_in_by_the_check_made_before_the_unit_began(at):
    seat = an_unchecked_seat(at)
    rooms_checked(after(seat), seat, checked_at=when(seat, 1))
    with pytest.raises(Refused) as refusal:
        take_in(seat)
    assert refusal.value.code == "room-not-checked"
    used = {each.room_id for each in the_seats()}
    rooms_checked(after(seat), seat, room_ids=used, checked_at=when(seat, 0))
    take_in(seat)


def test_check_by_somebody_not_on_duty_at_the_site_is_refused(at):
    seat = an_unchecked_seat(at)
    with pytest.raises(Refused) as refusal:
        rooms_checked(at, seat, checker_id=a_person(at).pk)
    assert code(refusal) == ("checker-not-on-duty", "EA-A5.9")
    assert not RoomCheck.objects.exists()


def test_bad_rows_keep_all_out(at):
    seat = an_unchecked_seat(at)
    for more in (
        {"faults": [fault(0)]},
        {"room_ids": [0]},
        {"faults": [fault(seat.room_id, "smell")]},
        {"faults": [fault(seat.room_id, note=" ")]},
        {"faults": [fault(seat.room_id), fault(seat.room_id, "air")]},
        {"checked_at": at + timedelta(minutes=1)},
    ):
        with pytest.raises(BadInput):
            rooms_checked(at, seat, **more)
    with pytest.raises(NotFound):
        commands.record_room_checks(
            site_id=seat.room.site_id, sitting="2099-04", checked_at=at, checker_id=1, by=CHIEF, at=at
        )
    assert not RoomCheck.objects.exists()


@pytest.mark.parametrize("post", [Post.INVIGILATOR, Post.PROVINCE_CLERK, Post.COUNTY_CLERK])
def test_others_may_not_record_checks(at, post):
    seat = an_unchecked_seat(at)
    with pytest.raises(NotPermitted):
        rooms_checked(at, seat, by=clerk(post, "3201"))
    with pytest.raises(NotFound):
        rooms_checked(at, seat, by=area_clerk("3202"))


def test_the_database_changes_no_check(at):
    a_seat(at)
    for statement in ("UPDATE conduct_roomcheck SET failed = '[]'", "DELETE FROM conduct_roomcheck"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_whoever_looks_sees_how_many_rooms_of_each_site_wait(at):
    seat = an_unchecked_seat(at, candidates=50)
    used = len({each.room_id for each in the_seats()})
    (before,) = queries.sites_checked(area_clerk(), seat.unit.sitting)
    assert (before.used, before.good, before.failed, before.unchecked) == (used, 0, 0, used)
    rooms_checked(at, seat, faults=[fault(seat.room_id)])
    (found,) = queries.sites_checked(clerk(Post.EXAM_AFFAIRS_HEAD), seat.unit.sitting)
    assert (found.good, found.failed, found.unchecked) == (used - 1, 1, 0)
    assert queries.waiting_rooms(area_clerk(), seat.unit.sitting) == 1
    assert queries.sites_checked(area_clerk("3202"), seat.unit.sitting) == []
