"""The report as a paper, and the files that came with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from zikao.foundation import clock, storage
from zikao.foundation.actors import Actor
from zikao.foundation.documents import media_type, render
from zikao.foundation.pages import staff_page
from zikao.foundation.regulation import clause
from zikao.stages.agencies.models import Agency
from zikao.stages.incidents import policies, queries
from zikao.stages.incidents.models import Incident, Report
from zikao.stages.incidents.states import CallOutcome
from zikao.stages.incidents.views.incidents import place_of

WITHHELD = "内容涉密，另按保密规定报送。"


@staff_page(posts=policies.READERS)
def report_paper(request: HttpRequest, actor: Actor, incident_id: int) -> HttpResponse:
    """突发事件报告 as a paper."""
    found = queries.incident(actor, incident_id)
    headers = {"Content-Disposition": f'inline; filename="incident-{found.pk}.pdf"'}
    return HttpResponse(render("incidents/report.typ", paper_of(found)), content_type=media_type, headers=headers)


@staff_page(posts=policies.READERS)
def evidence(request: HttpRequest, actor: Actor, file_id: int) -> HttpResponse:
    """A file of a report, to be saved and not to be shown in the browser."""
    found = queries.report_file(actor, file_id)
    headers = {"Content-Disposition": f'attachment; filename="{found.digest[:12]}"', "Cache-Control": "no-store"}
    return HttpResponse(storage.get(found.digest), content_type=found.media_type, headers=headers)


def paper_of(found: Incident) -> dict[str, Any]:
    """Head, every report with its legs, and whom of the group was told."""
    now, day = clock.now(), clock.local_day(found.reported_at)
    root = Agency.objects.filter(code=found.agency_code[:2]).first()
    return {
        "agency": root.name if root else "",
        "number": found.number,
        "kind": queries.kind_name(found.kind, day),
        "state": found.get_state_display(),
        "happened_at": found.happened_at,
        "reported_at": found.reported_at,
        "place": place_of(found),
        "unit": f"{found.sitting.code} {found.unit or '各单元'}" if found.sitting else "与某个单元无关",
        "courses": "、".join(found.course_codes) or "各课程",
        "reports": [_report(found, report, now) for report in queries.reports_of(found)],
        "told": [_told(each) for each in queries.told_of(found)],
        "lacks": [finding.message for finding in queries.group_lacks(found)],
        "clauses": [clause(cited).chip for cited in ("EA-30.2", "EA-5.2")],
        "printed_on": clock.today(),
    }


def _report(found: Incident, report: Report, now: Any) -> dict[str, Any]:
    return {
        "title": f"{report.get_kind_display()}（第{report.serial}次）",
        "made_at": report.made_at,
        "by": report.by_name,
        "content": WITHHELD if found.is_secret else queries.content_of(report),
        "files": [f"{file.name}（{file.digest[:12]}）" for file in report.files.all()],
        "legs": [
            {
                "receiver": str(leg.receiver.label),
                "arrived": _after(leg.arrived_after) if not leg.is_call else "电话",
                "signed": _after(leg.acknowledged_after) or leg.trouble or "尚未",
                "by": leg.by_name,
                "late": leg.late is not None,
            }
            for leg in queries.legs_of(found, report, now)
        ],
    }


def _after(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes} 分钟"


def _told(told: Any) -> dict[str, str]:
    calls = list(told.calls.all())
    last = calls[-1] if calls else None
    return {
        "role": told.member.get_role_display(),
        "name": told.member.name,
        "unit": told.member.unit,
        "outcome": str(CallOutcome(last.outcome).label) if last else "尚未联络",
        "at": last.called_at if last else "",
        "by": last.by_name if last else "",
    }
