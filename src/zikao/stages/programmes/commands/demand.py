"""Candidates counted by the queue, where they are too many to be counted while somebody waits."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import WrongState
from zikao.foundation.jobs import working
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.states import ENDED
from zikao.stages.programmes import policies, queries
from zikao.stages.programmes.models import DemandCount, Sitting

KIND = "programmes.count-demand"


@command(writes="programmes.demand-ordered", clauses=("EA-22.1",), posts=policies.VIEWERS)
def order_demand(*, sitting_code: str, key: str | None = None, by: Actor, at: datetime) -> Outcome[Work]:
    """Have the candidates counted whom the clashes of a timetable concern, below the reader's own agency.

    Source:  EA-22.1
    Writes:  programmes.demand-ordered
    Raises:  NotPermitted, NotFound, WrongState (being counted already)
    """
    sitting = queries.sitting(sitting_code)
    if _running(sitting, by.agency_code):
        raise WrongState(
            "demand-being-counted", message="正在统计，还没有完成。", remedy="请稍后刷新“时间冲突”页查看。"
        )
    work = ask_for_count(sitting, by, at)
    return Outcome(work, on=sitting, facts={"sitting": sitting_code, "work": work.pk})


def ask_for_count(sitting: Sitting, by: Actor, at: datetime) -> Work:
    """Queue a count; part of the commands that ask for one."""
    given, code = {"sitting": sitting.code}, by.agency_code
    return working.order(
        kind=KIND, title=f"{sitting} 冲突涉及人次", total=1, given=given, agency_code=code, by=by, at=at
    )


def _running(sitting: Sitting, agency_code: str) -> bool:
    works = Work.objects.filter(kind=KIND, agency_code=agency_code, given__sitting=sitting.code)
    return works.exclude(state__in=ENDED).exists()


@command(writes="programmes.demand-counted", clauses=("EA-22.1",), posts=policies.INBOX)
def keep_demand(
    *,
    sitting_code: str,
    agency_code: str,
    courses: str,
    demand: queries.Demand,
    key: str | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[DemandCount]:
    """Keep what the queue counted, in place of what was counted before.

    Source:  EA-22.1
    Writes:  programmes.demand-counted
    Raises:  NotPermitted, NotFound
    """
    made, _ = DemandCount.objects.update_or_create(
        sitting=queries.sitting(sitting_code),
        agency_code=agency_code,
        defaults={"courses": courses, "body": demand.plain(), "counted_at": at},
    )
    return Outcome(made, facts={"sitting": sitting_code, "count": sum(demand.registered.values())})
