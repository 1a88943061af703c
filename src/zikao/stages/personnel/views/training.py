"""Training courses: the plan, the people, attendance, scores, certificates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

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
    Table,
    Waiting,
    action,
    few,
    object_page,
    staff_page,
    steps_of,
    table_page,
    waits_for,
)
from zikao.stages.personnel import commands, forms, policies, queries
from zikao.stages.personnel.models import TrainingCourse
from zikao.stages.personnel.states import CourseState, PostKind
from zikao.stages.personnel.views import naming
from zikao.stages.personnel.views.printing import in_parts

TONES: dict[str, Any] = {"planned": "info", "held": "due", "assessed": "due", "certified": "done"}


def _posts(course: TrainingCourse) -> str:
    return "、".join(str(PostKind(kind).label) for kind in course.post_kinds)


@staff_page(posts=policies.VIEWERS)
def course_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The training courses of the subtree."""
    table = Table(
        queries.courses(actor),
        (
            Column("title", "名称"),
            Column("held_on", "培训日期", "date", sortable=True),
            Column("post_kinds", "适用岗位", value=_posts),
            Column("hours", "学时", "number"),
            Column("enrolled", "人数", "number"),
            Column("came", "到训", "number"),
            Column("agency_code", "机构", "code"),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, CourseState, TONES)),
        ),
        filters=(
            Filter("title", "名称", lookup="title__contains"),
            Filter("state", "状态", kind="choice", choices=CourseState.choices),
        ),
        link=lambda row: reverse("personnel:course", args=[row.pk]),
        order="-held_on",
        empty="还没有培训班。考试工作人员经培训、考核合格后持证上岗。",
    )
    actions = [Action("计划培训班", "personnel:plan-course", clause="EA-10")]
    return table_page(request, title="岗前培训", table=table, actions=actions)


@staff_page(posts=policies.VIEWERS)
def course(request: HttpRequest, actor: Actor, course_id: int) -> HttpResponse:
    """One course: plan, people, scores, certificates."""
    found = queries.course_of(actor, course_id)
    places = [(place, queries.passed(place).granted) for place in queries.places_of(found)]
    return object_page(
        request,
        kicker="岗前培训",
        title=found.title,
        pill=Pill.of(found.state, CourseState, TONES),
        back=Link("岗前培训", reverse("personnel:courses")),
        facts=_facts(found, len(places), sum(passed for _, passed in places)),
        steps=steps_of(CourseState, found.state, reached={"planned": found.planned_at}),
        actions=_actions(found),
        history=f"personnel.trainingcourse:{found.pk}",
        extra_template="personnel/_course.html",
        context={"places": places, "course": found},
    )


def _facts(found: TrainingCourse, people: int, passed: int) -> list[Fact]:
    return [
        Fact("培训日期", found.held_on, "date", clause="EA-A5.1"),
        Fact("学时", found.hours, "number"),
        Fact("地点", found.place),
        Fact("培训内容", "；".join(found.topics), clause="EA-A5.1"),
        Fact("适用岗位", _posts(found), clause="EA-10"),
        Fact("合格分数", found.pass_mark, "number", clause="EA-10"),
        Fact("证件有效期", f"{found.validity_months} 个月"),
        Fact("考核日期", found.assessed_on, "date"),
        Fact("人数", people, "number"),
        Fact("合格", passed if found.assessed_on else "—", note="到训并达到合格分数"),
    ]


def _actions(found: TrainingCourse) -> list[Action]:
    here, state = {"course_id": found.pk}, found.state
    finished = state == CourseState.CERTIFIED
    came, printed, issued = "培训已经登记到训，不能再增加人员。", (finished, "还没有发证。"), found.certificates.count()
    return [
        Action("挑选人员", "personnel:choose-staff", here, "在人员名单上筛选、勾选。", clause="EA-A4.2").open_if(
            state == CourseState.PLANNED, came
        ),
        Action("按编号安排人员", "personnel:enrol", here, "填写人员编号，成批安排。", clause="EA-A4.2").open_if(
            state == CourseState.PLANNED, came
        ),
        Action("登记到训", "personnel:attendance", here, "登记缺勤，其余到训。", clause="EA-A5.1")
        .open_if(state in (CourseState.PLANNED, CourseState.HELD), "已经考核。")
        .open_if(found.held_on <= clock.today(), "还没有到培训日期。"),
        Action("登记考核成绩", "personnel:scores", here, "到训的人员才能考核。", clause="EA-10")
        .open_if(not finished, "已经发证。")
        .open_if(state != CourseState.PLANNED, "还没有登记到训。", "EA-A5.1"),
        Action("发证", "personnel:certify-course", here, "只发给到训并且考核合格的人员。", clause="EA-10")
        .open_if(not finished, "已经发证。")
        .open_if(state == CourseState.ASSESSED, "还没有登记考核成绩。", "EA-10"),
        *in_parts(Action("打印上岗证", "personnel:course-certificates", here, "一人一页。").open_if(*printed), issued),
        *in_parts(Action("打印胸牌", "personnel:course-badges", here, "一页八张。").open_if(*printed), issued),
    ]


def _back(receipt: Any, **kwargs: Any) -> str:
    found = receipt.value[0].course_id if isinstance(receipt.value, list) else receipt.value.pk
    return reverse("personnel:course", args=[found])


plan = action(
    commands.plan_course, forms.CourseForm, title="计划培训班", clause="EA-10", button="计划", back=_back,
    what="写明内容、学时、日期和适用岗位；合格分数和证件有效期按本省规定。", done="培训班已计划，请安排人员。",
)  # fmt: skip
certify_course = action(
    commands.certify_course, forms.CertifyCourseForm, about=naming.course,
    title="发放上岗证", clause="EA-10", button="发证", back=_back,
    what="只发给到训并且考核合格的人员；发证后这一期培训结束。", done="上岗证已发放，可以打印。",
)  # fmt: skip


@waits_for(policies.TRAINERS, "上岗证到期，须复训", "EA-10", stage="personnel")
def ending_certificates(actor: Actor) -> Asked:
    """People whose certificate ends soon or has just ended."""
    yield queries.certificates_ending(actor, clock.today())
    rows = queries.ending_certificates(actor, clock.today())
    count, first = few(rows)
    items = tuple(
        Item(
            f"{row.person}　{row.get_post_kind_display()}（{row.last_day} 止）",
            reverse("personnel:person", args=[row.person_id]),
        )
        for row in first
    )
    return Waiting(count, url=reverse("personnel:ending"), items=items)


@staff_page(posts=policies.VIEWERS)
def ending(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Certificates that end soon."""
    today = clock.today()
    table = Table(
        queries.ending_certificates(actor, today),
        (
            Column("person.name", "姓名"),
            Column("person.unit", "工作单位"),
            Column("post_kind", "岗位", value=lambda row: row.get_post_kind_display()),
            Column("valid_until", "有效至", "date", value=lambda row: row.valid_until - timedelta(days=1)),
            Column(
                "state", "状态", "pill",
                value=lambda row: Pill("即将到期", "due") if row.valid_until > today else Pill("已过期", "danger"),
            ),
        ),
        link=lambda row: reverse("personnel:person", args=[row.person_id]),
        empty="没有即将到期的上岗证。",
    )  # fmt: skip
    return table_page(
        request, title="上岗证到期", table=table, back=Link("岗前培训", reverse("personnel:courses")),
        intro="到期前安排复训、考核，合格后换发。", actions=[Action("计划培训班", "personnel:plan-course")],
    )  # fmt: skip


@waits_for(policies.TRAINERS, "没有办完的培训班", "EA-10", stage="personnel")
def open_courses(actor: Actor) -> Asked:
    """Courses that took place and are not finished."""
    rows = queries.open_courses(actor).filter(held_on__lte=clock.today())
    yield rows
    count, first = few(rows)
    items = tuple(Item(str(row), reverse("personnel:course", args=[row.pk]), row.planned_at) for row in first)
    return Waiting(count, url=reverse("personnel:courses"), items=items)
