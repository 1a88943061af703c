"""What the caretaker does for approvals: those whose time is over are closed, and their stages told."""

from __future__ import annotations

from zikao.foundation import clock
from zikao.foundation.approvals.commands import expire_approvals
from zikao.foundation.jobs.caretaker import chore


@chore("expire-approvals", every_seconds=60)
def close_what_is_over() -> int:
    """Close approvals that were not signed in time."""
    return expire_approvals(clock.now())
