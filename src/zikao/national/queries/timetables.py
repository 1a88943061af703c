"""Reading issued timetables and the provinces' filings."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from zikao.foundation.errors import NotFound
from zikao.foundation.exchange.models import Outbox, Peer
from zikao.national.models import IssuedTimetable, TimetableFiling
from zikao.stages.programmes.states import TimetableData

ISSUE = "programmes.national-timetable"


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


@dataclass(frozen=True)
class ProvinceRow:
    """A province and a timetable: whether it was delivered to it, and what became of its own."""

    province: str
    delivery: str
    filing: TimetableFiling | None


def provinces_of(issued: IssuedTimetable) -> list[ProvinceRow]:
    """Every province that the centre knows, in the order of codes."""
    sent = Outbox.objects.filter(kind=ISSUE, sent_at__gte=issued.issued_at).select_related("peer").order_by("id")
    states = {row.peer.code: row.state for row in sent if row.body.get("sitting") == issued.sitting_code}
    rows = filings().filter(sitting_code=issued.sitting_code).order_by("filed_at", "id")
    filed = {row.province: row for row in rows}
    codes = Peer.objects.filter(code__startswith="province:").order_by("code").values_list("code", flat=True)
    return [ProvinceRow(code, states.get(code, ""), filed.get(code.partition(":")[2])) for code in codes]


def rows_of(body: dict[str, object]) -> TimetableData:
    """A stored timetable as data."""
    return TimetableData.of_body(body)


def national_courses() -> frozenset[str]:
    """The codes of all courses that the centre has ever issued."""
    bodies = IssuedTimetable.objects.values_list("body__slots", flat=True)
    return frozenset(slot["course"] for slots in bodies for slot in slots)
