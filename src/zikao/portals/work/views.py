"""One's own long work: the list, one piece with its bar, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock, storage
from zikao.foundation.actors import STAFF_POSTS, Actor
from zikao.foundation.errors import NotFound
from zikao.foundation.jobs import queries
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.states import ENDED, WorkState
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    object_page,
    staff_page,
    steps_of,
    table_page,
    tell,
)
from zikao.foundation.pages.parts import Tone

TONES: dict[str, Tone] = {"waiting": "due", "running": "info", "done": "done", "failed": "danger"}
PATH = (WorkState.WAITING, WorkState.RUNNING, WorkState.DONE)
COUNTED = {
    "notices": "通知单",
    "files": "PDF 个数",
    "lines": "账本行",
    "stored_files": "抽查的数据文件",
    "problems": "发现的问题",
    "megabytes": "数据量（MB）",
    "objects": "备份对象",
    "held": "通过的项目",
    "failed": "未通过的项目",
}
"""What the counts of a summary are called."""

tell(**{"jobs.work-done": "任务完成", "jobs.work-failed": "任务未完成", "seating.notices-ordered": "开始准备通知单"})


def _state(work: Work) -> Pill:
    return Pill.of(work.state, WorkState, TONES)


@staff_page
def my_work(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What I asked for, with how far it is."""
    table = Table(
        queries.work_of(actor),
        (
            Column("title", "任务"),
            Column("state", "状态", "pill", value=_state),
            Column("done", "已完成", "number"),
            Column("total", "总数", "number"),
            Column("queued_at", "提出时间", "datetime"),
            Column("ended_at", "结束时间", "datetime"),
        ),
        filters=(Filter("state", "状态", kind="choice", choices=WorkState.choices),),
        link=lambda work: reverse("work:one", args=[work.pk]),
        order="-id",
        empty="您还没有提出过长时间任务。打印一个县区的通知单这样的事，会在这里显示进度和结果。",
    )
    return table_page(request, title="长时间任务", table=table)


@staff_page
def one(request: HttpRequest, actor: Actor, work_id: int) -> HttpResponse:
    """One piece of work: its bar while it goes on, its summary at the end."""
    work = queries.piece_of_work(actor, work_id)
    reached = {"waiting": work.queued_at, "running": work.started_at, work.state: work.ended_at or work.started_at}
    download = Action("下载结果", "work:result", {"work_id": work.pk}, work.result_name, posts=STAFF_POSTS)
    return object_page(
        request,
        kicker="长时间任务",
        title=work.title,
        pill=_state(work),
        facts={"基本情况": _facts(work), "结果": _summary(work)},
        steps=steps_of(WorkState, work.state, path=PATH, reached={s: at for s, at in reached.items() if at}),
        actions=[
            download.open_if(bool(work.result), "任务还没有完成。" if work.state not in ENDED else "没有结果文件。")
        ],
        history=f"jobs.work:{work.pk}",
        back=Link("长时间任务", reverse("work:mine")),
        extra_template="work/_progress.html",
        context=_progress(work),
    )


@staff_page
def progress(request: HttpRequest, actor: Actor, work_id: int) -> HttpResponse:
    """The bar alone, for the page that asks again and again; at the end the page is drawn anew."""
    work = queries.piece_of_work(actor, work_id)
    answer = render(request, "work/_progress.html", _progress(work))
    if work.state in ENDED:
        answer["HX-Refresh"] = "true"
    return answer


@staff_page
def result(request: HttpRequest, actor: Actor, work_id: int) -> HttpResponse:
    """The file that came of it."""
    work = queries.piece_of_work(actor, work_id)
    if not work.result:
        raise NotFound("no-result", message="这项任务还没有结果文件。", remedy="完成后再来下载。")
    where = f'attachment; filename="{work.result_name}"'
    content = storage.get(work.result)
    return HttpResponse(content, content_type=work.media_type, headers={"Content-Disposition": where})


def _facts(work: Work) -> list[Fact]:
    facts = [
        Fact("任务编号", work.pk, "code"),
        Fact("提出时间", work.queued_at, "datetime"),
        Fact("开始时间", work.started_at or "尚未开始", "datetime" if work.started_at else "text"),
    ]
    if work.ended_at is not None and work.started_at is not None:
        facts += [
            Fact("结束时间", work.ended_at, "datetime"),
            Fact("用时", _spoken(work.ended_at - work.started_at)),
        ]
    return facts


def _summary(work: Work) -> list[Fact]:
    if work.state == WorkState.FAILED:
        return [Fact("未完成的原因", work.trouble), Fact("此前已处理", f"{work.done} / {work.total}")]
    counts = [Fact(COUNTED.get(name, name), count, "number") for name, count in work.summary.items()]
    whole = Fact("应处理与已处理", f"{work.total} = {work.done}")
    return [whole, *counts, Fact("结果文件", work.result_name or "—")] if work.state == WorkState.DONE else []


def _progress(work: Work) -> dict[str, Any]:
    left = queries.time_left(work, clock.now())
    return {
        "work": work,
        "ended": work.state in ENDED,
        "label": work.get_state_display(),
        "done": work.done,
        "total": work.total,
        "left": f"大约还要 {_spoken(left)}" if left is not None else "",
    }


def _spoken(time: timedelta) -> str:
    seconds = max(1, round(time.total_seconds()))
    return f"{seconds} 秒" if seconds < 60 else f"{seconds // 60} 分 {seconds % 60} 秒"
