"""Alarms about ledgers: the list, the evidence, what was found out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Step,
    Table,
    Waiting,
    action,
    few,
    object_page,
    staff_page,
    table_page,
    waits_for,
)
from zikao.foundation.provinces import node_title
from zikao.foundation.witness import commands, queries
from zikao.foundation.witness.models import Alarm, Settlement
from zikao.foundation.witness.states import AlarmKind
from zikao.portals.trust import forms, policies
from zikao.portals.trust.views.verifying import BACK


def _state(row: Alarm) -> Pill:
    settled = getattr(row, "settlement", None)
    return Pill(settled.get_how_display(), "done") if settled else Pill("未处理", "danger")


@waits_for({Post.AUDITOR}, "账本告警待查明", "EA-49.1", stage="trust")
def open_alarms(actor: Actor) -> Asked:
    """Alarms that nobody settled."""
    rows = queries.open_alarms().order_by("id")
    yield rows
    count, found = few(rows, 1)
    first = found[0] if found else None
    return Waiting(count, reverse("trust:alarms"), since=first.found_at if first else None)


@staff_page(posts=policies.READERS)
def alarm_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All alarms, settled or not: none is ever deleted."""
    table = Table(
        Alarm.objects.select_related("settlement"),
        (
            Column("found_at", "发现时间", "datetime"),
            Column("origin", "节点", "node"),
            Column("kind", "情形", value=lambda row: row.get_kind_display()),
            Column("told_by", "发现者", value=lambda row: node_title(row.told_by) or "本节点"),
            Column("state", "状态", "pill", value=_state),
        ),
        filters=(Filter("kind", "情形", kind="choice", choices=AlarmKind.choices),),
        link=lambda row: reverse("trust:alarm", args=[row.pk]),
        order="-id",
        empty="没有告警：见证过的每个节点都只有一本账。",
    )
    intro = "一个节点拿出两本互相矛盾的账，就会在这里留下永久的记录和双方签名的证据。"
    declare = Action("声明备份恢复", "trust:declare-restore")
    return table_page(request, title="账本告警", intro=intro, table=table, actions=[declare], back=BACK)


@staff_page(posts=policies.READERS)
def alarm(request: HttpRequest, actor: Actor, alarm_id: int) -> HttpResponse:
    """One alarm with both signed notes and what was found out."""
    row = Alarm.objects.filter(pk=alarm_id).first()
    if row is None:
        raise NotFound("not-found", facts={"alarm": alarm_id})
    settled = Settlement.objects.filter(alarm=row).first()
    return object_page(
        request,
        kicker="账本告警",
        title=f"{node_title(row.origin)}：{row.get_kind_display()}",
        pill=_state(row),
        facts=_facts(row, settled),
        steps=_steps(row, settled),
        actions=_actions(row, settled),
        history=f"witness.alarm:{row.pk}",
        back=Link("账本告警", reverse("trust:alarms")),
    )


def _facts(row: Alarm, settled: Settlement | None) -> dict[str, list[Fact]]:
    found = [
        Fact("节点", row.origin, "node"),
        Fact("情形", row.get_kind_display(), clause="EA-49.1"),
        Fact("发现者", node_title(row.told_by) or "本节点"),
        Fact("发现时间", row.found_at, "datetime"),
    ]
    notes = [Fact("原先见证的", row.held_note), Fact("后来出示的", row.shown_note)]
    result = [Fact("处理", settled.get_how_display()), Fact("原因和依据", settled.reason)] if settled else []
    return {"情况": found, "证据（两份签名的检查点）": notes, "查明结果": result}


def _actions(row: Alarm, settled: Settlement | None) -> list[Action]:
    ids = {"alarm_id": row.pk}
    settle_it = Action("记录查明结果", "trust:settle", ids, "写明原因和依据；证据仍然公开。", clause="SR-A1.10b")
    evidence = Action("下载证据", "trust:evidence", ids, "两份检查点和签名，任何人都能核对。", posts=policies.READERS)
    return [settle_it.open_if(settled is None, "已经处理过，处理结果不能改写。"), evidence]


def _steps(row: Alarm, settled: Settlement | None) -> tuple[Step, ...]:
    found = Step("发现", "past" if settled else "present", row.found_at)
    return found, Step("查明", "present" if settled else "future", settled.settled_at if settled else None)


settle = action(
    commands.settle_alarm,
    forms.ReasonForm,
    title="记录查明结果",
    what="写明这次告警的原因和依据。告警和证据永久保存、永久公开；此后见证节点恢复为该节点签名。",
    clause="SR-A1.10b",
    done="查明结果已记录。",
    back="trust:alarm",
)
