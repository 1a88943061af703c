"""How long work ends: with a result, or with the reason why there is none. Each has one effect, however often told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.states import TRANSITIONS, WorkState

ENDERS = frozenset({Post.NODE})


@command(writes="jobs.work-done", posts=ENDERS)
def finish_work(
    *,
    work_id: int,
    result: str,
    result_name: str,
    media_type: str,
    summary: Mapping[str, int],
    key: str,
    by: Actor,
    at: datetime,
) -> Outcome[Work]:
    """End a piece of long work with its result (the digest of a stored file, or an empty text) and its counts.

    Source:  none; the node's own work
    Writes:  jobs.work-done
    Raises:  NotPermitted, WrongState (it has ended)
    """
    work = Work.objects.select_for_update().get(pk=work_id)
    check_transition(TRANSITIONS, WorkState(work.state), WorkState.DONE)
    before = snapshot(work)
    work.state, work.ended_at, work.done = WorkState.DONE, at, work.total
    work.result, work.result_name, work.media_type, work.summary = result, result_name, media_type, dict(summary)
    work.save()
    return Outcome(work, before=before, facts={"kind": work.kind, "done": work.done, "result": result[:16], **summary})


@command(writes="jobs.work-failed", posts=ENDERS)
def fail_work(*, work_id: int, trouble: str, code: str, key: str, by: Actor, at: datetime) -> Outcome[Work]:
    """End a piece of long work that cannot be done, with the reason in words.

    Source:  none; the node's own work
    Writes:  jobs.work-failed
    Raises:  NotPermitted, WrongState (it has ended)
    """
    work = Work.objects.select_for_update().get(pk=work_id)
    check_transition(TRANSITIONS, WorkState(work.state), WorkState.FAILED)
    before = snapshot(work)
    work.state, work.ended_at, work.trouble = WorkState.FAILED, at, trouble[:300]
    work.save(update_fields=["state", "ended_at", "trouble"])
    return Outcome(work, before=before, facts={"kind": work.kind, "done": work.done, "code": code})
