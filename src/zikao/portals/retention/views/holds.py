"""Holds: which cases keep which things longer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    action,
    object_page,
    staff_page,
    table_page,
)
from zikao.foundation.pages.formats import moment_text
from zikao.foundation.retention import commands, policies, queries
from zikao.foundation.retention.models import Hold
from zikao.portals.retention import forms

SHOWN = 500
"""So many things are listed to be chosen one by one; the others are named by their matter."""


def _pill(hold: Hold) -> Pill:
    return Pill("已解除", "done") if hold.released_at else Pill("暂缓中", "danger")


def _standing(rows: Any, value: str) -> Any:
    return rows.filter(released_at__isnull=value == "open") if value in ("open", "released") else rows.none()


@staff_page(posts=policies.READERS)
def hold_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The holds of the actor's subtree."""
    table = Table(
        queries.holds(actor).prefetch_related("things"),
        (
            Column("title", "事由"),
            Column("cases", "案件", value=lambda hold: "、".join(hold.cases) or "—"),
            Column("things", "内容", "number", value=lambda hold: len(hold.things.all())),
            Column("placed_at", "提出时间", "datetime"),
            Column("state", "状态", "pill", value=_pill),
        ),
        filters=(
            Filter("standing", "状态", "choice", (("open", "暂缓中"), ("released", "已解除")), lookup=_standing),
            Filter("title", "事由", lookup="title__contains"),
        ),
        link=lambda hold: reverse("retention:hold", args=[hold.pk]),
        order="-id",
        empty="没有暂缓销毁的材料。",
    )
    back = Link("保管的材料", reverse("retention:list"))
    return table_page(
        request, title="暂缓销毁", table=table, actions=[Action("暂缓销毁", "retention:place-hold")], back=back
    )


@staff_page(posts=policies.READERS)
def hold_page(request: HttpRequest, actor: Actor, hold_id: int) -> HttpResponse:
    """One hold: why, for which cases, what it keeps."""
    hold = queries.hold(actor, hold_id)
    things = [thing.holding for thing in hold.things.select_related("holding")]
    facts = [
        Fact("理由", hold.reason),
        Fact("案件", "、".join(hold.cases) or "—"),
        Fact("提出", f"{queries.name_of(hold.placed_by)}　{moment_text(hold.placed_at)}"),
    ]
    if hold.released_at:
        facts += [
            Fact("解除", f"{queries.name_of(hold.released_by)}　{moment_text(hold.released_at)}"),
            Fact("解除理由", hold.release_reason),
        ]
    kept = [Fact(each.matter, each.title, "link", href=reverse("retention:holding", args=[each.pk])) for each in things]
    release = Action(
        "解除暂缓", "retention:release-hold", {"hold_id": hold.pk}, "这些材料期满后即可销毁。", danger=True
    )
    return object_page(
        request,
        kicker="暂缓销毁",
        title=hold.title,
        pill=_pill(hold),
        facts={"": facts, "继续保存的内容": kept},
        actions=[
            release.open_if(hold.released_at is None, "已经解除。").open_if(
                hold.placed_by != actor.account_id, "不能解除自己提出的暂缓，请由另一位负责人办理。", "EA-44"
            )
        ],
        history=f"retention.hold:{hold.pk}",
        back=Link("暂缓销毁", reverse("retention:holds")),
    )


def _things(actor: Actor, **kwargs: Any) -> Mapping[str, Any]:
    rows = queries.holdings(actor).exclude(destructions__destruction__state="destroyed").order_by("-id")
    left_out = max(0, rows.count() - SHOWN)
    return {
        "things": [(each.pk, f"{each.matter}　{each.title}") for each in rows[:SHOWN]],
        "left_out": left_out,
        "of_matters": lambda matters: list(rows.filter(matter__in=matters).values_list("matter", "pk")),
    }


place_hold = action(
    commands.place_hold,
    forms.HoldForm,
    title="暂缓销毁",
    what="所选内容期满后也不销毁，直到另一位负责人解除。",
    clause="EA-44",
    done="已暂缓销毁。",
    form_options=_things,
    back=lambda receipt: reverse("retention:hold", args=[receipt.value.pk]),
)
release_hold = action(
    commands.release_hold,
    forms.ReleaseForm,
    title="解除暂缓",
    what="解除之后，期满的内容即可办理销毁。",
    clause="EA-44",
    danger=True,
    done="已解除。",
    back="retention:hold",
)
