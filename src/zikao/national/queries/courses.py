"""Which courses are national on a day: what the centre ever issued, and what it said since."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zikao.national.models import CourseNotice, IssuedTimetable
from zikao.national.queries.timetables import corrections_issued, current
from zikao.stages.programmes.states import TimetableData

NOTICE = "programmes.course-kind"


def national_courses(on: date) -> frozenset[str]:
    """The codes of all courses that the centre has ever issued, with what it said of courses until a day."""
    corrected = corrections_issued().values_list("body__slots", flat=True)
    bodies = [*IssuedTimetable.objects.values_list("body__slots", flat=True), *corrected]
    codes = {slot["course"] for slots in bodies for slot in slots}
    said = _said(on)
    return frozenset(code for code in codes | said.keys() if said.get(code, True))


def no_longer_national(on: date) -> frozenset[str]:
    """The courses of which the centre said that they are no longer national on a day."""
    return frozenset(code for code, national in _said(on).items() if not national)


def _said(on: date) -> dict[str, bool]:
    rows = CourseNotice.objects.filter(since__lte=on).order_by("since", "id")
    return dict(rows.values_list("course_code", "national"))


def first_day(data: TimetableData) -> date:
    """The day by which the kinds of courses of a sitting go: the first of its month."""
    year, month = data.year_and_month
    return date(year, month, 1)


def issued_since(course_code: str, since: date) -> str:
    """The first sitting from a day on in whose timetable, as it is now, the course stands; empty where none."""
    for code in IssuedTimetable.objects.order_by("sitting_code").values_list("sitting_code", flat=True):
        data = current(code)
        if data and first_day(data) >= since and course_code in {slot.course_code for slot in data.slots}:
            return code
    return ""


def notices() -> QuerySet[CourseNotice]:
    """Everything that the centre said of courses, the newest first."""
    return CourseNotice.objects.all()


def message_of(notice: CourseNotice) -> dict[str, object]:
    """A notice as it travels."""
    return {
        "reference": notice.pk,
        "course": notice.course_code,
        "name": notice.course_name,
        "national": notice.national,
        "since": notice.since.isoformat(),
        "document": notice.document,
    }
