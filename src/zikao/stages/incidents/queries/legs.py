"""The clock of each leg: reported, arrived, acknowledged, in minutes, and what is late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from zikao.foundation.clock import local_day
from zikao.foundation.regulation import Finding
from zikao.stages.incidents import rules
from zikao.stages.incidents.models import Incident, Report, StepBase
from zikao.stages.incidents.states import Receiver, StepAct


@dataclass(frozen=True)
class Leg:
    """The way of a report to one receiver. Minutes count from the report; `late` says how much too long it took."""

    receiver: Receiver
    sent_at: datetime | None
    arrived_at: datetime | None = None
    acknowledged_at: datetime | None = None
    by_name: str = ""
    trouble: str = ""
    arrived_after: int | None = None
    acknowledged_after: int | None = None
    late: Finding | None = None

    @property
    def is_call(self) -> bool:
        """Whether this receiver is told by telephone."""
        return self.receiver in (Receiver.GROUP, Receiver.MINISTRY)


def minutes_between(begin: datetime, end: datetime) -> int:
    """Whole minutes passed."""
    return max(0, int((end - begin).total_seconds()) // 60)


def leg(
    receiver: Receiver, steps: Iterable[StepBase], *, made_at: datetime, now: datetime, province: str | None
) -> Leg:
    """One leg, from the steps of a report; while nobody acknowledged, the clock runs on."""
    by_act = {step.act: step for step in steps if step.receiver == receiver}
    sent, arrived, signed, refused = (
        by_act.get(act) for act in (StepAct.SENT, StepAct.ARRIVED, StepAct.ACKNOWLEDGED, StepAct.REFUSED)
    )
    waited = minutes_between(made_at, signed.at if signed else now)
    decision = rules.ACKNOWLEDGED_AT_ONCE(on=local_day(made_at), minutes=waited, province=province)
    return Leg(
        receiver,
        sent.at if sent else None,
        arrived.at if arrived else None,
        signed.at if signed else None,
        signed.by_name if signed else "",
        refused.note if refused else "",
        minutes_between(made_at, arrived.at) if arrived else None,
        waited if signed else None,
        decision.refusals[0] if decision.refusals else None,
    )


def legs_of(incident: Incident, report: Report, now: datetime) -> list[Leg]:
    """Every leg of a report: those it was sent on, and for a major one those that are owed."""
    steps = list(report.steps.all())
    receivers = {step.receiver for step in steps}
    if incident.is_major:
        receivers |= {Receiver.CENTRE.value} | ({Receiver.MINISTRY.value} if report.serial == 1 else set())
    province = incident.agency_code[:2] or None
    return [
        leg(each, steps, made_at=report.made_at, now=now, province=province)
        for each in Receiver
        if each.value in receivers
    ]
