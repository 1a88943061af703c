"""Long work from its order to its end.

In a command:

    work = order(kind="seating.notices", title="2026-10 考试通知单", total=1234, given={...}, by=by, at=at)

In a stage's tasks.py (found by the queue in every installed app):

    @long_work("seating.notices")
    def print_notices(work: Work, progress: Progress) -> Result:
        for each in ...:
            progress.add()
        return Result(zip_bytes, "notices.zip", "application/zip", {"notices": n})

A worker may die at any moment, and the job is then done again from the start: so the function must be idempotent. It
sees its work's `total` and `given`; the end is written once, whoever comes second finds it written.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import close_old_connections
from procrastinate.contrib.django import app

from zikao.foundation import clock, storage
from zikao.foundation.actors import Actor, node_actor
from zikao.foundation.commands import rows_of
from zikao.foundation.errors import ZikaoError
from zikao.foundation.jobs.commands import fail_work, finish_work
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.states import ENDED, WorkState

WRITE_EVERY = 50
UNEXPECTED = "处理中出现意外，已记入日志。请把任务编号告诉系统管理员。"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """What came of the work: a file to keep (None: no file), and counts that add up."""

    content: bytes | None = None
    name: str = ""
    media_type: str = ""
    summary: Mapping[str, int] = field(default_factory=dict)


class Progress:
    """Counts what is done, and writes it down every fifty."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._done = self._written = 0

    def add(self, count: int = 1) -> None:
        """So many more are done."""
        self._done += count
        if self._done - self._written >= WRITE_EVERY:
            self._written = min(self._done, self._work.total)
            Work.objects.filter(pk=self._work.pk, state=WorkState.RUNNING).update(done=self._written)


def order(
    *, kind: str, title: str, total: int, given: Mapping[str, Any], agency_code: str, by: Actor, at: datetime
) -> Work:
    """Record a piece of long work and queue its job, both in the transaction of the command that asks for it."""
    work = Work.objects.create(
        kind=kind,
        title=title,
        total=total,
        given=dict(given),
        agency_code=agency_code,
        account_id=by.account_id,
        post=by.post,
        queued_at=at,
    )
    app.configure_task(kind).defer(work_id=work.pk)
    return work


def long_work(kind: str) -> Callable[[Callable[[Work, Progress], Result]], Callable[..., None]]:
    """Make a function the task that does work of this kind."""

    def decorate(do: Callable[[Work, Progress], Result]) -> Callable[..., None]:
        @functools.wraps(do)
        def run(work_id: int) -> None:
            _run(do, work_id)

        @app.task(name=kind)  # type: ignore[untyped-decorator]
        def job(work_id: int) -> None:
            close_old_connections()  # a worker lives for weeks, a connection may not
            run(work_id)

        return run

    return decorate


def _run(do: Callable[[Work, Progress], Result], work_id: int) -> None:
    work = Work.objects.get(pk=work_id)
    if work.state in ENDED:
        return
    began = work.started_at or clock.now()
    # done starts again with the work: the worker before may have died in the middle
    Work.objects.filter(pk=work_id).exclude(state__in=ENDED).update(state=WorkState.RUNNING, started_at=began, done=0)
    try:
        with rows_of(node_actor(work.agency_code)):  # the work sees what its agency sees
            result = do(work, Progress(work))
    except ZikaoError as error:
        _fail(work, f"{error.message}{error.remedy}", error.code)
    except Exception:
        log.exception("work %s (%s) failed", work.pk, work.kind)
        _fail(work, UNEXPECTED, "unexpected")
        raise
    else:
        _finish(work, result)


def _finish(work: Work, result: Result) -> None:
    at = clock.now()
    digest = storage.put(result.content, media_type=result.media_type, at=at) if result.content is not None else ""
    finish_work(
        work_id=work.pk,
        result=digest,
        result_name=result.name,
        media_type=result.media_type,
        summary=result.summary,
        key=f"work:{work.pk}:done",
        by=node_actor(),
        at=at,
    )


def _fail(work: Work, trouble: str, code: str) -> None:
    key = f"work:{work.pk}:failed"
    fail_work(work_id=work.pk, trouble=trouble, code=code, key=key, by=node_actor(), at=clock.now())
