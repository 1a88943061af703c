"""A county's notices wanted on paper: long work, done by the queue."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import NotFound, WrongState
from zikao.foundation.jobs import working
from zikao.foundation.jobs.models import Work
from zikao.stages.seating import policies, queries
from zikao.stages.seating.states import DrawState

KIND = "seating.notices"


@command(writes="seating.notices-ordered", clauses=("EA-16",), posts=policies.PRINTERS)
def order_notices(*, sitting_code: str, county_code: str, key: str, by: Actor, at: datetime) -> Outcome[Work]:
    """Have all notices of a county prepared for printing; the file waits with the work that this makes.

    Source:  EA-16
    Writes:  seating.notices-ordered
    Raises:  NotPermitted, NotFound (county outside the subtree, or without seats), WrongState (not issued)
    """
    draw = queries.draw_of(sitting_code)
    if draw.state != DrawState.ISSUED:
        raise WrongState("notices-not-issued", message="考试通知单还没有发放。", remedy="请在发放后再打印。")
    names = {county.code: county.name for county in queries.counties_with_notices(by, sitting_code)}
    if county_code not in names:
        raise NotFound("county-not-found", facts={"county": county_code}, message="该县区没有需要打印的通知单。")
    total = queries.notice_count(sitting_code, county_code)
    work = working.order(
        kind=KIND,
        title=f"{sitting_code} 考试通知单　{names[county_code]}",
        total=total,
        given={"sitting": sitting_code, "county": county_code},
        agency_code=county_code,
        by=by,
        at=at,
    )
    return Outcome(work, facts={"sitting": sitting_code, "county": county_code, "notices": total})
