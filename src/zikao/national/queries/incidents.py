"""Reading the grave incidents that the provinces reported."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import Finding
from zikao.national.models import IncidentReport, IncidentStep, IncidentTold, ReportedIncident
from zikao.stages.agencies.queries import emergency_complete
from zikao.stages.agencies.states import EmergencyLevel
from zikao.stages.incidents.queries import Leg, leg
from zikao.stages.incidents.states import Receiver, StepAct


def reported_incidents() -> QuerySet[ReportedIncident]:
    """All of them."""
    return ReportedIncident.objects.all()


def reported_incident(incident_id: int) -> ReportedIncident:
    """One of them. Raises NotFound."""
    found = ReportedIncident.objects.filter(pk=incident_id).first()
    if found is None:
        raise NotFound("incident-not-found", facts={"incident": incident_id})
    return found


def reports_of(found: ReportedIncident) -> list[IncidentReport]:
    """Its reports in their order, with their steps."""
    return list(found.reports.order_by("serial").prefetch_related("steps"))


def report_by_id(actor: Actor, report_id: int) -> IncidentReport:
    """One report; the centre sees all provinces. Raises NotFound."""
    found = IncidentReport.objects.select_related("incident").filter(pk=report_id).first()
    if found is None or actor.agency_code:
        raise NotFound("report-not-found", facts={"report": report_id})
    return found


def told_of(found: ReportedIncident) -> list[IncidentTold]:
    """Whom of the ministry's group to tell, with the calls so far."""
    return list(found.told.select_related("member").prefetch_related("calls"))


def group_lacks(found: ReportedIncident) -> tuple[Finding, ...]:
    """What the ministry's group lacked on the day when the incident arrived."""
    return tuple(emergency_complete(EmergencyLevel.MINISTRY, local_day(found.arrived_at)).refusals)


def _waiting() -> QuerySet[IncidentReport]:
    steps = IncidentStep.objects.filter(report=OuterRef("pk"), receiver=Receiver.CENTRE, act=StepAct.ACKNOWLEDGED)
    return IncidentReport.objects.filter(~Exists(steps))


def unacknowledged(found: ReportedIncident) -> list[IncidentReport]:
    """The reports that nobody here has acknowledged."""
    return list(_waiting().filter(incident=found).order_by("serial"))


def unacknowledged_incidents() -> QuerySet[ReportedIncident]:
    """The incidents of which a report waits, the longest waiting first."""
    rows = ReportedIncident.objects.filter(Exists(_waiting().filter(incident=OuterRef("pk"))))
    return rows.order_by("arrived_at")


def untold_incidents() -> QuerySet[ReportedIncident]:
    """The incidents of which nobody in the ministry's group has been told, the longest waiting first."""
    told = IncidentStep.objects.filter(
        report__incident=OuterRef("pk"), receiver=Receiver.MINISTRY, act=StepAct.ACKNOWLEDGED
    )
    return ReportedIncident.objects.filter(~Exists(told)).order_by("arrived_at")


def legs_of(report: IncidentReport, now: datetime) -> list[Leg]:
    """The legs that end here and at the ministry's group; the first report is passed on."""
    receivers = [Receiver.CENTRE, *([Receiver.MINISTRY] if report.serial == 1 else [])]
    steps = list(report.steps.all())
    return [leg(each, steps, made_at=report.made_at, now=now, province=None) for each in receivers]
