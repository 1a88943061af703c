"""The schools that support the examination: what each supplies, and whom to call there."""

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
    Step,
    Table,
    action,
    object_page,
    staff_page,
    table_page,
    tell,
)
from zikao.foundation.pages.revealing import revealing
from zikao.stages.agencies import commands, forms, policies, queries
from zikao.stages.agencies.models import SupportingSchool

tell(
    **{
        "agencies.supporting-school-registered": "登记支持学校",
        "agencies.supporting-school-changed": "变更支持学校的供给",
        "agencies.supporting-school-ended": "结束支持学校",
    }
)
SUPPLIES = (
    ("rooms", "考场"),
    ("invigilators", "监考员"),
    ("markers", "评卷员"),
    ("question_setters", "命（译）题教师"),
)


@staff_page(posts=policies.AREA_VIEWERS)
def supporting_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The schools that support the examination, and what each supplies."""
    table = Table(
        queries.supporting_schools(actor),
        (
            Column("code", "学校代码", "code", sortable=True),
            Column("name", "学校"),
            Column("area.name", "考区"),
            *(Column(name, label, "number") for name, label in SUPPLIES),
            Column("until_on", "状态", "pill", value=_state),
        ),
        filters=(
            Filter("name", "名称", lookup="name__contains"),
            Filter("supply", "提供", kind="choice", choices=SUPPLIES, lookup=_supplying),
            Filter("standing", "状态", kind="choice", choices=[("yes", "支持中"), ("no", "已结束")], lookup=_standing),
        ),
        link=lambda school: reverse("agencies:supporting-school", args=[school.pk]),
        order="code",
        empty="还没有登记支持学校。国家设立的各级各类学校应当为自学考试提供支持和便利。",
    )
    return table_page(
        request, title="支持学校", table=table, actions=[Action("登记支持学校", "agencies:register-supporting-school")]
    )


def _state(school: SupportingSchool) -> Pill:
    return Pill("支持中", "done") if school.until_on is None else Pill(f"{school.until_on} 结束")


def _supplying(rows: Any, name: str) -> Any:
    return rows.filter(**{f"{name}__gt": 0})


def _standing(rows: Any, value: str) -> Any:
    return rows.filter(until_on__isnull=value == "yes")


@staff_page(posts=policies.AREA_VIEWERS)
def supporting_page(request: HttpRequest, actor: Actor, school_id: int) -> HttpResponse:
    """One supporting school."""
    school, here = queries.supporting_school(actor, school_id), {"school_id": school_id}
    standing = school.until_on is None
    facts = {
        "学校": [
            Fact("学校代码", school.code, "code"),
            Fact("考区", school.area.name),
            Fact("联系人", school.contact),
            Fact("联系电话", "已加密保存", note="需要时用“查看电话”"),
            Fact("起", school.since_on, "date"),
            Fact("止", school.until_on, "date"),
        ],
        "可以提供": [Fact(label, getattr(school, name), "number", clause="EA-7.1") for name, label in SUPPLIES],
    }
    actions = [
        Action("变更供给", "agencies:change-supporting-school", here, "登记现在能提供的数量和联系人。", clause="EA-7.1")
        .open_if(standing, "该校的支持已经结束。", "EA-7.1"),
        Action("查看电话", "agencies:reveal-school-phone", here, "写明事由，只显示一次。", clause="EA-47"),
        Action("结束支持", "agencies:end-supporting-school", here, "该校不再承担自学考试工作。",
               clause="EA-7.1", danger=True)
        .open_if(standing, "该校的支持已经结束。", "EA-7.1"),
    ]  # fmt: skip
    return object_page(
        request, kicker="支持学校", title=school.name, pill=_state(school), facts=facts,
        steps=[Step("登记", "past"), Step("支持中", "present" if standing else "past"),
               Step("结束", "future" if standing else "present")],
        actions=actions, history=f"agencies.supportingschool:{school.pk}",
        back=Link("支持学校", reverse("agencies:supporting-schools")),
    )  # fmt: skip


def _areas(actor: Actor, **url: Any) -> Mapping[str, Any]:
    return {"areas": [(area.code, area.name) for area in queries.areas(actor)]}


def _supply_now(actor: Actor, school_id: int) -> Mapping[str, Any]:
    school = queries.supporting_school(actor, school_id)
    return {**{name: getattr(school, name) for name, _ in SUPPLIES}, "contact": school.contact}


register_supporting = action(
    commands.register_supporting_school,
    forms.SupportingSchoolForm,
    title="登记支持学校",
    what="登记一所承担自学考试工作的学校，以及它能提供的考场、监考员、评卷员和命（译）题教师。",
    clause="EA-7.1",
    done="支持学校已登记。",
    form_options=_areas,
    arguments=forms.supply_arguments,
    back=lambda receipt: reverse("agencies:supporting-school", args=[receipt.value.pk]),
)
change_supporting = action(
    commands.change_supporting_school,
    forms.SupplyForm,
    title="变更支持学校的供给",
    what="登记现在能提供的数量和联系人；电话请重新填写。",
    clause="EA-7.1",
    done="已变更。",
    initial=_supply_now,
    arguments=forms.supply_arguments,
    back="agencies:supporting-school",
    about=lambda actor, school_id: str(queries.supporting_school(actor, school_id)),
)
end_supporting = action(
    commands.end_supporting_school,
    title="结束支持",
    what="自今天起该校不再承担自学考试工作，登记保留。",
    clause="EA-7.1",
    button="结束",
    danger=True,
    done="已结束。",
    back="agencies:supporting-school",
    about=lambda actor, school_id: str(queries.supporting_school(actor, school_id)),
)
reveal_phone = revealing(
    "agencies.school-phone",
    posts=policies.PHONE_REVEALERS,
    subject=lambda actor, school_id: queries.supporting_school(actor, school_id).name,
    back="agencies:supporting-school",
)
