"""The first report: written down, routed to the groups, on its way to the centre, in one act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command
from zikao.foundation.errors import BadInput
from zikao.foundation.regulation import parameter
from zikao.foundation.secrecy import new_ids
from zikao.stages.agencies.models import Agency, Site
from zikao.stages.agencies.queries import emergency_complete, emergency_group
from zikao.stages.agencies.states import EmergencyLevel
from zikao.stages.incidents import policies, rules
from zikao.stages.incidents.commands.writing import A_PROVINCE, write_report
from zikao.stages.incidents.models import Incident, Report, Step, Told
from zikao.stages.incidents.states import Evidence, Receiver, ReportKind, Scope, StepAct
from zikao.stages.programmes.models import Course, Sitting


@command(writes="incidents.reported", clauses=("EA-30.2", "EA-5.2"), posts=policies.REPORTERS)
def report_incident(
    *,
    kind: str,
    happened_at: datetime,
    scope: Scope,
    known: str,
    measures: str = "",
    is_major: bool = False,
    files: Sequence[Evidence] = (),
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Outcome[Incident]:
    """Report an incident; it goes to the province's group, and where it is grave to the centre, at once.

    An incomplete group holds nothing up: the report goes through, and says what the group lacks.

    Source:  EA-30.2, EA-5.2
    Writes:  incidents.reported
    Raises:  NotPermitted, NotFound, BadInput
    """
    day = local_day(at)
    if kind not in parameter("incident-kinds").on(day):
        raise BadInput("incident-kind", field_errors={"kind": "请选择类别。"})
    if happened_at > at:
        raise BadInput("incident-in-future", field_errors={"happened_at": "发生时间不能晚于现在。"})
    receivers = rules.RECEIVERS(on=day, kind=kind, major=is_major)
    (pk,) = new_ids(Incident)
    incident = Incident.objects.create(
        id=pk,
        number=f"突{by.agency_code[:A_PROVINCE]}-{day:%Y%m%d}-{pk:05d}",
        kind=kind,
        is_major=Receiver.CENTRE in receivers,
        is_secret=kind in parameter("incident-kinds-secret").on(day),
        **{"happened_at": happened_at, "reported_at": at, **_touched(scope, by)},
    )
    report = write_report(incident, ReportKind.FIRST, known=known, measures=measures, files=files, by=by, at=at)
    missing = route(incident, report, at)
    facts = {"kind": kind, "agency": incident.agency_code, "to": receivers, "files": len(files)}
    return Outcome(incident, facts={**facts, "told": incident.told.count(), "group_lacks": missing})


def route(incident: Incident, report: Report, at: datetime) -> list[str]:
    """Name whom to tell: the province's group of that day. Returns what the group lacks."""
    day = local_day(at)
    members = emergency_group(day, EmergencyLevel.PROVINCE)
    Told.objects.bulk_create(Told(incident=incident, member=member, routed_at=at) for member in members)
    Step.objects.create(report=report, receiver=Receiver.GROUP, act=StepAct.SENT, at=at)
    return [finding.code for finding in emergency_complete(EmergencyLevel.PROVINCE, day).refusals]


def _touched(scope: Scope, by: Actor) -> dict[str, Any]:
    """The fields of what an incident touches; a site or an agency out of sight does not exist."""
    fields: dict[str, Any] = {"course_codes": _courses(scope.course_codes)}
    if scope.site_id is not None:
        site = access(Site.objects.filter(closed_on__isnull=True), by, pk=scope.site_id)
        room = site.rooms.filter(number=scope.room_number).first() if scope.room_number else None
        if scope.room_number and room is None:
            raise BadInput("room-unknown", field_errors={"room_number": "这个考点没有这个考场。"})
        fields |= {"site": site, "agency_code": site.agency_code, "room": room}
    else:
        fields["agency_code"] = access(Agency.objects.filter(closed_on__isnull=True), by, "code",
                                       code=scope.agency_code).code  # fmt: skip
    if scope.sitting_code:
        sitting = Sitting.objects.filter(code=scope.sitting_code).first()
        if sitting is None:
            raise BadInput("sitting-unknown", field_errors={"unit": "没有这个考次。"})
        unit = sitting.units.filter(number=scope.unit_number).first() if scope.unit_number else None
        fields |= {"sitting": sitting, "unit": unit}
    return fields


def _courses(codes: Sequence[str]) -> list[str]:
    known = set(Course.objects.filter(code__in=codes).values_list("code", flat=True))
    if strange := [code for code in codes if code not in known]:
        raise BadInput("course-unknown", field_errors={"courses": f"没有这些课程代码：{'、'.join(strange)}。"})
    return sorted(known)
