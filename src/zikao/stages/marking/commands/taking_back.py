"""A script taken back from a marker who must keep away or cannot go on: another marker gets it, and nothing waits."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.errors import BadInput, WrongState
from zikao.stages.marking import policies
from zikao.stages.marking.models import Marker, MarkingTask
from zikao.stages.marking.states import TaskState


@command(
    writes="marking.script-taken-back",
    clauses=("EA-11.1", "EA-36.4", "EA-A9.2.2.4"),
    posts=policies.MARKER_APPOINTERS,
)
def take_back_script(*, marker_id: int, reason: str, by: Actor, at: datetime) -> Outcome[MarkingTask]:
    """Put the script that a marker has in hand back in the queue, unmarked; marks that were given stay.

    Source:  EA-11.1, EA-36.4, EA-A9.2.2.4
    Writes:  marking.script-taken-back
    Raises:  NotPermitted, NotFound, BadInput, WrongState (nothing in hand)
    """
    marker = access(Marker.objects.all(), by, pk=marker_id)
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明收回的原因。"})
    held = MarkingTask.objects.select_for_update(of=("self",)).filter(
        account_id=marker.account_id, state=TaskState.TAKEN, question__paper=marker.paper_id
    )
    task = held.first()
    if task is None:
        raise WrongState("nothing-in-hand", message="这名评卷员手上没有本科目的答卷。")
    before = snapshot(task)
    task.state, task.account_id, task.taken_at = TaskState.OPEN, None, None
    task.save(update_fields=["state", "account_id", "taken_at"])
    facts = {"script": task.script_id, "question": task.question_id, "round": task.round, "reason": reason.strip()}
    return Outcome(task, on=marker, before=before, facts=facts)
