"""What every report has in common: its row, its files, its steps, and the message to the centre."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput
from zikao.foundation.exchange import UnknownPeer, send
from zikao.foundation.secrecy import new_ids
from zikao.stages.incidents import policies
from zikao.stages.incidents.models import KNOWN, MEASURES, Incident, Report, ReportFile, Step
from zikao.stages.incidents.states import Evidence, Receiver, ReportKind, StepAct

CENTRE = "national"
MESSAGE = "incidents.report"
MOST_FILES = 10
LONGEST = 2000
A_PROVINCE, AN_AREA = 2, 4
"""How long the code of a province and of an area is."""


def write_report(
    incident: Incident,
    kind: ReportKind,
    *,
    known: str,
    measures: str = "",
    files: Sequence[Evidence] = (),
    by: Actor,
    at: datetime,
) -> Report:
    """Add the next report with its files, on its way to every receiver. Raises BadInput."""
    _check(known, measures, files)
    (pk,) = new_ids(Report)
    report = Report.objects.create(
        id=pk,
        incident=incident,
        serial=incident.reports.count() + 1,
        kind=kind,
        known_sealed=KNOWN.seal(known.strip(), pk),
        measures_sealed=MEASURES.seal(measures.strip(), pk) if measures.strip() else b"",
        made_at=at,
        by_account=by.account_id,
        by_name=by.name,
        by_post=by.post,
    )
    for file in files:
        digest = storage.put(file.content, media_type=file.media_type, at=at)
        ReportFile.objects.create(report=report, name=file.name[:120], digest=digest, media_type=file.media_type[:80])
    Step.objects.bulk_create(_steps(report, incident, by, at))
    if incident.is_major:
        send_up(report, at)
    return report


def _check(known: str, measures: str, files: Sequence[Evidence]) -> None:
    faults = {}
    if not known.strip():
        faults["known"] = "请写明已知的情况，不清楚的以后续报。"
    if len(known) > LONGEST or len(measures) > LONGEST:
        faults["known"] = f"每栏不超过 {LONGEST} 字，详细情况请以附件报送。"
    if len(files) > MOST_FILES:
        faults["evidence"] = f"一次最多 {MOST_FILES} 个文件，其余请随续报报送。"
    if faults:
        raise BadInput("report-incomplete", field_errors=faults)


def _steps(report: Report, incident: Incident, by: Actor, at: datetime) -> list[Step]:
    """Area and province read the same rows: a report is there at once; who reports has acknowledged for their own."""
    own = policies.receiver_of(by.post)
    receivers = [Receiver.PROVINCE]
    if len(incident.agency_code) >= AN_AREA and own is not Receiver.PROVINCE:
        receivers.insert(0, Receiver.AREA)
    steps = []
    for receiver in receivers:
        steps += [Step(report=report, receiver=receiver, act=act, at=at) for act in (StepAct.SENT, StepAct.ARRIVED)]
        if receiver is own:
            steps.append(Step(report=report, receiver=receiver, act=StepAct.ACKNOWLEDGED, at=at, by_name=by.name))
    return steps


def send_up(report: Report, at: datetime) -> None:
    """Put a report into the outbox for the centre; it waits there while the centre is away."""
    note, act = "", StepAct.SENT
    secret = {"known": KNOWN.text(report), "measures": MEASURES.text(report)}
    try:
        send(to=CENTRE, kind=MESSAGE, body=message_of(report), secret=secret, at=at)
    except UnknownPeer:  # the report stands all the same: the page says that the centre must be called
        note, act = "本节点没有登记教育部考试中心，请电话报告。", StepAct.REFUSED
    Step.objects.create(report=report, receiver=Receiver.CENTRE, act=act, at=at, note=note)


def message_of(report: Report) -> dict[str, Any]:
    """A report as it travels: whole enough that any of an incident's reports may be the first to arrive."""
    found = report.incident
    return {
        "incident": {
            "number": found.number,
            "kind": found.kind,
            "secret": found.is_secret,
            "happened": found.happened_at.isoformat(),
            "reported": found.reported_at.isoformat(),
            "agency": found.agency_code,
            "site": f"{found.site.code} {found.site.name}" if found.site else "",
            "room": found.room.number if found.room else 0,
            "sitting": found.sitting.code if found.sitting else "",
            "unit": found.unit.number if found.unit else 0,
            "courses": list(found.course_codes),
        },
        "serial": report.serial,
        "kind": report.kind,
        "made": report.made_at.isoformat(),
        "by": f"{report.by_name}",
        "files": [{"name": file.name, "digest": file.digest} for file in report.files.all()],
    }
