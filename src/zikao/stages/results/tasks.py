"""What pages show of scores compared with the record: ordered so often, done by the queue, the verdict kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from zikao.foundation import clock
from zikao.foundation.actors import node_actor
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.states import ENDED
from zikao.foundation.jobs.working import Progress, Result, long_work
from zikao.stages.results import queries
from zikao.stages.results.commands.comparing import KIND, keep_comparison, order_comparison
from zikao.stages.results.models import Comparison, Publication
from zikao.stages.results.states import PublicationState


@long_work(KIND)
def compare(work: Work, progress: Progress) -> Result:
    """Compare, and keep the verdict once for this work."""
    began = clock.now()
    compared, differences = queries.compare_all()
    sources: list[dict[str, Any]] = []
    for each in compared:
        plain = asdict(each)
        differences += [{**found, "source": each.name} for found in plain.pop("differences")]
        sources.append(plain)
    progress.add()
    keep_comparison(
        started_at=began,
        sources=sources,
        differences=differences,
        asked_by=work.account_id,
        work_id=work.pk,
        key=f"comparison:{work.pk}",
        by=node_actor(),
        at=clock.now(),
    )
    return Result(summary={"rows": sum(each.rows for each in compared), "differences": len(differences)})


def compare_from_time_to_time() -> bool:
    """Order a comparison when the last one is too old; before anything is published there is nothing to compare."""
    at = clock.now()
    last = Comparison.objects.order_by("-id").first()
    if last is not None and at - last.ended_at < queries.comparison_time("score-comparison-every", at):
        return False
    if not Publication.objects.filter(state=PublicationState.PUBLISHED).exists():
        return False
    if Work.objects.filter(kind=KIND).exclude(state__in=ENDED).exists():
        return False
    order_comparison(by=node_actor(), at=at)
    return True
