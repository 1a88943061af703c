"""Everything that pages would show of scores, held against the record by digest, differences by name (SR-A1.14).

The record is what was signed and filed: the rows of the filed lists, each list proven by its window's digest and by the
ledger's line. Later stages register what their own pages show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from zikao.foundation.clock import local_day
from zikao.foundation.commands import all_rows
from zikao.foundation.regulation import parameter
from zikao.stages.results.archive import LEAF
from zikao.stages.results.queries.scores import current_scores
from zikao.stages.results.states import PublicationState

NAMED = 200
COLUMNS = (
    "id", "candidate_id", "course_id", "sitting_label", "how", "standing", "value", "grade", "passed", "agency_code",
)  # fmt: skip
_NAMES = ", ".join(COLUMNS)
_TEXT = "concat_ws('|', {})".format(", ".join(f"coalesce({name}::text, '-')" for name in COLUMNS))
_RECORD = f"""
SELECT {", ".join(f"row.{name}" for name in COLUMNS)}
  FROM archive.staged row
  JOIN archive.filing_window held ON held.list_id = row.list_id AND held.kind = 'scores' AND held.number IS NOT NULL
 WHERE NOT EXISTS (SELECT FROM archive.staged later JOIN archive.filing_window after ON after.list_id = later.list_id
                     AND after.kind = 'scores' AND after.number IS NOT NULL WHERE later.supersedes_id = row.id)
   AND (row.sitting_id IS NULL OR EXISTS (SELECT FROM results_publication told
         WHERE told.sitting_id = row.sitting_id AND told.state = 'published'))
"""  # noqa: S608
_WINDOWS = f"""
SELECT held.number FROM archive.filing_window held
 WHERE held.kind = 'scores' AND held.number IS NOT NULL AND (
       held.digest IS DISTINCT FROM (SELECT sha256(string_agg({LEAF}, ''::bytea ORDER BY row.line))
                                       FROM archive.staged AS row WHERE row.list_id = held.list_id)
    OR NOT EXISTS (SELECT FROM ledger_line line
        WHERE line.subject = 'results.changelist:' || held.list_id AND line.command = 'results.filed'
          AND line.facts ->> 'window' = held.id::text AND line.facts ->> 'digest' = encode(held.digest, 'hex')
          AND line.facts ->> 'root' = encode(held.root, 'hex') AND line.facts ->> 'head' = encode(held.head, 'hex')))
 ORDER BY held.number
"""  # noqa: S608
_DIGESTS = f"""
SELECT left(agency_code, 4), count(*),
       encode(sha256(convert_to(string_agg({_TEXT}, E'\\n' ORDER BY id), 'UTF8')), 'hex')
  FROM ({{rows}}) AS told ({_NAMES}) GROUP BY 1 ORDER BY 1
"""  # noqa: S608

Rows = Callable[[], QuerySet[Any]]
Query = tuple[str, tuple[Any, ...]]
"""SQL and its values."""


@dataclass(frozen=True)
class Source:
    """What a kind of page shows. `passes`: it shows passes only; `whole`: and every one of them."""

    name: str
    title: str
    rows: Rows
    passes: bool = False
    whole: bool = True


@dataclass
class Compared:
    """One kind of page and the record: rows and digests of both, by prefecture, and what differs."""

    name: str
    title: str
    rows: int = 0
    shown_digest: str = ""
    record_digest: str = ""
    differences: list[dict[str, Any]] = field(default_factory=list)


_sources: dict[str, Source] = {}


def shows_scores(name: str, title: str, *, passes: bool = False, whole: bool = True) -> Callable[[Rows], Rows]:
    """Register what pages show: a function that gives values_list(*COLUMNS) of the rows they would show."""

    def keep(rows: Rows) -> Rows:
        _sources[name] = Source(name, title, rows, passes, whole)
        return rows

    return keep


@shows_scores("scores", "我的成绩、成绩通知单、考籍档案成绩栏")
def own_pages() -> QuerySet[Any]:
    """The published scores in force, by the query that the pages use."""
    told = Q(sitting__isnull=True) | Q(sitting__publication__state=PublicationState.PUBLISHED)
    return current_scores().filter(told).values_list(*COLUMNS)


def compare_all() -> tuple[list[Compared], list[dict[str, Any]]]:
    """Every kind of page against the record, and the filings that the record itself does not prove."""
    with all_rows("SR-A1.14：网上可见的全部成绩与考籍档案定期对照"), connection.cursor() as cursor:
        cursor.execute(_WINDOWS)
        unproven = [{"kind": "window", "number": number} for (number,) in cursor.fetchall()]
        return [_compare(source) for source in _sources.values()], unproven


def _compare(source: Source) -> Compared:
    shown: Query = source.rows().order_by().query.sql_with_params()
    record = _record_for(source, shown)
    here, there = _digests(shown), _digests(record)
    found = Compared(source.name, source.title, sum(count for count, _ in here.values()), _one(here), _one(there))
    for part in sorted(here.keys() | there.keys()):
        if here.get(part) != there.get(part):
            found.differences += _named(shown, record, part, NAMED - len(found.differences))
    return found


def _record_for(source: Source, shown: Query) -> Query:
    record = f"SELECT {_NAMES} FROM ({_RECORD}) filed WHERE passed" if source.passes else _RECORD  # noqa: S608
    if source.whole:
        return record, ()
    # what nobody printed yet is not missed
    return f"SELECT * FROM ({record}) held WHERE id IN (SELECT id FROM ({shown[0]}) AS told ({_NAMES}))", shown[1]  # noqa: S608


def _digests(rows: Query) -> dict[str, tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_DIGESTS.format(rows=rows[0]), rows[1] or None)
        return {part: (count, digest) for part, count, digest in cursor.fetchall()}


def _one(parts: dict[str, tuple[int, str]]) -> str:
    return sha256("\n".join(f"{part} {count} {digest}" for part, (count, digest) in parts.items()).encode()).hexdigest()


def _named(shown: Query, record: Query, part: str, room: int) -> Iterator[dict[str, Any]]:
    for kind, (one, mine), (two, theirs) in (("shown", shown, record), ("record", record, shown)):
        query = (
            f"SELECT id, candidate_id FROM (SELECT * FROM ({one}) AS one ({_NAMES})"  # noqa: S608
            f" EXCEPT SELECT * FROM ({two}) AS two ({_NAMES})) differing"
            " WHERE left(agency_code, 4) = %s ORDER BY id LIMIT %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(query, [*mine, *theirs, part, max(room, 0)])
            for score, candidate in cursor.fetchall():
                yield {"kind": kind, "score": score, "candidate": candidate, "part": part}


def comparison_time(name: str, at: datetime) -> timedelta:
    """A dated parameter of the comparison, in minutes."""
    return timedelta(minutes=int(parameter(name).on(local_day(at))))
