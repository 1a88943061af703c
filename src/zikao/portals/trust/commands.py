"""Long work about trust, asked for from a page or by the node's own rota."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import WrongState
from zikao.foundation.jobs import working
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.states import ENDED
from zikao.foundation.ledger.models import Batch

KIND = "trust.verify"


@command(
    writes="trust.verification-ordered",
    clauses=("SR-A1.10b", "EA-49.1"),
    posts={Post.AUDITOR, Post.NODE},
)
def order_verification(*, key: str | None = None, by: Actor, at: datetime) -> Outcome[Work]:
    """Have the whole ledger verified by the queue; the verdict is kept.

    Source:  SR-A1.10b, EA-49.1
    Writes:  trust.verification-ordered
    Raises:  NotPermitted, WrongState (one is under way)
    """
    if Work.objects.filter(kind=KIND).exclude(state__in=ENDED).exists():
        raise WrongState(
            "verification-under-way",
            message="已有一次核验正在进行。",
            remedy="请等它结束；进度在“我的 · 长时间任务”或核验记录里。",
        )
    last = Batch.objects.order_by("-id").first()
    total = last.tree_size if last else 0
    work = working.order(
        kind=KIND,
        title="账本核验",
        total=total,
        given={},
        agency_code=by.agency_code,
        by=by,
        at=at,
    )
    return Outcome(work, facts={"leaves": total})
