"""The entries that a correction of the timetable touches."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.stages.entries.models import Entry, EntryList
from zikao.stages.entries.queries.entering import STANDING, entries
from zikao.stages.entries.states import EntryState
from zikao.stages.programmes.entered import Aftermath, Foreseen

_CLASHING = """
WITH moved AS (SELECT * FROM unnest(%(papers)s::bigint[], %(units)s::bigint[]) AS m(paper_id, unit_id)),
came AS (
    SELECT e.id, e.candidate_id, m.unit_id FROM entries_entry e JOIN moved m ON m.paper_id = e.paper_id
    WHERE e.sitting_id = %(sitting)s AND e.state IN ('entered', 'paid')
)
SELECT count(DISTINCT c.candidate_id) FROM came c
JOIN entries_entry o ON o.candidate_id = c.candidate_id AND o.sitting_id = %(sitting)s AND o.id <> c.id
    AND o.state IN ('entered', 'paid') AND o.paper_id <> ALL(%(dropped)s::bigint[])
LEFT JOIN moved n ON n.paper_id = o.paper_id
WHERE coalesce(n.unit_id, o.unit_id) = c.unit_id
"""


def foresee_correction(sitting_id: int, aftermath: Aftermath) -> Foreseen:
    """The entries of a sitting that a correction touches; those on a frozen list are what forbids it."""
    standing = Entry.objects.filter(sitting_id=sitting_id, state__in=STANDING)
    gone, moved = no_longer_held(standing, aftermath), standing.filter(paper_id__in=aftermath.was_at)
    if EntryList.objects.filter(sitting_id=sitting_id).exists():
        touched = standing.filter(Q(pk__in=gone.values("pk")) | Q(pk__in=moved.values("pk")))
        return Foreseen(listed=touched.filter(state=EntryState.PAID).count())
    return Foreseen(retimed=moved.count(), withdrawn=gone.count(), clashing=_clashing(sitting_id, aftermath))


def no_longer_held(standing: QuerySet[Entry], aftermath: Aftermath) -> QuerySet[Entry]:
    """The entries of courses that a correction drops, or no longer offers to the candidate's major."""
    chosen = Q(paper_id__in=aftermath.dropped)
    for paper, major in aftermath.narrowed:
        chosen |= Q(paper_id=paper, candidate__major_id=major)
    return standing.filter(chosen)


def _clashing(sitting_id: int, aftermath: Aftermath) -> int:
    if not aftermath.moved:
        return 0
    given: dict[str, Any] = {
        "sitting": sitting_id,
        "papers": list(aftermath.moved),
        "units": list(aftermath.moved.values()),
        "dropped": list(aftermath.dropped),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLASHING, given)
        return int(cursor.fetchone()[0])


def corrected_entries(actor: Actor) -> QuerySet[Entry]:
    """The standing entries whose time a correction has changed, in the actor's subtree."""
    return entries(actor).filter(state__in=STANDING).exclude(was_at="")


def clashing_entries(actor: Actor) -> QuerySet[Entry]:
    """Of these, those that clash with another course, as long as the list is not frozen."""
    frozen = EntryList.objects.filter(sitting_id=OuterRef("sitting_id"))
    return entries(actor).filter(~Exists(frozen), state__in=STANDING, clashing=True)


def is_corrected(entry: Entry) -> bool:
    """Whether a correction changed this entry's time, or put another of the candidate's courses at its time."""
    if entry.was_at or entry.clashing:
        return True
    same = Entry.objects.filter(candidate_id=entry.candidate_id, unit_id=entry.unit_id, state__in=STANDING)
    return same.filter(clashing=True).exists()


def clashes_among(rows: Collection[Entry]) -> frozenset[tuple[int, int]]:
    """The (sitting, unit) in which a candidate's own entries clash."""
    standing = [row for row in rows if row.state in STANDING]
    return frozenset((row.sitting_id, row.unit_id) for row in standing if row.clashing)
