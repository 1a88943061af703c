"""The notices go out: from now on every candidate sees and downloads theirs."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.stages.entries.models import EntryList
from zikao.stages.seating import policies, queries
from zikao.stages.seating.models import Draw
from zikao.stages.seating.states import TRANSITIONS, DrawState


@command(writes="seating.notices-issued", clauses=("EA-16",), posts=policies.DRAWERS)
def issue_notices(*, sitting_code: str, by: Actor, at: datetime) -> Outcome[Draw]:
    """Issue the exam notices of a drawn sitting; each is compiled when somebody asks for it.

    Source:  EA-16
    Writes:  seating.notices-issued
    Raises:  NotPermitted, NotFound, WrongState
    """
    policies.check_whole_province(by)
    draw = Draw.objects.select_for_update().get(pk=queries.draw_of(sitting_code).pk)
    before = snapshot(draw)
    check_transition(TRANSITIONS, DrawState(draw.state), DrawState.ISSUED)
    draw.state, draw.issued_at = DrawState.ISSUED, at
    draw.save(update_fields=["state", "issued_at"])
    notices = EntryList.objects.get(sitting_id=draw.sitting_id).candidates
    return Outcome(draw, before=before, facts={"sitting": sitting_code, "notices": notices, "entries": draw.seated})
