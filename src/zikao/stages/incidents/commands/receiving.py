"""A report was received: acknowledged by the area or the province here, or by the centre, which tells this node."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, access, command
from zikao.foundation.errors import NotFound, WrongState
from zikao.stages.incidents import policies, queries
from zikao.stages.incidents.models import Incident, Report, Step
from zikao.stages.incidents.states import Receiver, StepAct


@command(writes="incidents.acknowledged", clauses=("EA-30.2",), posts=policies.ACKNOWLEDGERS)
def acknowledge_incident(*, incident_id: int, by: Actor, at: datetime) -> Outcome[Incident]:
    """Acknowledge every report of an incident that the actor's own level has not acknowledged yet.

    Source:  EA-30.2
    Writes:  incidents.acknowledged
    Raises:  NotPermitted, NotFound, WrongState
    """
    found = access(Incident.objects.select_for_update(of=("self",)), by, pk=incident_id)
    receiver = policies.receiver_of(by.post)
    waiting = queries.unacknowledged(found, receiver) if receiver else []
    if receiver is None or not waiting:
        raise WrongState("nothing-to-acknowledge", message="这一级没有待签收的报告。", clause="EA-30.2")
    Step.objects.bulk_create(
        Step(report=report, receiver=receiver, act=StepAct.ACKNOWLEDGED, at=at, by_name=by.name) for report in waiting
    )
    return Outcome(found, facts={"receiver": receiver, "reports": [each.serial for each in waiting]})


@command(writes="incidents.step-recorded", clauses=("EA-30.2",), posts=policies.INBOX)
def record_step(
    *,
    number: str,
    serial: int,
    receiver: Receiver,
    act: StepAct,
    happened_at: datetime,
    by_name: str = "",
    note: str = "",
    by: Actor,
    at: datetime,
) -> Outcome[Report]:
    """Keep what the centre tells of a report: arrived, acknowledged, passed on. The first word stands.

    Source:  EA-30.2
    Writes:  incidents.step-recorded
    Raises:  NotPermitted, NotFound
    """
    report = Report.objects.filter(incident__number=number, serial=serial).first()
    if report is None:
        raise NotFound("report-not-found", facts={"number": number, "serial": serial})
    Step.objects.bulk_create(
        [Step(report=report, receiver=receiver, act=act, at=happened_at, by_name=by_name[:60], note=note[:200])],
        ignore_conflicts=True,
    )
    facts = {"number": number, "serial": serial, "receiver": receiver, "act": act}
    return Outcome(report, on=report.incident, facts=facts)
