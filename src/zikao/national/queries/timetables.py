"""Reading issued timetables and the provinces' filings."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from zikao.foundation.clock import local_day
from zikao.foundation.errors import NotFound
from zikao.foundation.exchange.models import Outbox, Peer
from zikao.foundation.provinces import node_title
from zikao.foundation.regulation import clause
from zikao.national.models import IssuedCorrection, IssuedTimetable, TimetableFiling
from zikao.national.states import IssuedCorrectionState
from zikao.stages.programmes.queries import changed_row
from zikao.stages.programmes.states import Change, TimetableData

ISSUE = "programmes.national-timetable"
CORRECTION = "programmes.national-timetable-correction"


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


def corrections_issued() -> QuerySet[IssuedCorrection]:
    """The corrections that were issued, each sitting's in their order."""
    return IssuedCorrection.objects.filter(state=IssuedCorrectionState.ISSUED).order_by("issued_id", "number")


def corrections_of(issued: IssuedTimetable) -> QuerySet[IssuedCorrection]:
    """All corrections of a timetable, the newest first; without their bodies."""
    return issued.corrections.defer("body").order_by("-number", "-id")


def correction(correction_id: int) -> IssuedCorrection:
    """One correction with its timetable; NotFound where there is none."""
    found = IssuedCorrection.objects.select_related("issued").filter(pk=correction_id).first()
    if found is None:
        raise NotFound("correction-not-found", facts={"correction": correction_id})
    return found


def current(sitting_code: str) -> TimetableData | None:
    """The centre's timetable of a sitting as its last correction leaves it; None where none is issued."""
    last = corrections_issued().filter(issued__sitting_code=sitting_code).last()
    body = last.body if last is not None else None
    body = body or IssuedTimetable.objects.filter(sitting_code=sitting_code).values_list("body", flat=True).first()
    return TimetableData.of_body(body) if body else None


def message_of(found: IssuedCorrection) -> dict[str, object]:
    """A correction as it travels; `found` has its timetable's sitting in its body."""
    return {"number": found.number, "reason": found.reason, "timetable": found.body}


def notice_of(found: IssuedCorrection) -> dict[str, object]:
    """What the notice of a correction (programmes/correction.typ) is made of."""
    return {
        "agency": node_title("national"),
        "number": f"{found.issued.sitting_code} 全国统考安排第{found.number}号更正",
        "sitting": f"{found.issued.sitting_code} 考次",
        "reason": found.reason,
        "changes": [changed_row(change) for change in changes_in(found)],
        "advice": [],
        "issued_on": local_day(found.ended_at or found.staged_at),
        "clauses": [clause("EA-22.1").chip],
    }


def changes_in(found: IssuedCorrection | TimetableFiling) -> list[Change]:
    """The rows that it changes."""
    return [Change(**row) for row in found.changes]


@dataclass(frozen=True)
class Delivered:
    """Where a correction is on its way to a node; `trouble` is what the node said when it did not take it."""

    node: str
    state: str
    trouble: str


def delivery_of(found: IssuedCorrection) -> list[Delivered]:
    """The last word of every node to which a correction was sent, in the order of codes."""
    sent = Outbox.objects.filter(kind=CORRECTION, sent_at__gte=found.staged_at).select_related("peer").order_by("id")
    rows = {}
    for row in sent:
        body = row.body
        if (body["timetable"]["sitting"], body["number"]) == (found.issued.sitting_code, found.number):
            answer = row.answer or {}
            trouble = f"{answer.get('message', '')}{answer.get('remedy', '')}" if row.state == "rejected" else ""
            rows[row.peer.code] = Delivered(row.peer.code, row.state, trouble)
    return [rows[code] for code in sorted(rows)]
