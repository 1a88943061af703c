"""Whoever is recused or no longer in a post is no longer present: it is written down at once."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.access.leaving import when_out_of_post
from zikao.foundation.clock import local_day
from zikao.stages.collecting.models import Presence, Session
from zikao.stages.collecting.queries.rounds import in_post


@when_out_of_post
def leave_when_out_of_post(account_id: int, at: datetime) -> None:
    """Within the command that ends an appointment or closes an account: the person is signed out.

    A term that runs out by itself needs no command: such a person does not count from that day on.

    Source:  SR-A1.4, SR-A1.5
    """
    here = Presence.objects.filter(account_id=account_id, left_at=None)
    if here.exists() and not here.filter(in_post("account_id", local_day(at))).exists():
        leave_at_once(account_id, at)


def leave_at_once(account_id: int, at: datetime) -> int:
    """Sign somebody out wherever they are, after whoever acts there now; returns how many places."""
    here = Presence.objects.filter(account_id=account_id, left_at=None)
    list(Session.objects.select_for_update().filter(pk__in=list(here.values_list("session_id", flat=True))))
    return here.update(left_at=at)
