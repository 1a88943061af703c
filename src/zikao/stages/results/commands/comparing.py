"""What pages show of scores, compared with the record from time to time or on demand; the verdict is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import WrongState
from zikao.foundation.jobs import working
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.states import ENDED
from zikao.stages.results import policies
from zikao.stages.results.models import Comparison

KIND = "results.compare"
KEPT = 200


@command(writes="results.comparison-ordered", clauses=("SR-A1.14",), posts=policies.COMPARERS)
def order_comparison(*, key: str | None = None, by: Actor, at: datetime) -> Outcome[Work]:
    """Have everything that pages show of scores compared with the record, by the queue.

    Source:  SR-A1.14
    Writes:  results.comparison-ordered
    Raises:  NotPermitted, WrongState (one is under way)
    """
    if Work.objects.filter(kind=KIND).exclude(state__in=ENDED).exists():
        raise WrongState(
            "comparison-under-way",
            message="已有一次对照正在进行。",
            remedy="请等它结束；进度在“我的 · 长时间任务”里。",
            clause="SR-A1.14",
        )
    title, code = "网上成绩与考籍档案对照", by.agency_code
    work = working.order(kind=KIND, title=title, total=1, given={}, agency_code=code, by=by, at=at)
    return Outcome(work, facts={"work": work.pk})


@command(writes="results.compared", clauses=("SR-A1.14",), posts={Post.NODE})
def keep_comparison(
    *,
    started_at: datetime,
    sources: Sequence[Mapping[str, Any]],
    differences: Sequence[Mapping[str, Any]],
    asked_by: int | None = None,
    work_id: int | None = None,
    key: str | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[Comparison]:
    """Keep the verdict of a comparison: rows and digests of each kind of page, and what differs.

    Source:  SR-A1.14
    Writes:  results.compared
    Raises:  NotPermitted
    """
    made = Comparison.objects.create(
        started_at=started_at,
        ended_at=at,
        holds=not differences,
        rows=sum(each["rows"] for each in sources),
        sources=[dict(each) for each in sources],
        difference_count=len(differences),
        differences=[dict(each) for each in differences[:KEPT]],
        account_id=asked_by,
        work_id=work_id,
    )
    digests = {each["name"]: each["shown_digest"] for each in sources}
    facts = {"holds": made.holds, "rows": made.rows, "differences": len(differences), "digests": digests}
    return Outcome(made, facts=facts)
