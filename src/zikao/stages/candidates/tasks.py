"""Housekeeping: pre-registrations whose time is over."""

from __future__ import annotations

from zikao.foundation import clock
from zikao.foundation.actors import node_actor
from zikao.foundation.commands import all_rows
from zikao.foundation.jobs.caretaker import chore
from zikao.stages.candidates.commands import lapse_preregistrations
from zikao.stages.candidates.queries.queue import lapsing


@chore("lapse-preregistrations", every_seconds=600)
def lapse() -> None:
    """End what was not handed in, or whose owner did not come."""
    with all_rows("EA-47：清理逾期的预报名"):
        if lapsing().exists():
            lapse_preregistrations(by=node_actor(), at=clock.now())
