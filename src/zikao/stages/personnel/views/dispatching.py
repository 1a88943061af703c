"""Central dispatch: what the province draws and sends."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import Action, Column, Fact, Link, Table, action, object_page, staff_page, table_page
from zikao.stages.agencies.queries import sites_of
from zikao.stages.personnel import commands, forms, policies, queries
from zikao.stages.personnel.views import naming
from zikao.stages.personnel.views.printing import in_parts


@staff_page(posts=policies.VIEWERS)
def dispatch_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The province's draws."""
    table = Table(
        queries.dispatches(actor),
        (
            Column("number", "调派文号"),
            Column("sitting_code", "考次", "code"),
            Column("first_on", "首个考试日", "date"),
            Column("last_on", "最后考试日", "date"),
            Column("pool", "人员库", "number"),
            Column("drawn_at", "抽签时间", "datetime", sortable=True),
        ),
        link=lambda row: reverse("personnel:dispatched", args=[row.pk]),
        order="-drawn_at",
        empty="还没有统一调派。必要时由省级从人员库中抽签，跨考点调派。",
    )
    actions = [Action("统一调派", "personnel:dispatch", clause="EA-25.5")]
    return table_page(request, title="省级统一调派", table=table, actions=actions)


@staff_page(posts=policies.VIEWERS)
def dispatched(request: HttpRequest, actor: Actor, dispatch_id: int) -> HttpResponse:
    """One draw and who was sent where."""
    found = queries.dispatch_of(actor, dispatch_id)
    here = {"dispatch_id": found.pk}
    places = list(queries.places_in(found))
    units = len({each.person.unit for each in places if each.recalled_at is None})
    return object_page(
        request,
        kicker="省级统一调派",
        title=found.number,
        back=Link("省级统一调派", reverse("personnel:dispatches")),
        facts=[
            Fact("考次", found.sitting_code, "code"),
            Fact("首个考试日", found.first_on, "date"),
            Fact("最后考试日", found.last_on, "date"),
            Fact("人员库", found.pool, "number", clause="EA-25.5"),
            Fact("调派人数", sum(each.recalled_at is None for each in places), "number"),
            Fact("撤回", sum(each.recalled_at is not None for each in places), "number"),
            Fact("抽签种子", found.seed, "code"),
            Fact("名单摘要（SM3）", found.digest, "code"),
            Fact("抽签时间", found.drawn_at, "datetime"),
        ],
        actions=[
            Action("打印调派名单", "personnel:dispatch-list", here, "按考点列出。"),
            *in_parts(Action("打印调派函", "personnel:dispatch-letters", here, "每个派出单位一份。"), units),
        ],
        history=f"personnel.dispatch:{found.pk}",
        extra_template="personnel/_dispatched.html",
        context={"places": places},
    )


def _options(actor: Actor, **_: object) -> dict[str, Any]:
    return {"sites": dict(sites_of(actor).values_list("code", "pk")), "sittings": queries.sittings()}


dispatch = action(
    commands.dispatch_people, forms.DispatchForm, title="省级统一调派", clause="EA-25.5", button="抽签调派",
    what="从人员库中抽签，派往各考点；不派到本人单位，优先派到外地；派出后其他考点不能再安排。",
    done="已抽签调派，可以打印名单和调派函。", form_options=_options,
    back=lambda receipt: reverse("personnel:dispatched", args=[receipt.value.pk]),
)  # fmt: skip
recall = action(
    commands.recall_person, forms.ReasonForm, about=naming.place,
    title="撤回调派人员", clause="EA-25.5", button="撤回", danger=True,
    what="因病、因回避等不能到岗的，撤回调派；在考点还没有履行的聘任随即停止。缺额请另行调派。",
    done="已撤回，请另行调派。",
    back=lambda receipt, **url: reverse("personnel:dispatched", args=[receipt.value.dispatch_id]),
)  # fmt: skip
