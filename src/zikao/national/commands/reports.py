"""Reports upward: the centre asks, provinces answer with figures that the node counts itself, corrections follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.exchange import send
from zikao.national import policies, rules
from zikao.national.models import ReportAnswer, ReportDemand, ReportSent, ReportTask
from zikao.national.queries.figures import FIGURES, figures_of

DEMAND, REPORT = "national.report-demand", "national.report"


@command(writes="national.report-asked", clauses=("EA-48",), posts=policies.OFFICERS)
def ask_for_report(
    *, title: str, sitting_code: str, figures: Sequence[str], to: Sequence[str], due_on: date, by: Actor, at: datetime
) -> Outcome[ReportDemand]:
    """Ask provinces (nodes, "province:32") for figures of a sitting by a day.

    Source:  EA-48
    Writes:  national.report-asked
    Raises:  NotPermitted, BadInput, Conflict, Refused
    """
    rules.REPORT_DUE(on=local_day(at), due_on=due_on).require()
    if not figures or not to or set(figures) - FIGURES.keys():
        raise BadInput("report-empty", field_errors={"figures": "请选择上报的指标和省份。"})
    if ReportDemand.objects.filter(title=title, sitting_code=sitting_code).exists():
        raise Conflict("report-asked-already", message="同一考次已经下达过同名的上报要求。")
    provinces = sorted(node.partition(":")[2] for node in to)
    demand = ReportDemand.objects.create(
        title=title,
        sitting_code=sitting_code,
        figures=list(figures),
        provinces=provinces,
        due_on=due_on,
        asked_at=at,
    )
    body = {
        "reference": demand.pk,
        "title": title,
        "sitting": sitting_code,
        "figures": list(figures),
        "due": due_on.isoformat(),
    }
    for node in to:
        send(to=node, kind=DEMAND, body=body, at=at)
    return Outcome(demand, facts={"sitting": sitting_code, "figures": list(figures), "to": provinces, "due": due_on})


@command(writes="national.report-task-received", clauses=("EA-48",), posts=policies.INBOX)
def take_report_demand(*, body: Mapping[str, Any], by: Actor, at: datetime) -> Outcome[ReportTask]:
    """Keep what the centre asks of this province.

    Source:  EA-48
    Writes:  national.report-task-received
    Raises:  NotPermitted, BadInput
    """
    try:
        said = {
            "title": str(body["title"])[:80],
            "sitting_code": str(body["sitting"]),
            "figures": [str(code) for code in body["figures"]],
            "due_on": date.fromisoformat(body["due"]),
        }
        reference = int(body["reference"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("report-malformed", facts={"fault": repr(error)}, message="上报要求的格式有误。") from error
    task, _ = ReportTask.objects.get_or_create(reference=reference, defaults={**said, "received_at": at})
    return Outcome(task, facts={"reference": reference, "due": task.due_on})


@command(writes="national.report-sent", clauses=("EA-48",), posts=policies.REPORTERS)
def send_report(*, task_id: int, note: str, by: Actor, at: datetime) -> Outcome[ReportSent]:
    """Count the figures asked for and send them, signed; a later one corrects the earlier and says why.

    Source:  EA-48
    Writes:  national.report-sent
    Raises:  NotPermitted, NotFound, Refused
    """
    task = ReportTask.objects.select_for_update().filter(pk=task_id).first()
    if task is None:
        raise NotFound("report-task-not-found", facts={"task": task_id})
    figures = figures_of(task.figures, task.sitting_code)
    last = task.sent.order_by("-version").first()
    version = last.version + 1 if last is not None else 1
    changed = last is None or last.figures != figures
    rules.REPORT_CORRECTION(on=local_day(at), version=version, note=note, changed=changed).require()
    said = note.strip()[:300]
    body = {"reference": task.reference, "version": version, "figures": figures, "note": said}
    digest = sm3(canonical(body)).hex()
    sent = ReportSent.objects.create(task=task, version=version, figures=figures, note=said, digest=digest, sent_at=at)
    send(to="national", kind=REPORT, body={**body, "digest": digest}, at=at)
    return Outcome(sent, on=task, facts={"reference": task.reference, "version": version, "digest": digest})


@command(writes="national.report-received", clauses=("EA-48",), posts=policies.INBOX)
def record_report(*, province: str, body: Mapping[str, Any], by: Actor, at: datetime) -> Outcome[ReportAnswer]:
    """Keep a province's report; figures that were not asked for, or not of the digest, are not taken.

    Source:  EA-48
    Writes:  national.report-received
    Raises:  NotPermitted, NotFound, BadInput
    """
    demand = ReportDemand.objects.filter(pk=int(str(body.get("reference") or 0))).first()
    if demand is None or province not in demand.provinces:
        raise NotFound("report-not-asked", message="没有向该省下达过这项上报要求。")
    said = {name: body.get(name) for name in ("reference", "version", "figures", "note")}
    figures = said["figures"]
    if not isinstance(figures, dict) or set(figures) != set(demand.figures) or not _are_counts(figures):
        raise BadInput("report-incomplete", message="上报的指标与要求的不一致。", remedy="请按要求的指标重新上报。")
    if sm3(canonical(said)).hex() != body.get("digest"):
        raise BadInput("report-digest-differs", message="上报的数据与摘要不一致，未予接收。")
    answer, _ = ReportAnswer.objects.get_or_create(
        demand=demand,
        province=province,
        version=int(str(said["version"])),
        defaults={
            "figures": figures,
            "note": str(said["note"])[:300],
            "digest": str(body["digest"]),
            "received_at": at,
        },
    )
    return Outcome(answer, on=demand, facts={"province": province, "version": answer.version})


def _are_counts(figures: Mapping[str, Any]) -> bool:
    return all(isinstance(value, int) and not isinstance(value, bool) and value >= 0 for value in figures.values())
