"""Grave incidents of the provinces: received, acknowledged, passed on to the ministry's group (EA-30.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, NotFound, WrongState
from zikao.foundation.exchange import send
from zikao.foundation.secrecy import new_ids
from zikao.national import policies
from zikao.national.models import IncidentCall, IncidentReport, IncidentStep, IncidentTold, ReportedIncident
from zikao.national.models.incidents import CONTENT
from zikao.national.queries import incidents as queries
from zikao.national.states import node_of
from zikao.stages.agencies.queries import emergency_complete, emergency_group
from zikao.stages.agencies.states import EmergencyLevel
from zikao.stages.incidents.states import STATE_AFTER, CallOutcome, IncidentState, Receiver, ReportKind, StepAct

ANSWER = "incidents.step"
ENDED = (IncidentState.CLOSED, IncidentState.WITHDRAWN)
SCOPE = ("agency", "site", "room", "sitting", "unit", "courses")
TOLD = (CallOutcome.REACHED, CallOutcome.DEPUTISED)


@command(writes="national.incident-received", clauses=("EA-30.2", "EA-5.2"), posts=policies.INBOX)
def receive_incident_report(
    *, province: str, body: Mapping[str, Any], by: Actor, at: datetime
) -> Outcome[IncidentReport]:
    """Keep a province's report; with the first that arrives, name whom of the ministry's group to tell.

    Reports may arrive in any order and more than once: each is kept once.

    Source:  EA-30.2, EA-5.2
    Writes:  national.incident-received
    Raises:  NotPermitted, BadInput (malformed, or another content under the same number)
    """
    incident, said = _read(body)
    digest = sm3(canonical(dict(body))).hex()
    found, made = ReportedIncident.objects.get_or_create(
        province=province, number=said.pop("number"), defaults={**incident, "arrived_at": at}
    )
    report = found.reports.filter(serial=said["serial"]).first()
    if report is not None and report.digest != digest:
        raise BadInput("incident-report-differs", message="这一序号的报告已经收到过不同的内容。", clause="EA-30.2")
    if report is None:
        report = _keep(found, said, digest, at)
        _tell(report, Receiver.CENTRE, StepAct.ARRIVED, at)
    missing = _route(found, at) if made else []
    if report.serial == 1:
        _tell(report, Receiver.MINISTRY, StepAct.SENT, at)
    facts = {"province": province, "serial": report.serial, "kind": found.kind, "told": found.told.count()}
    return Outcome(report, on=found, facts={**facts, "group_lacks": missing})


def _read(body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        head, secret = body["incident"], body["secret"]
        measures = f"　措施：{secret['measures']}" if secret["measures"] else ""
        kind = ReportKind(body["kind"])
        said = {
            "number": str(head["number"])[:30],
            "serial": int(body["serial"]),
            "kind": kind,
            "made_at": datetime.fromisoformat(body["made"]),
            "by_name": str(body["by"])[:60],
            "content": f"情况：{secret['known']}{measures}",
            "files": [{"name": str(each["name"]), "digest": str(each["digest"])} for each in body["files"]],
        }
        incident = {
            "kind": str(head["kind"])[:20],
            "is_secret": bool(head["secret"]),
            "happened_at": datetime.fromisoformat(head["happened"]),
            "reported_at": datetime.fromisoformat(head["reported"]),
            "scope": {name: head[name] for name in SCOPE},
            "state": STATE_AFTER[kind],
        }
        return incident, said
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("incident-malformed", facts={"fault": repr(error)}, message="报告的数据格式有误。") from error


def _keep(found: ReportedIncident, said: dict[str, Any], digest: str, at: datetime) -> IncidentReport:
    (pk,) = new_ids(IncidentReport)
    content = CONTENT.seal(said.pop("content"), pk)
    report = IncidentReport.objects.create(id=pk, incident=found, digest=digest, content_sealed=content, **said)
    IncidentStep.objects.create(report=report, receiver=Receiver.CENTRE, act=StepAct.SENT, at=report.made_at)
    last = found.reports.order_by("-serial").values_list("serial", flat=True).first()
    if last == report.serial and found.state not in ENDED:
        found.state = STATE_AFTER[ReportKind(report.kind)]
        found.save(update_fields=["state"])
    return report


def _route(found: ReportedIncident, at: datetime) -> list[str]:
    day = local_day(at)
    members = emergency_group(day, EmergencyLevel.MINISTRY)
    IncidentTold.objects.bulk_create(IncidentTold(incident=found, member=member, routed_at=at) for member in members)
    return [finding.code for finding in emergency_complete(EmergencyLevel.MINISTRY, day).refusals]


def _tell(report: IncidentReport, receiver: Receiver, act: StepAct, at: datetime, by_name: str = "") -> None:
    """Write a step down once, and let the province know."""
    _, made = IncidentStep.objects.get_or_create(
        report=report, receiver=receiver, act=act, defaults={"at": at, "by_name": by_name}
    )
    if made:
        found = report.incident
        body = {
            "number": found.number,
            "serial": report.serial,
            "receiver": receiver,
            "act": act,
            "at": at.isoformat(),
            "by": by_name,
        }
        send(to=node_of(found.province), kind=ANSWER, body=body, at=at)


@command(writes="national.incident-acknowledged", clauses=("EA-30.2",), posts=policies.OFFICERS)
def acknowledge_national_incident(*, incident_id: int, by: Actor, at: datetime) -> Outcome[ReportedIncident]:
    """Acknowledge every report of an incident that the centre has not acknowledged yet; the province is told.

    Source:  EA-30.2
    Writes:  national.incident-acknowledged
    Raises:  NotPermitted, NotFound, WrongState
    """
    found = _locked(incident_id)
    waiting = queries.unacknowledged(found)
    if not waiting:
        raise WrongState("nothing-to-acknowledge", message="没有待签收的报告。", clause="EA-30.2")
    for report in waiting:
        _tell(report, Receiver.CENTRE, StepAct.ACKNOWLEDGED, at, by.name)
    return Outcome(found, facts={"province": found.province, "reports": [each.serial for each in waiting]})


@command(writes="national.incident-passed-on", clauses=("EA-30.2", "EA-5.2"), posts=policies.OFFICERS)
def pass_on(
    *, incident_id: int, told_id: int, outcome: CallOutcome, note: str = "", by: Actor, at: datetime
) -> Outcome[IncidentCall]:
    """Write down who called a member of the ministry's group with what outcome; the first told, the province knows.

    Source:  EA-30.2, EA-5.2
    Writes:  national.incident-passed-on
    Raises:  NotPermitted, NotFound
    """
    found = _locked(incident_id)
    told = found.told.select_related("member").filter(pk=told_id).first()
    if told is None:
        raise NotFound("not-found", facts={"told": told_id})
    call = IncidentCall.objects.create(
        told=told, called_at=at, by_account=by.account_id, by_name=by.name, outcome=outcome, note=note.strip()[:200]
    )
    first = found.reports.filter(serial=1).first()
    if outcome in TOLD and first is not None:
        _tell(first, Receiver.MINISTRY, StepAct.ACKNOWLEDGED, at, told.member.name)
    return Outcome(call, on=found, facts={"told": told.pk, "outcome": outcome})


def _locked(incident_id: int) -> ReportedIncident:
    found = ReportedIncident.objects.select_for_update().filter(pk=incident_id).first()
    if found is None:
        raise NotFound("incident-not-found", facts={"incident": incident_id})
    return found
