"""The figures that the centre may ask for, each computed by one count over the province's own rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.states import IN_REGISTER
from zikao.stages.conduct.models import Attendance
from zikao.stages.entries.models import Entry
from zikao.stages.entries.states import EntryState
from zikao.stages.programmes.models import Paper
from zikao.stages.results.models import Score
from zikao.stages.seating.models import Seat
from zikao.stages.violations.models import Case

STANDING = (EntryState.ENTERED, EntryState.PAID)


@dataclass(frozen=True)
class Figure:
    """A figure of a sitting: its code, what it is called, in what it counts, and the count."""

    code: str
    title: str
    unit: str
    count: Callable[[str], int]


FIGURES: dict[str, Figure] = {
    each.code: each
    for each in (
        Figure("registered", "在籍考生", "人", lambda code: Candidate.objects.filter(state__in=IN_REGISTER).count()),
        Figure("courses", "开考课程", "门", lambda code: _papers(code).filter(majors__isnull=False).distinct().count()),
        Figure("candidates", "报考考生", "人", lambda code: _entries(code).values("candidate_id").distinct().count()),
        Figure("entries", "报考科次", "科次", lambda code: _entries(code).count()),
        Figure("paid", "缴费科次", "科次", lambda code: _entries(code).filter(state=EntryState.PAID).count()),
        Figure("sites", "启用考点", "个", lambda code: _seats(code).values("room__site_id").distinct().count()),
        Figure(
            "rooms",
            "考场场次",
            "场次",
            lambda code: _seats(code).values("room_id", "paper__unit_id").distinct().count(),
        ),
        Figure("present", "实考科次", "科次", lambda code: _attendances(code).filter(present=True).count()),
        Figure("absent", "缺考科次", "科次", lambda code: _attendances(code).filter(present=False).count()),
        Figure("cases", "违规案件", "件", lambda code: Case.objects.filter(entry__sitting__code=code).count()),
        Figure("scores", "有效成绩", "条", lambda code: _scores(code).count()),
        Figure("passes", "合格成绩", "条", lambda code: _scores(code).filter(passed=True).count()),
    )
}


def figures_of(codes: Iterable[str], sitting_code: str) -> dict[str, int]:
    """The figures of a sitting as they are now, by code; codes not known here are left out."""
    return {code: FIGURES[code].count(sitting_code) for code in codes if code in FIGURES}


def _papers(code: str) -> QuerySet[Paper]:
    return Paper.objects.filter(sitting__code=code)


def _entries(code: str) -> QuerySet[Entry]:
    return Entry.objects.filter(sitting__code=code, state__in=STANDING)


def _seats(code: str) -> QuerySet[Seat]:
    return Seat.objects.filter(paper__sitting__code=code)


def _attendances(code: str) -> QuerySet[Attendance]:
    return Attendance.objects.filter(seat__paper__sitting__code=code)


def _scores(code: str) -> QuerySet[Score]:
    return Score.objects.filter(sitting__code=code, superseded_by__isnull=True)
