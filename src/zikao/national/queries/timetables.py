"""Reading issued timetables and the provinces' filings."""

from __future__ import annotations

from django.db.models import QuerySet

from zikao.foundation.errors import NotFound
from zikao.national.models import IssuedTimetable, TimetableFiling
from zikao.stages.programmes.states import TimetableData


def filings() -> QuerySet[TimetableFiling]:
    """The timetables that provinces have filed, the latest first; without their bodies."""
    return TimetableFiling.objects.defer("body")


def filing(filing_id: int) -> TimetableFiling:
    """One filing; NotFound where there is none."""
    found = TimetableFiling.objects.filter(pk=filing_id).first()
    if found is None:
        raise NotFound("filing-not-found", facts={"filing": filing_id})
    return found


def issued_timetables() -> QuerySet[IssuedTimetable]:
    """The centre's own timetables, the latest sitting first."""
    return IssuedTimetable.objects.order_by("-sitting_code")


def issued_timetable(sitting_code: str) -> IssuedTimetable:
    """The centre's timetable of a sitting; NotFound where none is issued."""
    found = IssuedTimetable.objects.filter(sitting_code=sitting_code).first()
    if found is None:
        raise NotFound("timetable-not-issued", facts={"sitting": sitting_code})
    return found


def rows_of(body: dict[str, object]) -> TimetableData:
    """A stored timetable as data."""
    return TimetableData.of_body(body)


def national_courses() -> frozenset[str]:
    """The codes of all courses that the centre has ever issued."""
    bodies = IssuedTimetable.objects.values_list("body__slots", flat=True)
    return frozenset(slot["course"] for slots in bodies for slot in slots)
