"""Majors and their plans: courses by group, versions, replacements; for staff and for the public."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Step,
    Table,
    action,
    object_page,
    page_of,
    public_page,
    staff_page,
    table_page,
    tell,
)
from zikao.stages.programmes import commands, policies, queries
from zikao.stages.programmes.forms.actions import MajorForm
from zikao.stages.programmes.forms.plan_sheets import write_plan_sheets
from zikao.stages.programmes.models import Plan
from zikao.stages.programmes.states import Level
from zikao.stages.programmes.views.workbooks import workbook_of

tell(**{"programmes.major-registered": "登记专业", "programmes.plans-imported": "导入专业考试计划"})
COLUMNS = (
    Column("major.code", "专业代码", "code", sortable=True),
    Column("major.name", "专业"),
    Column("major.level", "层次", value=lambda plan: plan.major.get_level_display()),
    Column("version", "版本"),
    Column("examining_school.name", "主考学校"),
    Column("course_count", "课程", "number"),
    Column("min_credits", "最低学分", "number"),
    Column("since", "启用", "date"),
    Column("state", "状态", "pill", value=lambda plan: _in_force(plan)),
)
FILTERS = (
    Filter("code", "专业代码", lookup="major__code__startswith"),
    Filter("name", "专业", lookup="major__name__contains"),
    Filter("level", "层次", kind="choice", choices=Level.choices, lookup="major__level"),
)


@staff_page(posts=policies.VIEWERS)
def plan_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All plans with their major."""
    table = Table(
        queries.plans(),
        COLUMNS,
        filters=FILTERS,
        link=lambda plan: reverse("programmes:plan", args=[plan.pk]),
        order="major.code",
        empty="还没有专业考试计划。请导入计划文件。",
    )
    actions = [
        Action("导入考试计划", "programmes:import-plans", posts=policies.PLAN_KEEPERS),
        Action("导入记录", "programmes:plan-imports", posts=policies.PLAN_KEEPERS),
        Action("下载工作簿", "programmes:plans-workbook", posts=policies.PLAN_KEEPERS),
        Action("登记专业", "programmes:register-major", posts=policies.PLAN_KEEPERS),
        Action("统考课程调整", "programmes:course-kinds", posts=policies.VIEWERS),
    ]
    return table_page(request, title="专业考试计划", table=table, actions=actions)


@staff_page(posts=policies.PLAN_KEEPERS)
def workbook(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The plans in force as a workbook: to be changed and brought in again, and an example of its form."""
    today = clock.today()
    return workbook_of(write_plan_sheets(queries.plans_as_data(today)), f"plans-{today.isoformat()}")


@staff_page(posts=policies.VIEWERS)
def plan_page(request: HttpRequest, actor: Actor, plan_id: int) -> HttpResponse:
    """One plan: facts, versions, courses by group, replacements."""
    plan = queries.plan(plan_id)
    sheet = queries.sheet_of(plan)
    return object_page(
        request,
        kicker="专业考试计划",
        title=f"{plan.major.name}（{plan.major.get_level_display()}）",
        pill=_in_force(plan),
        facts=_facts(sheet),
        steps=_steps(plan),
        actions=[
            Action(
                "导入新版计划",
                "programmes:import-plans",
                {},
                "上传计划文件，先看会改动什么，再导入；本版自新版启用之日起停用，进入过渡期。",
                clause="SR-18.1.1",
                posts=policies.PLAN_KEEPERS,
            ).open_if(plan.until is None, "本版已经停用；请在最新一版上办理。", "SR-18.1.1")
        ],
        history="plans",
        back=Link("专业考试计划", reverse("programmes:plans")),
        extra_template="programmes/_plan.html",
        context={"sheet": sheet, "plan_url": "programmes:plan"},
    )


register_major = action(
    commands.register_major,
    MajorForm,
    title="登记专业",
    what="登记还没有考试计划的专业，考试安排才能写上它；有计划的专业导入计划时自动登记，不用在这里办。",
    button="登记",
    done="专业已登记。",
    back="programmes:plans",
)


def _facts(sheet: queries.PlanSheet) -> dict[str, list[Fact]]:
    plan = sheet.plan
    schools = [Fact(f"主考学校（{area}）", name) for area, name in sheet.schools]
    own = "主考学校（其他地市）" if schools else "主考学校"
    condition = plan.entry_condition or "没有另设条件"
    evidence = f"出示{plan.get_entry_evidence_display()}" if plan.entry_evidence else ""
    over = queries.transition_over(plan, settings.ZIKAO_NODE_CODE or None)
    return {
        "": [
            Fact("专业代码", plan.major.code, "code"),
            Fact("版本", plan.version),
            Fact(own, plan.examining_school.name),
            *schools,
            Fact("报考条件", condition, clause="EA-12.1", note=evidence),
        ],
        "毕业要求": [
            Fact("最低学分", plan.min_credits, "number", clause="SR-18.1.3"),
            Fact("最少课程门数", plan.min_courses or "—", "number"),
            Fact("课程门数", sheet.courses, "number", clause="SR-18.1.1", note="含可选的课程"),
            Fact("全部课程学分", sheet.credits, "number", note="含可选的课程"),
        ],
        "版本衔接": [
            Fact("启用日期", plan.since, "date"),
            Fact("停用日期", plan.until, "date", note="不含当日"),
            Fact("过渡期到", over, "date", clause="SR-18.1.1",
                 note="此前注册的考生在此日之前仍可按本版毕业" if over else "停用之后起算"),
        ],
    }  # fmt: skip


def _steps(plan: Plan) -> tuple[Step, ...]:
    today, over = clock.today(), queries.transition_over(plan, settings.ZIKAO_NODE_CODE or None)
    ends: list[tuple[str, date | None]] = [("尚未启用", plan.since), ("现行", plan.until), ("过渡期", over)]
    present = next((i for i, (_, end) in enumerate(ends) if end is None or today < end), len(ends))
    names = [name for name, _ in ends] + ["已停用"]
    phases = {i: "past" if i < present else "present" if i == present else "future" for i in range(len(names))}
    return tuple(Step(name, phases[i]) for i, name in enumerate(names))  # type: ignore[arg-type]


def _in_force(plan: Plan) -> Pill:
    today = clock.today()
    if today < plan.since:
        return Pill("尚未启用", "info")
    if plan.until is None or today < plan.until:
        return Pill("现行", "done")
    over = queries.transition_over(plan, settings.ZIKAO_NODE_CODE or None)
    return Pill("过渡期", "due") if over is not None and today < over else Pill("已停用")


@public_page
def public_plans(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """The plans in force or in transition, for everybody."""
    table = Table(
        queries.plans(),
        tuple(column for column in COLUMNS if column.key != "since"),
        filters=FILTERS,
        link=lambda plan: reverse("programmes:public-plan", args=[plan.pk]),
        order="major.code",
        empty="还没有公布专业考试计划。",
    )
    return render(request, "programmes/public_plans.html", {"table": page_of(table, request.GET.dict())})


@public_page
def public_plan(request: HttpRequest, actor: Actor | None, plan_id: int) -> HttpResponse:
    """One plan, for everybody."""
    sheet = queries.sheet_of(queries.plan(plan_id), clock.today())
    over = queries.transition_over(sheet.plan, settings.ZIKAO_NODE_CODE or None)
    context = {"sheet": sheet, "plan": sheet.plan, "pill": _in_force(sheet.plan), "over": over,
               "plan_url": "programmes:public-plan"}  # fmt: skip
    return render(request, "programmes/public_plan.html", context)
