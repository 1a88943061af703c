"""The members of the province's group are told by telephone; each call is written down, reached or not."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, access, command
from zikao.foundation.errors import NotFound
from zikao.stages.incidents import policies
from zikao.stages.incidents.models import Call, Incident, Step
from zikao.stages.incidents.states import CallOutcome, Receiver, StepAct

TOLD = (CallOutcome.REACHED, CallOutcome.DEPUTISED)


@command(writes="incidents.called", clauses=("EA-5.2",), posts=policies.CALLERS)
def record_call(
    *, incident_id: int, told_id: int, outcome: CallOutcome, note: str = "", by: Actor, at: datetime
) -> Outcome[Call]:
    """Write down who called a member of the group, and with what outcome.

    Source:  EA-5.2
    Writes:  incidents.called
    Raises:  NotPermitted, NotFound
    """
    found = access(Incident.objects.all(), by, pk=incident_id)
    told = found.told.filter(pk=told_id).first()
    if told is None:
        raise NotFound("not-found", facts={"told": told_id})
    call = Call.objects.create(
        told=told, called_at=at, by_account=by.account_id, by_name=by.name, outcome=outcome, note=note.strip()[:200]
    )
    if outcome in TOLD:
        first = found.reports.get(serial=1)
        Step.objects.bulk_create(
            [Step(report=first, receiver=Receiver.GROUP, act=StepAct.ACKNOWLEDGED, at=at, by_name=told.member.name)],
            ignore_conflicts=True,
        )
    return Outcome(call, on=found, facts={"told": told.pk, "outcome": outcome})
