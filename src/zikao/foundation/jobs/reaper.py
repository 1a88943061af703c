"""Takes back the jobs of workers that died: the queue itself never does."""

from __future__ import annotations

from datetime import UTC, datetime

from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app

WORKER_SILENT_SECONDS = 30.0


def reap(*, silent_seconds: float = WORKER_SILENT_SECONDS) -> list[int]:
    """Give every job of a worker that has been silent so long back to the queue; returns the job ids.

    Jobs whose worker row is gone altogether count as abandoned too.
    """
    # on this thread's own connection, which the caretaker renews: one hidden in another thread would stay broken
    taken = async_to_sync(_retry_stalled)(silent_seconds)
    return sorted({*taken, *_retry_orphans()})


async def _retry_stalled(silent_seconds: float) -> list[int]:
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_seconds))
    for job in stalled:
        await app.job_manager.retry_job(job)
    await app.job_manager.prune_stalled_workers(seconds_since_heartbeat=silent_seconds)
    return [job.id for job in stalled if job.id is not None]


def _retry_orphans() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id IS NULL")
        orphans = [row[0] for row in cursor.fetchall()]
    for job_id in orphans:
        # the queue runs on the machine's clock, never on a moved one
        app.job_manager.retry_job_by_id(job_id, retry_at=datetime.now(tz=UTC))
    return orphans
