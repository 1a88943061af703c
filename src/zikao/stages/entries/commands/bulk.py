"""Many wishes at once, judged by the same law in one statement; the agreement with the rules is tested."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import sm3
from zikao.foundation.errors import Conflict
from zikao.foundation.regulation import Decision
from zikao.stages.candidates.commands.file import pledge_digest
from zikao.stages.entries import policies, queries
from zikao.stages.entries.commands.holding import held_until
from zikao.stages.entries.commands.locks import window_shared
from zikao.stages.entries.models import EntryWindow
from zikao.stages.entries.rules import FEE, WINDOW
from zikao.stages.entries.states import BulkEntered, EntryRow, RefusedRow

_ENTERED = """,
made AS (
    INSERT INTO entries_entry
        (candidate_id, sitting_id, paper_id, unit_id, area_code, agency_code, state, fee_fen, held_until, entered_at)
    SELECT candidate_id, %(sitting)s, paper_id, unit_id, area_code, agency_code, 'entered', %(fee)s, %(until)s, %(at)s
    FROM told WHERE code IS NULL ORDER BY n
    RETURNING candidate_id
),
pledged AS (
    INSERT INTO candidates_pledge (candidate_id, sitting_id, text_digest, accepted_at)
    SELECT DISTINCT candidate_id, %(sitting)s, %(pledge)s, %(at)s FROM told WHERE code IS NULL AND pledges
    ON CONFLICT DO NOTHING
),
ended AS (
    UPDATE entries_order SET state = 'cancelled'
    WHERE sitting_id = %(sitting)s AND state IN ('pending', 'confirming')
        AND candidate_id IN (SELECT candidate_id FROM made)
)
SELECT 0 AS n, count(*) AS candidate_id, NULL::bigint AS paper_id, NULL AS code FROM made
UNION ALL SELECT n, candidate_id, paper_id, code FROM told WHERE code IS NOT NULL
ORDER BY 1
"""
_ENTER = queries.JUDGED + _ENTERED


@command(writes="entries.entered-in-bulk", clauses=("EA-12.3", "EA-13.2", "EA-26.1"), posts=policies.BULK_ENTERERS)
def enter_many(
    *, rows: Sequence[EntryRow], sitting_code: str, key: str | None = None, by: Actor, at: datetime
) -> Outcome[BulkEntered]:
    """Enter many wishes; those that the law refuses are named one by one, the others stand.

    Who hands in a list vouches for the pledges that it names; they are recorded with the entries. Orders of these
    candidates that were open are cancelled: they no longer say what is owed.

    Source:  EA-12.3, EA-13.2, EA-26.1
    Writes:  entries.entered-in-bulk
    Raises:  NotPermitted, NotFound (window), WrongState (frozen), Refused (window), Conflict
    """
    window = window_shared(sitting_code)
    policies.check_window_open(window)
    may_enter_lists(window, by, at).require()
    try:
        with connection.cursor() as cursor:
            cursor.execute(_ENTER, {**queries.facts_of(rows, window, by, at), **_terms(window, at)})
            (_, entered, _, _), *refused = cursor.fetchall()
    except IntegrityError as error:
        raise Conflict("entered-meanwhile", message="有课程刚刚已经报过。", remedy="请重新导入。") from error
    done = BulkEntered(entered, tuple(RefusedRow(person, paper, code) for _, person, paper, code in refused))
    digest = sm3("\n".join(f"{r.candidate_id},{r.paper_id},{r.area_code}" for r in rows).encode()).hex()
    facts = {"wishes": len(rows), "entered": entered, "refused": len(refused), "digest": digest}
    return Outcome(done, on=f"sitting:{sitting_code}", facts=facts)


def may_enter_lists(window: EntryWindow, by: Actor, at: datetime) -> Decision:
    """What the law says to anybody's list being entered now: the time and the way."""
    ways, period = policies.ways_of(window), {"opens_at": window.opens_at, "closes_at": window.closes_at}
    return WINDOW(on=local_day(at), at=at, way=policies.way_of(by), ways=ways, **period)


def _terms(window: EntryWindow, at: datetime) -> dict[str, Any]:
    """The fee of a course, until when its place is kept, and the text that was signed."""
    return {
        "at": at,
        "fee": FEE(on=local_day(at), province=settings.ZIKAO_NODE_CODE),
        "until": held_until(window, at, is_online=False),
        "pledge": pledge_digest(at),
    }
