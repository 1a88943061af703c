"""The list of incidents, and the page of one: facts, steps with their clocks, whom to call, actions, history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
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
    few,
    object_page,
    staff_page,
    steps_of,
    table_page,
    tell,
    waits_for,
)
from zikao.foundation.pages.revealing import revealing
from zikao.stages.agencies.policies import PHONE_REVEALERS
from zikao.stages.incidents import policies, queries, rules
from zikao.stages.incidents.commands.following import closing
from zikao.stages.incidents.models import Incident, Report
from zikao.stages.incidents.states import IncidentState

TONES = {"open": "danger", "final": "due", "closed": "done", "withdrawn": "plain"}
PATH = (IncidentState.OPEN, IncidentState.FINAL, IncidentState.CLOSED)
ENDED = "这一事件已经结束。"

tell(**{"incidents.step-recorded": "教育部考试中心收到、签收或转报"})


def place_of(found: Incident) -> str:
    """Where it happened, in words."""
    if found.site is None:
        return f"{found.agency_code} 整个辖区"
    room = f" 第{found.room.number}考场" if found.room else ""
    return f"{found.site.code} {found.site.name}{room}"


def _kind(found: Incident) -> str:
    return queries.kind_name(found.kind, clock.local_day(found.reported_at))


@staff_page(posts=policies.READERS)
def incident_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every incident in the actor's range."""
    table = Table(
        queries.incidents(actor),
        (
            Column("number", "编号", "code"),
            Column("kind", "类别", value=_kind),
            Column("place", "地点", value=place_of),
            Column("happened_at", "发生时间", "datetime"),
            Column("reported_at", "报告时间", "datetime", sortable=True),
            Column("is_major", "上报", value=lambda row: "教育部考试中心" if row.is_major else "省级"),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, IncidentState, TONES)),  # type: ignore[arg-type]
        ),
        filters=(
            Filter("state", "状态", "choice", IncidentState.choices),
            Filter("kind", "类别", "choice", queries.kind_choices(clock.today())),
            Filter("agency", "机构代码", lookup="agency_code__startswith"),
            Filter("sitting", "考次", lookup="sitting__code"),
            Filter("number", "编号", lookup="number__startswith"),
        ),
        link=lambda row: reverse("incidents:incident", args=[row.pk]),
        order="-reported_at",
        empty="没有突发事件。",
    )
    actions = [Action("报告突发事件", "incidents:report", danger=True)]
    return table_page(request, title="突发事件", table=table, actions=actions)


@staff_page(posts=policies.READERS)
def incident_page(request: HttpRequest, actor: Actor, incident_id: int) -> HttpResponse:
    """One incident."""
    found, now = queries.incident(actor, incident_id), clock.now()
    reports = queries.reports_of(found)
    return object_page(
        request,
        kicker="突发事件",
        title=f"{_kind(found)}　{place_of(found)}",
        pill=Pill.of(found.state, IncidentState, TONES),  # type: ignore[arg-type]
        facts=_facts(found),
        steps=_steps(found, reports),
        actions=_actions(found, actor, now),
        history=f"incidents.incident:{found.pk}",
        back=Link("突发事件", reverse("incidents:list")),
        extra_template="incidents/_incident.html",
        context={
            "incident": found,
            "reports": [_shown(actor, found, report, now) for report in reports],
            "told": queries.told_of(found),
            "lacks": queries.group_lacks(found),
            "may_reveal": actor.post in PHONE_REVEALERS,
            "may_call": actor.post in policies.CALLERS,
        },
    )


def _shown(actor: Actor, found: Incident, report: Report, now: datetime) -> dict[str, Any]:
    """A report as the page shows it; the content of a secret one is only told, with a reason, on its own page."""
    legs = queries.legs_of(found, report, now)
    may_read = queries.may_read(actor, report)
    open_here = not found.is_secret
    return {
        "report": report,
        "legs": legs,
        "content": queries.content_of(report) if open_here else "",
        "may_read": may_read and found.is_secret and actor.post in policies.REPORTERS,
        "files": list(report.files.all()) if may_read else [],
    }


def _facts(found: Incident) -> list[Fact]:
    day, province = clock.local_day(found.reported_at), found.agency_code[:2] or None
    minutes = queries.minutes_between(found.happened_at, found.reported_at)
    timely = rules.REPORTED_AT_ONCE(on=day, minutes=minutes, province=province)
    late = timely.refusals[0].message if timely.refusals else ""
    unit = f"{found.sitting.code} {found.unit or '各单元'}" if found.sitting else "与某个单元无关"
    return [
        Fact("编号", found.number, "code"),
        Fact("类别", _kind(found), clause="EA-30.2"),
        Fact("发生时间", found.happened_at, "datetime"),
        Fact("初报时间", found.reported_at, "datetime", note=late or f"发生后 {minutes} 分钟"),
        Fact("地点", place_of(found)),
        Fact("考试", unit),
        Fact("课程", "、".join(found.course_codes) or "各课程"),
        Fact("报告到", "省级、教育部考试中心、教育部应急领导小组" if found.is_major else "省级", clause="EA-30.2"),
        Fact("内容", "涉密，只对负有职责的人开放" if found.is_secret else "内部", clause="EA-4.1"),
    ]


def _steps(found: Incident, reports: list[Report]) -> tuple[Step, ...]:
    reached = {str(IncidentState.OPEN): found.reported_at}
    reached |= {str(IncidentState.FINAL): each.made_at for each in reports if each.kind == "final"}
    if found.ended_at is not None:
        reached[found.state] = found.ended_at
    return steps_of(IncidentState, found.state, reached=reached, path=PATH)


def _actions(found: Incident, actor: Actor, now: datetime) -> list[Action]:
    on, live = {"incident_id": found.pk}, found.ended_at is None
    own = policies.receiver_of(actor.post)
    waiting = bool(queries.unacknowledged(found, own)) if own else False
    return [
        Action("签收", "incidents:acknowledge", on, "表示本级已经收到全部报告。", clause="EA-30.2")
        .open_if(waiting, "本级没有待签收的报告。", "EA-30.2"),
        Action("续报、终报", "incidents:follow-up", on, "补充新的情况和措施，或者报告处置结果。", clause="EA-30.2")
        .open_if(live, ENDED, "EA-30.2"),
        Action("办结", "incidents:close", on, "签署理由，结束这一事件。", clause="EA-5.2")
        .open_if(live, ENDED, "EA-5.2").given(closing(found, now)),
        Action("撤销误报", "incidents:withdraw", on, "写明理由；先前的报告保留。", clause="EA-30.2", danger=True)
        .open_if(live, ENDED, "EA-30.2"),
        Action("打印突发事件报告", "incidents:paper", on, "各次报告和签收情况。", clause="EA-30.2"),
    ]  # fmt: skip


@staff_page(posts=policies.READERS)
def report_page(request: HttpRequest, actor: Actor, report_id: int) -> HttpResponse:
    """A report's page is the incident's."""
    return redirect("incidents:incident", queries.readable_report(actor, report_id).incident_id)


reveal_content = revealing(
    "incidents.content",
    posts=policies.REPORTERS,
    subject=lambda actor, report_id: str(queries.readable_report(actor, report_id)),
    back="incidents:one-report",
)


def _waiting(rows: Any) -> Asked:
    yield rows
    count, first = few(rows)
    items = tuple(
        Item(f"{_kind(each)}　{place_of(each)}", reverse("incidents:incident", args=[each.pk]), each.reported_at)
        for each in first
    )
    return Waiting(count, reverse("incidents:list"), items[0].since if items else None, items=items)


@waits_for(policies.ACKNOWLEDGERS, "待签收的突发事件报告", "EA-30.2", stage="incidents")
def to_acknowledge(actor: Actor) -> Waiting | Asked:
    """Incidents of which a report waits for this level."""
    own = policies.receiver_of(actor.post)
    return _waiting(queries.unacknowledged_incidents(actor, own)) if own else Waiting(0)


@waits_for(policies.CALLERS, "还没有人告知省应急领导小组的突发事件", "EA-5.2", stage="incidents")
def to_tell(actor: Actor) -> Asked:
    """Live incidents of which no member of the group knows."""
    return _waiting(queries.untold_incidents(actor))


@waits_for({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_HEAD}, "可以办结的突发事件", "EA-5.2", stage="incidents")
def to_close(actor: Actor) -> Asked:
    """Incidents with a final report."""
    return _waiting(queries.incidents(actor).filter(state=IncidentState.FINAL).order_by("reported_at"))
