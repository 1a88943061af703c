"""Reading incidents: whose range they lie in, whose eyes their content is for, what waits."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import access, scoped
from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import Finding
from zikao.stages.agencies.queries import emergency_complete
from zikao.stages.agencies.states import EmergencyLevel
from zikao.stages.incidents.models import KNOWN, MEASURES, Incident, Report, ReportFile, Step, Told
from zikao.stages.incidents.states import SECRET_POSTS, IncidentState, Receiver, StepAct

LIVE = (IncidentState.OPEN, IncidentState.FINAL)
SIGNING = (Receiver.AREA, Receiver.PROVINCE, Receiver.CENTRE)


def incidents(actor: Actor) -> QuerySet[Incident]:
    """The incidents in the actor's subtree."""
    return scoped(Incident.objects.select_related("site", "room", "sitting", "unit"), actor)


def incident(actor: Actor, incident_id: int) -> Incident:
    """One incident; NotFound outside the subtree."""
    return access(incidents(actor), actor, pk=incident_id)


def reports_of(found: Incident) -> list[Report]:
    """Its reports in their order, with files and steps."""
    return list(found.reports.order_by("serial").prefetch_related("files", "steps"))


def told_of(found: Incident) -> list[Told]:
    """Whom to tell, with the calls so far."""
    return list(found.told.select_related("member").prefetch_related("calls"))


def group_lacks(found: Incident) -> tuple[Finding, ...]:
    """What the province's group lacked on the day of the first report."""
    return tuple(emergency_complete(EmergencyLevel.PROVINCE, local_day(found.reported_at)).refusals)


def may_read(actor: Actor, report: Report) -> bool:
    """Whether the content is for these eyes: of a secret one, only of those on duty for it and who wrote it."""
    own = actor.account_id is not None and actor.account_id == report.by_account
    return not report.incident.is_secret or own or actor.post in SECRET_POSTS


def readable_report(actor: Actor, report_id: int) -> Report:
    """A report whose content the actor may read; for others it does not exist."""
    rows = Report.objects.select_related("incident")
    found = access(rows, actor, "incident__agency_code", pk=report_id)
    if not may_read(actor, found):
        raise NotFound("not-found", facts={"report": report_id})
    return found


def content_of(report: Report) -> str:
    """What was known and what was done, in clear."""
    measures = MEASURES.text(report)
    return f"情况：{KNOWN.text(report)}" + (f"　措施：{measures}" if measures else "")


def report_file(actor: Actor, file_id: int) -> ReportFile:
    """A file of a report that the actor may read. Raises NotFound."""
    rows = ReportFile.objects.select_related("report__incident")
    found = access(rows, actor, "report__incident__agency_code", pk=file_id)
    readable_report(actor, found.report_id)
    return found


def _sent_and_not(receiver: Receiver) -> QuerySet[Report]:
    steps = Step.objects.filter(report=OuterRef("pk"), receiver=receiver)
    return Report.objects.filter(
        Exists(steps.filter(act=StepAct.SENT)),
        ~Exists(steps.filter(act__in=[StepAct.ACKNOWLEDGED, StepAct.REFUSED])),
    )


def unacknowledged(found: Incident, receiver: Receiver) -> list[Report]:
    """The reports that were sent to a receiver, who has not acknowledged them."""
    return list(_sent_and_not(receiver).filter(incident=found).order_by("serial"))


def waiting_for(found: Incident) -> list[Receiver]:
    """Who has not acknowledged all reports."""
    return [each for each in SIGNING if _sent_and_not(each).filter(incident=found).exists()]


def unacknowledged_incidents(actor: Actor, receiver: Receiver) -> QuerySet[Incident]:
    """The incidents of which a report waits for this receiver, the longest waiting first."""
    waiting = _sent_and_not(receiver).filter(incident=OuterRef("pk"))
    return incidents(actor).filter(Exists(waiting)).order_by("reported_at")


def untold_incidents(actor: Actor) -> QuerySet[Incident]:
    """The live incidents of which nobody in the province's group has been told."""
    told = Step.objects.filter(report__incident=OuterRef("pk"), receiver=Receiver.GROUP, act=StepAct.ACKNOWLEDGED)
    return incidents(actor).filter(~Exists(told), state__in=LIVE).order_by("reported_at")
