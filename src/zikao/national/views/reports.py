"""Reports upward: demands and who has answered at the centre; tasks and figures in a province."""

from __future__ import annotations

from datetime import datetime, time

from django.http import HttpRequest, HttpResponse
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
    object_page,
    staff_page,
    table_page,
    tell,
    waits_for,
)
from zikao.national import policies
from zikao.national.commands.reports import ask_for_report, send_report
from zikao.national.forms.reports import DemandForm, ReportForm
from zikao.national.models import ReportTask
from zikao.national.queries import reports as queries
from zikao.national.queries.figures import FIGURES

tell(
    **{
        "national.report-asked": "下达上报要求",
        "national.report-task-received": "收到上报要求",
        "national.report-sent": "上报数据",
        "national.report-received": "收到省级上报",
    }
)


@staff_page(posts=policies.READERS)
def demand_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the centre has asked for."""
    table = Table(
        queries.demands(),
        (
            Column("asked_at", "下达时间", "datetime", sortable=True),
            Column("title", "名称"),
            Column("sitting_code", "考次", "code"),
            Column("due_on", "上报期限", "date"),
            Column("answered", "已报省份", "number"),
            Column("provinces", "应报省份", "number", value=lambda row: len(row.provinces)),
        ),
        filters=(Filter("sitting_code", "考次"), Filter("title", "名称", lookup="title__contains")),
        link=lambda row: reverse("national:report", args=[row.pk]),
        order="-asked_at",
        empty="还没有下达过上报要求。",
    )
    asking = Action("下达上报要求", "national:ask-report", posts=policies.OFFICERS)
    return table_page(request, title="考试信息上报", table=table, actions=[asking])


@staff_page(posts=policies.READERS)
def demand_page(request: HttpRequest, actor: Actor, demand_id: int) -> HttpResponse:
    """One demand: every province with its figures, late or missing."""
    found = queries.demand(demand_id)
    rows = queries.standings(found, clock.today())
    done, late = sum(row.answer is not None for row in rows), sum(row.days_late > 0 for row in rows)
    whole = done == len(rows)
    columns = [FIGURES[code] for code in found.figures if code in FIGURES]
    cells = [(row, [row.answer.figures.get(each.code) if row.answer else None for each in columns]) for row in rows]
    return object_page(
        request,
        kicker="考试信息上报",
        title=str(found),
        pill=Pill("已报齐", "done") if whole else Pill(f"已报 {done}/{len(rows)}", "due"),
        facts=[
            Fact("考次", found.sitting_code, "code"),
            Fact("上报期限", found.due_on, "date", clause="EA-48"),
            Fact("应报省份", len(rows), "number"),
            Fact("已报省份", done, "number"),
            Fact("迟报或逾期未报", late, "number"),
        ],
        steps=(
            Step("已下达", "past", found.asked_at),
            Step("各省上报", "past" if whole else "present"),
            Step("报齐", "present" if whole else "future"),
        ),
        history=f"national.reportdemand:{found.pk}",
        back=Link("考试信息上报", reverse("national:reports")),
        extra_template="national/_report.html",
        context={"columns": columns, "rows": cells},
    )


@staff_page(posts=policies.REPORT_READERS)
def task_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the centre asked of this province."""
    table = Table(
        queries.tasks(),
        (
            Column("received_at", "收到时间", "datetime", sortable=True),
            Column("title", "名称"),
            Column("sitting_code", "考次", "code"),
            Column("due_on", "上报期限", "date"),
            Column("versions", "已报版次", "number"),
            Column("state", "状态", "pill", value=_state),
        ),
        filters=(Filter("sitting_code", "考次"),),
        link=lambda row: reverse("national:report-task", args=[row.pk]),
        order="-received_at",
        empty="教育部考试中心还没有要求上报。",
    )
    return table_page(request, title="向教育部考试中心上报", table=table)


def _state(row: ReportTask) -> Pill:
    if row.sent.exists():
        return Pill("已上报", "done")
    return Pill("逾期未报", "danger") if clock.today() > row.due_on else Pill("待上报", "due")


@staff_page(posts=policies.REPORT_READERS)
def task_page(request: HttpRequest, actor: Actor, task_id: int) -> HttpResponse:
    """One task: the figures as they stand now beside what was reported."""
    found = queries.task(task_id)
    sent = list(found.sent.order_by("-version"))
    now = queries.present_figures(found)
    last = sent[0].figures if sent else {}
    sending = Action(
        "更正上报" if sent else "上报",
        "national:send-report",
        {"task_id": found.pk},
        "由系统按现有数据计算各项指标，签名发送；更正的作为新的一版，原来的保留。",
        clause="EA-48",
        posts=policies.REPORTERS,
    )
    same = bool(sent) and all(last.get(figure.code) == value for figure, value in now)
    return object_page(
        request,
        kicker="向教育部考试中心上报",
        title=str(found),
        pill=_state(found),
        facts=_task_facts(found, len(sent)),
        steps=(
            Step("已收到要求", "past", found.received_at),
            Step("已上报", "present" if sent else "future", sent[-1].sent_at if sent else None),
        ),
        actions=[sending.open_if(not same, "现有数据与已报的相同，不需要更正。", "EA-48")],
        history=f"national.reporttask:{found.pk}",
        back=Link("向教育部考试中心上报", reverse("national:report-tasks")),
        extra_template="national/_task.html",
        context={"rows": [(figure, value, last.get(figure.code)) for figure, value in now], "sent": sent},
    )


def _task_facts(found: ReportTask, versions: int) -> list[Fact]:
    return [
        Fact("考次", found.sitting_code, "code"),
        Fact("上报期限", found.due_on, "date", clause="EA-48"),
        Fact("收到时间", found.received_at, "datetime"),
        Fact("已报版次", versions, "number"),
    ]


ask = action(
    ask_for_report,
    DemandForm,
    title="下达上报要求",
    what="签名发送给所选省份；各省由系统按数据计算后签名上报，迟报和未报在这里列出。",
    clause="EA-48",
    button="下达",
    done="已下达。",
    back=lambda receipt: reverse("national:report", args=[receipt.value.pk]),
)
send_figures = action(
    send_report,
    ReportForm,
    title="上报数据",
    what="各项指标由系统按现有数据计算，不能手工填写；签名后发往教育部考试中心。",
    clause="EA-48",
    button="上报",
    done="已上报。",
    back="national:report-task",
)


@waits_for(policies.REPORTERS, "待上报教育部考试中心的数据", "EA-48", stage="national")
def reports_to_send(actor: Actor) -> Asked:
    """What the centre asked for and has not got."""
    asked = queries.open_tasks()
    yield asked
    rows = list(asked[:6])
    items = tuple(
        Item(str(row), reverse("national:report-task", args=[row.pk]), row.received_at, _end_of(row))
        for row in rows[:5]
    )
    due = items[0].due if items else None
    return Waiting(queries.open_tasks().count(), url=reverse("national:report-tasks"), due=due, items=items)


def _end_of(row: ReportTask) -> datetime:
    return datetime.combine(row.due_on, time(23, 59), clock.LOCAL)


@waits_for(policies.OFFICERS, "逾期未报的省份", "EA-48", stage="national")
def reports_overdue(actor: Actor) -> Waiting:
    """Demands whose day is over and that some province has not answered."""
    rows = queries.overdue(clock.today())
    items = tuple(
        Item(f"{found}：{'、'.join(missing)}", reverse("national:report", args=[found.pk]))
        for found, missing in rows[:5]
    )
    return Waiting(sum(len(missing) for _, missing in rows), url=reverse("national:reports"), items=items)
