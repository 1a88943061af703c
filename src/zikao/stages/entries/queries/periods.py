"""The periods of a window, and to which categories a candidate belongs."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from zikao.foundation.clock import local_day
from zikao.stages.candidates import queries as candidates
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.states import Granted
from zikao.stages.entries.models import EntryWindow
from zikao.stages.entries.states import Category, PeriodFacts, ways


def periods_of(window: EntryWindow) -> tuple[PeriodFacts, ...]:
    """The periods of a window as the law asks for them; none where the window is for all."""
    return tuple(
        PeriodFacts(
            title=each.title,
            categories=frozenset(each.categories),
            ways=ways(online=each.online, on_site=each.on_site),
            opens_at=each.opens_at,
            closes_at=each.closes_at,
        )
        for each in window.periods.all()
    )


def categories_of(candidate: Candidate, window: EntryWindow, at: datetime) -> frozenset[str]:
    """The categories of a candidate for a sitting."""
    found = {Category.FIRST_TIME if candidate.first_sitting_id == window.sitting_id else Category.CONTINUING}
    if settings.ZIKAO_NODE_KIND == "military":
        found.add(Category.MILITARY)
    if accommodation(candidate.pk, at) is not None:
        found.add(Category.ASSISTED)
    return frozenset(each.value for each in found)


def accommodation(candidate_id: int, at: datetime) -> Granted | None:
    """What was granted to the candidate (EA-52), or None."""
    return candidates.accommodation_of(candidate_id, local_day(at))


def categories_open(window: EntryWindow, way: str, at: datetime) -> frozenset[str] | None:
    """The categories that may enter now in this way; None where everybody may."""
    periods = periods_of(window)
    now = [each for each in periods if way in each.ways and each.opens_at <= at < each.closes_at]
    if not periods or any(not each.categories for each in now):
        return None
    return frozenset(category for each in now for category in each.categories)


def periods_for(candidate: Candidate, window: EntryWindow, at: datetime) -> list[PeriodFacts]:
    """The periods of a window that are for this candidate, in order."""
    mine = categories_of(candidate, window, at)
    return [each for each in periods_of(window) if not each.categories or each.categories & mine]
