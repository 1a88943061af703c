"""Majors and their plans: courses, credits, choice groups."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
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
    Table,
    action,
    object_page,
    staff_page,
    table_page,
    tell,
)
from zikao.stages.programmes import commands, policies, queries, rules
from zikao.stages.programmes.forms.actions import PlansForm
from zikao.stages.programmes.models import Plan
from zikao.stages.programmes.states import Level

tell(**{"programmes.major-registered": "登记专业", "programmes.plans-imported": "导入专业考试计划"})


@staff_page(posts=policies.VIEWERS)
def plan_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All plans with their major."""
    table = Table(
        queries.plans(),
        (
            Column("major.code", "专业代码", "code", sortable=True),
            Column("major.name", "专业"),
            Column("major.level", "层次", value=lambda plan: plan.major.get_level_display()),
            Column("version", "版本"),
            Column("examining_school.name", "主考学校"),
            Column("course_count", "课程", "number"),
            Column("min_credits", "最低学分", "number"),
            Column("since", "启用", "date"),
            Column("until", "停用", "date"),
        ),
        filters=(
            Filter("name", "专业", lookup="major__name__contains"),
            Filter("level", "层次", kind="choice", choices=Level.choices, lookup="major__level"),
        ),
        link=lambda plan: reverse("programmes:plan", args=[plan.pk]),
        order="major.code",
        empty="还没有专业考试计划。请导入计划文件。",
    )
    importing = Action("导入考试计划", "programmes:import-plans", posts=policies.PLAN_KEEPERS)
    return table_page(request, title="专业考试计划", table=table, actions=[importing])


@staff_page(posts=policies.VIEWERS)
def plan_page(request: HttpRequest, actor: Actor, plan_id: int) -> HttpResponse:
    """One plan: facts, groups with their rule in words, courses."""
    plan = queries.plan(plan_id)
    courses = list(queries.plan_courses(plan))
    groups = [(group, rules.describe_group(group.rule)) for group in plan.groups.all()]
    return object_page(
        request,
        kicker="专业考试计划",
        title=f"{plan.major.name}（{plan.major.get_level_display()}）",
        pill=_in_force(plan),
        facts=[
            Fact("专业代码", plan.major.code, "code"),
            Fact("版本", plan.version),
            Fact("主考学校", plan.examining_school.name),
            Fact("最低学分", plan.min_credits, "number", clause="SR-18.1.3"),
            Fact("课程门数", len(courses), "number", clause="SR-18.1.1"),
            Fact("全部课程学分", sum(row.credits for row in courses), "number"),
            Fact("启用日期", plan.since, "date"),
            Fact("停用日期", plan.until, "date", note="不含当日"),
        ],
        history="plans",
        back=Link("专业考试计划", reverse("programmes:plans")),
        extra_template="programmes/_plan.html",
        context={"courses": courses, "choice_groups": groups},
    )


def _in_force(plan: Plan) -> Pill:
    today = clock.today()
    if today < plan.since:
        return Pill("尚未启用", "info")
    return Pill("现行", "done") if plan.until is None or today < plan.until else Pill("已停用")


import_plans = action(
    commands.import_plans,
    PlansForm,
    title="导入考试计划",
    what="全部计划一次导入；有一处不对就都不导入，并指出每一处。同一专业的原计划自启用日期起停用。",
    clause="SR-18.1.1",
    done="考试计划已导入。",
    back="programmes:plans",
)
