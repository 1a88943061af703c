"""The centre says which courses are national from a day on; what was held stays as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.factories import corrections as make
from tests.factories.actors import head, the_node
from tests.factories.programmes import (
    SITTING,
    a_drafted_timetable,
    a_published_timetable,
    a_sitting,
    the_timetable_file,
)
from zikao.foundation.errors import NotPermitted, Refused
from zikao.foundation.exchange.models import Outbox
from zikao.national import commands as national
from zikao.national.models import CourseNotice
from zikao.national.queries import courses as centre
from zikao.stages.programmes import commands, queries
from zikao.stages.programmes.models import Course, CourseKind, Paper
from zikao.stages.programmes.states import SlotData, TimetableData, UnitData

pytestmark = pytest.mark.django_db
NEXT = date(2027, 1, 1)


def said(at: datetime, course: str, name: str, since: date = NEXT, *, becomes: bool) -> Outbox:
    """The centre's word, on its way to the province."""
    make.the_issued_timetable(at)
    national.announce_course_kind(
        course_code=course, course_name=name, national=becomes, since=since, document="教考〔2026〕9号",
        by=make.an_officer(), at=at,
    )  # fmt: skip
    return Outbox.objects.filter(kind="programmes.course-kind").latest("id")


def in_april(course: str, name: str, *, as_national: bool) -> TimetableData:
    """A timetable of April 2027 with one course."""
    unit = UnitData(1, *(datetime.fromisoformat(f"2027-04-10T{time}:00+08:00") for time in ("09:00", "11:30")))
    return TimetableData("2027-04", (unit,), (SlotData(course, name, as_national, 1, ("050101",)),))


def test_course_is_no_longer_national_from_its_day_and_held_sittings_stay(at: datetime) -> None:
    a_published_timetable(at)
    name = Course.objects.get(code="15044").name
    message = said(at, "15044", name, becomes=False)
    make.delivered(message)
    assert make.delivered(message) is None
    assert CourseKind.objects.count() == 1
    course = Course.objects.get(code="15044")
    assert queries.kinds_on(date(2026, 12, 31)).is_national(course)
    assert not queries.kinds_on(NEXT).is_national(course)
    assert Paper.objects.get(course=course, sitting__code=SITTING).national
    a_sitting(at, 2027, 4)
    data = in_april("15044", name, as_national=False)
    commands.draft_timetable(data=data, by=head(), at=at)
    assert not Paper.objects.get(course=course, sitting__code="2027-04").national
    assert ("15044" in centre.national_courses(date(2026, 10, 1)), "15044" in centre.national_courses(NEXT)) == (
        True,
        False,
    )
    own = the_timetable_file().national_only.slots[0]
    with pytest.raises(Refused):
        national.issue_timetable(
            data=replace(data, slots=(replace(own, course_code="15044", unit_number=1),)), to=[], by=make.an_officer(),
            at=at,
        )  # fmt: skip


def test_course_becomes_national_and_the_province_no_longer_schedules_it(at: datetime) -> None:
    a_drafted_timetable(at)
    make.delivered(said(at, "00037", "美学", date(2027, 4, 1), becomes=True))
    assert not Paper.objects.get(course__code="00037").national
    a_sitting(at, 2027, 4)
    with pytest.raises(Refused) as refusal:
        commands.draft_timetable(data=in_april("00037", "美学", as_national=True), by=head(), at=at)
    assert refusal.value.clause == "EA-22.2"


def test_draft_that_stands_follows_and_late_provinces_hear_of_it(at: datetime) -> None:
    a_drafted_timetable(at)
    make.delivered(said(at, "00037", "美学", date(2026, 9, 1), becomes=True))
    assert Paper.objects.get(course__code="00037").national
    make.the_peer(at, "province:33")
    national.send_timetable_again(sitting_code=SITTING, to=["province:33"], by=make.an_officer(), at=at)
    assert Outbox.objects.filter(peer__code="province:33", kind="programmes.course-kind").count() == 1


def test_centre_alone_says_it_never_of_the_past_nor_of_what_it_has_issued(at: datetime) -> None:
    with pytest.raises(Refused) as past:
        said(at, "15044", "原理", at.date(), becomes=False)
    with pytest.raises(Refused) as issued:
        said(at, "15044", "原理", date(2026, 9, 1), becomes=False)
    with pytest.raises(Refused) as same:
        said(at, "15044", "原理", becomes=True)
    assert [each.value.findings[0].code for each in (past, issued, same)] == [
        "course-kind-backdated",
        "course-kind-issued",
        "course-kind-same",
    ]
    assert not CourseNotice.objects.exists()
    given = {"course_name": "原理", "national": False, "since": NEXT, "document": "x"}
    with pytest.raises(NotPermitted):
        national.announce_course_kind(course_code="15044", **given, by=head(), at=at)
    with pytest.raises(NotPermitted):
        commands.take_course_kind(
            reference=1, course_code="15044", name="原理", national=False, since=NEXT, document="x", by=head(), at=at
        )
    assert the_node().name
