"""A backup or a drill asked for from a page: the queue does it."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.backups import queries, rules
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import WrongState
from zikao.foundation.jobs import working
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.states import ENDED
from zikao.portals.backups import policies

BACKUP, DRILL = "backups.make", "backups.drill"


@command(writes="backups.ordered", clauses=("SR-A1.11", "EA-A9.2.1.4b"), posts=policies.ORDERERS)
def order_backup(*, kind: str, key: str | None = None, by: Actor, at: datetime) -> Outcome[Work]:
    """Have a backup made now by the queue: full, incremental, or (empty) whichever is due.

    Source:  SR-A1.11, EA-A9.2.1.4b
    Writes:  backups.ordered
    Raises:  NotPermitted, Refused (a custody is missing), WrongState (one is under way)
    """
    rules.CUSTODIES_COMPLETE(on=local_day(at), missing=queries.missing_custodies()).require()
    return _ordered(BACKUP, "立即备份", {"kind": kind}, by, at)


@command(writes="backups.drill-ordered", clauses=("SR-A1.11",), posts=policies.DRILLERS)
def order_drill(*, custody: str, key: str | None = None, by: Actor, at: datetime) -> Outcome[Work]:
    """Have the newest backup of a custody (empty: of the one whose turn it is) restored into scratch and verified.

    Source:  SR-A1.11
    Writes:  backups.drill-ordered
    Raises:  NotPermitted, WrongState (no backup yet; one is under way)
    """
    if queries.newest_base() is None:
        raise WrongState("no-backup", message="还没有备份，无从演练。", remedy="请先执行一次备份。", clause="SR-A1.11")
    return _ordered(DRILL, "恢复演练", {"custody": custody}, by, at)


def _ordered(kind: str, title: str, given: dict[str, str], by: Actor, at: datetime) -> Outcome[Work]:
    if Work.objects.filter(kind=kind).exclude(state__in=ENDED).exists():
        raise WrongState(
            "backup-under-way", message=f"已有一次{title}正在进行。", remedy="进度在“我的 · 长时间任务”；请等它结束。"
        )
    work = working.order(kind=kind, title=title, total=1, given=given, agency_code=by.agency_code, by=by, at=at)
    return Outcome(work, facts=given)
