"""The long work of a rotation: batch after batch, each its own transaction; begun again it goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings

from zikao.foundation import clock
from zikao.foundation.actors import node_actor
from zikao.foundation.custody import uses
from zikao.foundation.custody.commands import REINDEX, RESEAL, reindex_batch, reseal_batch
from zikao.foundation.custody.reindexing import indexed_fields
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.working import Progress, Result, long_work
from zikao.foundation.secrecy import sealed_fields

Told = Callable[[str, int], object]


def reseal_everything(told: Told = lambda field, count: None) -> dict[str, int]:
    """Seal every column and file with the newest data key; returns how many were sealed, and how many are broken."""
    return _everything(reseal_batch, [*(field.name for field in sealed_fields()), uses.FILES], told)


def reindex_everything(told: Told = lambda field, count: None) -> dict[str, int]:
    """Write every index under the newest index key; returns how many were written, and how many are broken."""
    return _everything(reindex_batch, [field.name for field in indexed_fields()], told)


def _everything(command: Callable[..., object], names: Sequence[str], told: Told) -> dict[str, int]:
    by, counts = node_actor(settings.ZIKAO_NODE_CODE), {"sealed": 0, "broken": 0}
    for name in names:
        after: int | None = 0
        while after is not None:
            batch = command(field=name, after=after, by=by, at=clock.now()).value  # type: ignore[attr-defined]
            counts["sealed"] += batch.sealed
            counts["broken"] += batch.broken
            told(name, batch.sealed + batch.broken)
            after = batch.last_id
    return counts


@long_work(RESEAL)
def reseal(work: Work, progress: Progress) -> Result:
    """Everything sealed anew."""
    return Result(summary=reseal_everything(lambda name, count: progress.add(count)))


@long_work(REINDEX)
def reindex(work: Work, progress: Progress) -> Result:
    """Every index written anew."""
    return Result(summary=reindex_everything(lambda name, count: progress.add(count)))
