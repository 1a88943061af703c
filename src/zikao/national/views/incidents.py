"""The grave incidents of the provinces: listed, acknowledged, passed on to the ministry's group."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Item,
    Link,
    Pill,
    Step,
    Table,
    Waiting,
    action,
    few,
    object_page,
    staff_page,
    steps_of,
    table_page,
    tell,
    waits_for,
)
from zikao.foundation.pages.revealing import revealing
from zikao.national import commands, policies
from zikao.national.models import IncidentReport, ReportedIncident
from zikao.national.models.incidents import CONTENT
from zikao.national.queries import incidents as queries
from zikao.stages.incidents.forms import CallForm
from zikao.stages.incidents.queries import kind_choices, kind_name, minutes_between
from zikao.stages.incidents.states import STATE_AFTER, IncidentState, ReportKind
from zikao.stages.incidents.views.incidents import PATH, TONES

tell(**{"national.incident-received": "收到省级突发事件报告"})


def _kind(found: ReportedIncident) -> str:
    return kind_name(found.kind, clock.local_day(found.reported_at))


def _place(found: ReportedIncident) -> str:
    room = f" 第{found.scope['room']}考场" if found.scope["room"] else ""
    return f"{found.scope['site']}{room}" if found.scope["site"] else f"{found.scope['agency']} 整个辖区"


@staff_page(posts=policies.READERS)
def incident_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every incident that came in."""
    table = Table(
        queries.reported_incidents(),
        (
            Column("arrived_at", "到达时间", "datetime", sortable=True),
            Column("province", "省份", "code"),
            Column("number", "编号", "code"),
            Column("kind", "类别", value=_kind),
            Column("place", "地点", value=_place),
            Column("happened_at", "发生时间", "datetime"),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, IncidentState, TONES)),  # type: ignore[arg-type]
        ),
        filters=(
            Filter("province", "省份"),
            Filter("state", "状态", "choice", IncidentState.choices),
            Filter("kind", "类别", "choice", kind_choices(clock.today())),
            Filter("number", "编号", lookup="number__startswith"),
        ),
        link=lambda row: reverse("national:incident", args=[row.pk]),
        order="-arrived_at",
        empty="各省没有报告重大突发事件。",
    )
    return table_page(request, title="各省突发事件", table=table)


@staff_page(posts=policies.READERS)
def incident_page(request: HttpRequest, actor: Actor, incident_id: int) -> HttpResponse:
    """One incident with its reports."""
    found, now = queries.reported_incident(incident_id), clock.now()
    reports = queries.reports_of(found)
    return object_page(
        request,
        kicker=f"突发事件　{found.province}",
        title=f"{_kind(found)}　{_place(found)}",
        pill=Pill.of(found.state, IncidentState, TONES),  # type: ignore[arg-type]
        facts=_facts(found),
        steps=_steps(found, reports),
        actions=_actions(found),
        history=f"national.reportedincident:{found.pk}",
        back=Link("各省突发事件", reverse("national:incidents")),
        extra_template="national/_incident.html",
        context={
            "incident": found,
            "reports": [_shown(report, actor, found, now) for report in reports],
            "told": queries.told_of(found),
            "lacks": queries.group_lacks(found),
            "may_reveal": actor.post in policies.OFFICERS,
            "may_call": actor.post in policies.OFFICERS,
        },
    )


def _shown(report: IncidentReport, actor: Actor, found: ReportedIncident, now: datetime) -> dict[str, Any]:
    return {
        "report": report,
        "legs": queries.legs_of(report, now),
        "content": "" if found.is_secret else CONTENT.text(report),
        "may_read": found.is_secret and actor.post in policies.OFFICERS,
    }


def _facts(found: ReportedIncident) -> list[Fact]:
    scope, way = found.scope, minutes_between(found.reported_at, found.arrived_at)
    unit = f"第{scope['unit']}单元" if scope["unit"] else "各单元"
    return [
        Fact("省份", found.province, "code"),
        Fact("省内编号", found.number, "code"),
        Fact("类别", _kind(found), clause="EA-30.2"),
        Fact("发生时间", found.happened_at, "datetime"),
        Fact("初报时间", found.reported_at, "datetime"),
        Fact("到达时间", found.arrived_at, "datetime", note=f"初报后 {way} 分钟"),
        Fact("地点", _place(found)),
        Fact("考试", f"{scope['sitting']} {unit}" if scope["sitting"] else "与某个单元无关"),
        Fact("课程", "、".join(scope["courses"]) or "各课程"),
        Fact("内容", "涉密，只对负有职责的人开放" if found.is_secret else "内部", clause="EA-4.1"),
    ]


def _steps(found: ReportedIncident, reports: list[IncidentReport]) -> tuple[Step, ...]:
    reached = {str(STATE_AFTER[ReportKind(each.kind)]): each.made_at for each in reports if each.serial > 1}
    return steps_of(
        IncidentState, found.state, reached={**reached, str(IncidentState.OPEN): found.reported_at}, path=PATH
    )


def _actions(found: ReportedIncident) -> list[Action]:
    waiting, what = bool(queries.unacknowledged(found)), "表示已经收到全部报告；省里看到签收人和时间。"
    sign = Action("签收", "national:acknowledge-incident", {"incident_id": found.pk}, what, clause="EA-30.2")
    return [sign.open_if(waiting, "没有待签收的报告。", "EA-30.2")]


@staff_page(posts=policies.READERS)
def report_page(request: HttpRequest, actor: Actor, report_id: int) -> HttpResponse:
    """A report's page is the incident's."""
    return redirect("national:incident", queries.report_by_id(actor, report_id).incident_id)


reveal_content = revealing(
    "national.incident-content",
    posts=policies.OFFICERS,
    subject=lambda actor, report_id: str(queries.report_by_id(actor, report_id)),
    back="national:incident-report",
)
acknowledge = action(
    commands.acknowledge_national_incident, title="签收省级突发事件报告", clause="EA-30.2", button="签收",
    what="表示教育部考试中心已经收到全部报告；省里看到签收人和时间。", done="已签收。", back="national:incident",
)  # fmt: skip


def _back(receipt: Any, incident_id: int, told_id: int) -> str:
    return reverse("national:incident", args=[incident_id])


def _member(actor: Actor, incident_id: int, told_id: int) -> Mapping[str, Any]:
    found = queries.reported_incident(incident_id)
    return {"told": next((each for each in queries.told_of(found) if each.pk == told_id), None)}


call = action(
    commands.pass_on, CallForm, title="登记转报结果", clause="EA-30.2", button="登记",
    what="转报教育部应急领导小组：谁在何时联络了这位成员、结果如何。", done="已登记。",
    extra_template="incidents/_member.html", context=_member, back=_back,
)  # fmt: skip


def _waiting(rows: QuerySet[ReportedIncident]) -> Asked:
    yield rows
    count, first = few(rows)
    items = tuple(
        Item(
            f"{row.province}　{_kind(row)}　{_place(row)}", reverse("national:incident", args=[row.pk]), row.arrived_at
        )
        for row in first
    )
    since = items[0].since if items else None
    return Waiting(count, reverse("national:incidents"), since, items=items)


@waits_for(policies.OFFICERS, "待签收的突发事件报告", "EA-30.2", stage="national")
def to_acknowledge(actor: Actor) -> Asked:
    """Incidents of which a report waits for the centre."""
    return _waiting(queries.unacknowledged_incidents())


@waits_for(policies.OFFICERS, "待转报教育部应急领导小组的突发事件", "EA-30.2", stage="national")
def to_pass_on(actor: Actor) -> Asked:
    """Incidents of which the ministry's group does not know."""
    return _waiting(queries.untold_incidents())
