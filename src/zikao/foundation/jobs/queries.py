"""The long work of a person, and how long it will still take."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.errors import NotFound
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.states import ENDED


def work_of(actor: Actor) -> QuerySet[Work]:
    """What this person asked for, the newest first; a person without account asked for nothing."""
    return Work.objects.filter(account_id=actor.account_id) if actor.account_id is not None else Work.objects.none()


def piece_of_work(actor: Actor, work_id: int) -> Work:
    """One's own piece of work, asked for in the agency one acts for; anybody else's does not exist."""
    found = work_of(actor).filter(pk=work_id).first()
    if found is None or not actor.covers(found.agency_code):
        raise NotFound("work-not-found", facts={"work": work_id}, message="没有找到这项任务。")
    return found


def time_left(work: Work, at: datetime) -> timedelta | None:
    """How long the rest takes at the pace so far; None while that cannot be said, or after the end."""
    if work.started_at is None or work.done == 0 or work.state in ENDED:
        return None
    return (at - work.started_at) / work.done * (work.total - work.done)
