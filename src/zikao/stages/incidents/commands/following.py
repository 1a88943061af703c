"""What follows the first report: more is known, the final report, closed by the province, or a false alarm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zikao.foundation.access.reauthentication import consume
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.errors import BadInput
from zikao.foundation.regulation import Decision
from zikao.stages.incidents import policies, queries, rules
from zikao.stages.incidents.commands.writing import send_up, write_report
from zikao.stages.incidents.models import Incident, Report
from zikao.stages.incidents.states import (
    STATE_AFTER,
    TRANSITIONS,
    Evidence,
    IncidentState,
    Receiver,
    ReportKind,
)


@command(writes="incidents.followed-up", clauses=("EA-30.2",), posts=policies.REPORTERS)
def follow_up(
    *,
    incident_id: int,
    final: bool,
    known: str,
    measures: str = "",
    is_major: bool = False,
    files: Sequence[Evidence] = (),
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Outcome[Report]:
    """Report what is known by now, or finally; what turned out to be major goes to the centre with all before it.

    Source:  EA-30.2
    Writes:  incidents.followed-up
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    found = _locked(by, incident_id)
    kind = ReportKind.FINAL if final else ReportKind.FOLLOW_UP
    before = _go_on(found, kind)
    if is_major and not found.is_major:
        found.is_major = True
        for earlier in found.reports.order_by("serial"):
            send_up(earlier, at)
    found.save(update_fields=["state", "is_major"])
    report = write_report(found, kind, known=known, measures=measures, files=files, by=by, at=at)
    facts = {"kind": kind, "serial": report.serial, "major": found.is_major, "files": len(files)}
    return Outcome(report, on=found, before=before, facts=facts)


@command(writes="incidents.closed", clauses=("EA-5.2", "EA-30.2"), posts=policies.CLOSERS)
def close_incident(*, incident_id: int, reason: str, proof: int, by: Actor, at: datetime) -> Outcome[Incident]:
    """Close an incident after its final report: signed, by a fresh proof of who it is that answers for it.

    Source:  EA-5.2, EA-30.2
    Writes:  incidents.closed
    Raises:  NotPermitted, NotFound, BadInput, WrongState, Refused
    """
    found = _locked(by, incident_id)
    if found.state in (IncidentState.OPEN, IncidentState.FINAL):
        closing(found, at).require()
    done = _ended(found, ReportKind.CLOSING, reason, by, at)
    consume(proof, account_id=by.account_id, subject=f"incidents.incident:{found.pk}", at=at)
    return done


@command(writes="incidents.withdrawn", clauses=("EA-30.2",), posts=policies.CLOSERS)
def withdraw_incident(*, incident_id: int, reason: str, proof: int, by: Actor, at: datetime) -> Outcome[Incident]:
    """Withdraw an incident as a false alarm, by a fresh proof of who it is; its reports stay, their receivers are told.

    Source:  EA-30.2
    Writes:  incidents.withdrawn
    Raises:  NotPermitted, NotFound, BadInput, WrongState, Refused
    """
    found = _locked(by, incident_id)
    done = _ended(found, ReportKind.WITHDRAWAL, reason, by, at)
    consume(proof, account_id=by.account_id, subject=f"incidents.incident:{found.pk}", at=at)
    return done


def closing(incident: Incident, at: datetime) -> Decision:
    """Whether the incident may be closed now."""
    waiting = [str(Receiver(each).label) for each in queries.waiting_for(incident)]
    return rules.CLOSING(on=local_day(at), final=incident.state == IncidentState.FINAL, waiting=waiting)


def _ended(found: Incident, kind: ReportKind, reason: str, by: Actor, at: datetime) -> Outcome[Incident]:
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明理由。"})
    before = _go_on(found, kind)
    found.ended_at = at
    found.save(update_fields=["state", "ended_at"])
    report = write_report(found, kind, known=reason, by=by, at=at)
    return Outcome(found, before=before, facts={"kind": kind, "serial": report.serial, "major": found.is_major})


def _locked(by: Actor, incident_id: int) -> Incident:
    return access(Incident.objects.select_for_update(of=("self",)), by, pk=incident_id)


def _go_on(found: Incident, kind: ReportKind) -> dict[str, object]:
    before = snapshot(found)
    check_transition(TRANSITIONS, IncidentState(found.state), STATE_AFTER[kind])
    found.state = STATE_AFTER[kind]
    return before
