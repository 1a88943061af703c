"""Whether somebody may collect or process scores here and now: one question to the database."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.regulation import Decision, all_of, parameter
from zikao.foundation.secrecy.registers import has_interest
from zikao.stages.collecting import rules
from zikao.stages.collecting.models import Worker
from zikao.stages.collecting.states import WORKING_POSTS, RoundState, Work, WorkerState

POSTS = [post.value for post in sorted(WORKING_POSTS)]

# The round in which the person is signed in, else one of which they are a worker, else the latest.
_HERE = """
SELECT held.id AS round_id, held.sitting_id, held.state, held.begins_at, held.ends_at,
       sitting.code AS sitting_code,
       worker.id AS worker_id, worker.state AS worker_state, worker.topics, worker.filed_on, worker.pledge_signed_at,
       here.session_id, here.held_in, here.doing, here.present
  FROM collecting_round held
  LEFT JOIN programmes_sitting sitting ON sitting.id = held.sitting_id
  LEFT JOIN collecting_worker worker ON worker.round_id = held.id AND worker.account_id = %(who)s
  LEFT JOIN collecting_here(%(who)s, %(day)s, %(posts)s, %(most)s, %(hold)s) here ON true
 WHERE held.purpose = %(purpose)s AND held.agency_code = %(agency)s AND held.state IN ('drafted', 'confirmed')
   AND (%(sitting)s::bigint IS NULL OR held.sitting_id = %(sitting)s)
 ORDER BY (here.held_in IS NOT NULL AND here.held_in = held.id) DESC, (worker.id IS NOT NULL) DESC, held.id DESC
 LIMIT 1
"""


class _Row(NamedTuple):
    round_id: int
    sitting_id: int | None
    state: str
    begins_at: datetime
    ends_at: datetime
    sitting_code: str | None
    worker_id: int | None
    worker_state: str | None
    topics: str | None
    filed_on: date | None
    pledge_signed_at: datetime | None
    session_id: int | None
    held_in: int | None
    doing: str | None
    present: int | None


@dataclass(frozen=True)
class AtWork:
    """How somebody stands at a kind of work: what the law says, and in which round and session they are."""

    decision: Decision
    work: Work
    round_id: int | None = None
    sitting_id: int | None = None
    worker_id: int | None = None
    worker_state: str | None = None
    session_id: int | None = None
    present: int = 0
    needed: int = 0

    def require(self) -> AtWork:
        """This, where the law allows it. Raises Refused."""
        self.decision.require()
        return self


def at_work(
    work: Work, by: Actor, at: datetime, *, sitting_id: int | None = None, hold: bool = False, most: int | None = None
) -> AtWork:
    """How `by` stands at the work, of a sitting or of any: the set time, the person, the place, the people present.

    `hold`: nobody leaves the session, and it does not end, until the transaction is over. `present` is counted up to
    `most`, by default the number that is needed.
    """
    day, province = local_day(at), by.agency_code[:2]
    needed = int(parameter("collection-people-present").on(day, province=province or None))
    asked = {
        "who": by.account_id, "day": day, "posts": POSTS, "most": most or needed, "hold": hold,
        "purpose": work.purpose.value, "agency": province, "sitting": sitting_id,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_HERE, asked)
        found = cursor.fetchone()
    if found is None:
        return AtWork(_set_time(None, at), work, needed=needed)
    row = _Row(*found)
    stands = AtWork(
        _set_time(row, at), work, row.round_id, row.sitting_id, row.worker_id, row.worker_state, needed=needed
    )
    if row.state != RoundState.CONFIRMED:
        return stands
    here = row.session_id is not None and (row.held_in, row.doing) == (row.round_id, work.value)
    elsewhere = "" if here or row.session_id is None else str(Work(row.doing or "").label)
    present = rules.PRESENCE(
        on=day, work=str(work.label), in_session=here, elsewhere=elsewhere, present=row.present or 0, province=province
    )
    decision = all_of(stands.decision, _may_work(row, by, day), present)
    return replace(
        stands, decision=decision, session_id=row.session_id if here else None, present=row.present or 0 if here else 0
    )


def may_work_here(work: Work, by: Actor, at: datetime, *, sitting_id: int | None = None) -> Decision:
    """What a page says of an act that collects or processes; the command asks again, and holds the session."""
    return at_work(work, by, at, sitting_id=sitting_id).decision


def require_at_work(work: Work, by: Actor, at: datetime, *, sitting_id: int | None = None) -> AtWork:
    """Within a command: the session in which `by` works, held until the command is over. Raises Refused.

    Source:  SR-A1.3, SR-A1.4, SR-A1.5
    """
    return at_work(work, by, at, sitting_id=sitting_id, hold=True).require()


def may_work(worker: Worker | None, on: date, *, interest: bool = False) -> Decision:
    """Whether the person may start to work; `interest`: somebody of their family sits, or another interest stands."""
    return rules.MAY_WORK(
        on=on,
        vetted=worker is not None,
        topics=tuple(worker.topics) if worker else (),
        filed=worker is not None and worker.filed_on is not None,
        pledged=worker is not None and worker.pledge_signed_at is not None,
        recused=interest or (worker is not None and worker.state == WorkerState.RECUSED),
    )


def _may_work(row: _Row, by: Actor, on: date) -> Decision:
    interest = row.sitting_code is not None and has_interest(by, row.sitting_code, on)
    worker = None
    if row.worker_id is not None:
        worker = Worker(
            state=row.worker_state or "",
            topics=json.loads(row.topics or "[]"),
            filed_on=row.filed_on,
            pledge_signed_at=row.pledge_signed_at,
        )
    return may_work(worker, on, interest=interest)


def _set_time(row: _Row | None, at: datetime) -> Decision:
    return rules.SET_TIME(
        on=local_day(at),
        confirmed=row is not None and row.state == RoundState.CONFIRMED,
        begins_at=row.begins_at if row else None,
        ends_at=row.ends_at if row else None,
        moment=at,
    )
