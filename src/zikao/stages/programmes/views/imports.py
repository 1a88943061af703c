"""Files of plans: uploaded, looked at line by line, brought in whole or put away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Link,
    Pill,
    Table,
    action,
    object_page,
    staff_page,
    steps_of,
    table_page,
    tell,
)
from zikao.stages.programmes import commands, policies, queries
from zikao.stages.programmes.forms.actions import ApplyForm, PlansForm
from zikao.stages.programmes.models import PlanImport
from zikao.stages.programmes.states import ImportState

TONES = {"staged": "due", "applied": "done", "dropped": "plain"}
tell(
    **{
        "programmes.plans-staged": "上传考试计划文件预演",
        "programmes.plan-import-applied": "导入预演过的考试计划",
        "programmes.plan-import-dropped": "放弃导入",
    }
)


def _state(row: PlanImport) -> Pill:
    return Pill.of(row.state, ImportState, TONES)  # type: ignore[arg-type]


@staff_page(posts=policies.PLAN_KEEPERS)
def import_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The files of plans, the newest first."""
    table = Table(
        queries.plan_imports(),
        (
            Column("staged_at", "上传时间", "datetime", sortable=True),
            Column("file_name", "文件"),
            Column("since", "启用日期", "date"),
            Column("state", "状态", "pill", value=_state),
        ),
        link=lambda row: reverse("programmes:plan-import", args=[row.pk]),
        order="-staged_at",
        empty="还没有上传过考试计划文件。",
    )
    importing = Action("导入考试计划", "programmes:import-plans", posts=policies.PLAN_KEEPERS)
    return table_page(request, title="考试计划导入记录", table=table, actions=[importing])


@staff_page(posts=policies.PLAN_KEEPERS)
def import_page(request: HttpRequest, actor: Actor, import_id: int) -> HttpResponse:
    """One file: what it changes and what is wrong with it; apply or drop."""
    found = queries.plan_import(import_id)
    rows = [row for change in found.changes for row in change["rows"]]
    counts = {kind: sum(row["kind"] == kind for row in rows) for kind in ("added", "changed", "removed")}
    return object_page(
        request,
        kicker="考试计划导入",
        title=found.file_name,
        pill=_state(found),
        facts=[
            Fact("启用日期", found.since, "date"),
            Fact("专业", len(found.changes), "number"),
            Fact("新增课程", counts["added"], "number"),
            Fact("改动课程", counts["changed"], "number"),
            Fact("删去课程", counts["removed"], "number"),
            Fact("不能导入的问题", len(found.problems), "number"),
            Fact("内容摘要", found.digest[:16], "code", note="SM3，前16位；导入时核对"),
        ],
        steps=steps_of(ImportState, found.state, path=["staged", "applied"]),
        actions=_actions(found),
        history=f"programmes.planimport:{found.pk}",
        back=Link("导入记录", reverse("programmes:plan-imports")),
        extra_template="programmes/_changes.html",
        context={"changes": found.changes, "problems": found.problems},
    )


def _actions(found: PlanImport) -> list[Action]:
    waiting, why = found.state == ImportState.STAGED, f"这份文件{found.get_state_display()}。"
    applying = Action(
        "导入",
        "programmes:apply-plan-import",
        {"import_id": found.pk},
        "按上面所示的改动全部导入；有一处与预演不同就都不导入。",
        clause="SR-18.1.1",
    ).open_if(waiting, why)
    dropping = Action("放弃", "programmes:drop-plan-import", {"import_id": found.pk}, "不导入这份文件。")
    return [
        applying.open_if(not found.problems, f"有 {len(found.problems)} 处问题，改好文件后重新上传。", "SR-18.1.1"),
        dropping.open_if(waiting, why),
    ]


def _shown(actor: Actor, import_id: int) -> dict[str, Any]:
    return {"digest": queries.plan_import(import_id).digest}


import_plans = action(
    commands.stage_plans,
    PlansForm,
    title="导入考试计划",
    what="上传计划文件，先列出每个专业会新增、改动、删去什么和每一处问题；此时不改动任何计划，核对后再导入。",
    clause="SR-18.1.1",
    button="预演",
    done="已列出改动，请核对后导入。",
    arguments=lambda data: {
        "plans": data["plans"].plans,
        "since": data["since"],
        "file_name": data["plans"].file_name,
    },
    back=lambda receipt: reverse("programmes:plan-import", args=[receipt.value.pk]),
)
apply_plan_import = action(
    commands.apply_plan_import,
    ApplyForm,
    title="导入预演过的考试计划",
    what="全部计划一次导入。同一专业的原计划自启用日期起停用，进入过渡期。",
    clause="SR-18.1.1",
    button="导入",
    done="考试计划已导入。",
    initial=_shown,
    back="programmes:plan-import",
)
drop_plan_import = action(
    commands.drop_plan_import,
    title="放弃导入",
    what="这份文件不再导入；改好后可以重新上传。",
    button="放弃",
    done="已放弃。",
    back="programmes:plan-import",
)
