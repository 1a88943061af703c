"""When and where people register for the first time: set by staff, read by everybody (EA-12.1)."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.commands import scoped
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
    public_page,
    staff_page,
    table_page,
)
from zikao.stages.agencies.models import Agency
from zikao.stages.agencies.states import AgencyKind
from zikao.stages.candidates import commands, policies, queries
from zikao.stages.candidates.forms.places import RegistrationPeriodForm, RegistrationPlaceForm
from zikao.stages.candidates.models import RegistrationPeriod, RegistrationPlace

SHOWN_PERIODS = 4


def _stands(row: RegistrationPlace) -> Pill:
    return Pill("办理中", "done") if row.until_on is None else Pill("已撤销")


def running(row: RegistrationPeriod) -> Pill:
    """Where a period stands now."""
    now = clock.now()
    if now < row.opens_at:
        return Pill("未开始", "info")
    return Pill("正在报名", "done") if now < row.closes_at else Pill("已截止")


@staff_page(posts=policies.READERS)
def place_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The counters of the actor's subtree."""
    table = Table(
        queries.own_places(actor),
        (
            Column("county.name", "县（市、区）"),
            Column("name", "报名点"),
            Column("address", "地址"),
            Column("hours", "办理时间"),
            Column("phone", "咨询电话", "code"),
            Column("state", "状态", "pill", value=_stands),
        ),
        filters=(
            Filter("county", "县区代码", lookup="county__code__startswith"),
            Filter("name", "名称", lookup="name__contains"),
        ),
        link=lambda row: reverse("candidates:place", args=[row.pk]),
        order="county__code",
        empty="还没有登记报名点。考生在公众页面和预报名完成时看到报名点。",
    )
    acts = [Action("登记报名点", "candidates:open-place"), Action("报名时间", "candidates:periods")]
    intro = "第一次报名的人按省级教育考试机构规定的时间、到这里列出的地点报名。"
    return table_page(request, title="报名时间和报名点", intro=intro, table=table, actions=acts)


@staff_page(posts=policies.READERS)
def place(request: HttpRequest, actor: Actor, place_id: int) -> HttpResponse:
    """One counter."""
    found = queries.registration_place(actor, place_id)
    closing = Action(
        "撤销报名点", "candidates:close-place", {"place_id": found.pk}, "从今天起不在这里办理；公众页面不再列出。",
        clause="EA-12.1", danger=True,
    )  # fmt: skip
    return object_page(
        request,
        kicker="报名点",
        title=found.name,
        pill=_stands(found),
        back=Link("报名时间和报名点", reverse("candidates:places")),
        facts=[
            Fact("县（市、区）", f"{found.county.code} {found.county.name}", clause="EA-12.1"),
            Fact("地址", found.address),
            Fact("办理时间", found.hours),
            Fact("咨询电话", found.phone, "code"),
            Fact("起", found.since_on, "date"),
            Fact("止（不含）", found.until_on, "date"),
        ],
        actions=[closing.open_if(found.until_on is None, "这个报名点已经撤销。", "EA-12.1")],
        history=f"candidates.registrationplace:{found.pk}",
    )


@staff_page(posts=policies.READERS)
def period_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The periods of the sittings."""
    table = Table(
        queries.registration_periods(),
        (
            Column("sitting", "首次参加的考次"),
            Column("opens_at", "报名开始", "datetime"),
            Column("closes_at", "报名截止（不含）", "datetime"),
            Column("state", "状态", "pill", value=running),
        ),
        link=lambda row: reverse("candidates:period", args=[row.pk]),
        empty="还没有规定报名时间；没有规定的考次，在考试结束之前随时可以报名。",
    )
    acts = [Action("规定报名时间", "candidates:set-period")]
    back = Link("报名时间和报名点", reverse("candidates:places"))
    return table_page(request, title="报名时间", table=table, actions=acts, back=back)


@staff_page(posts=policies.READERS)
def period(request: HttpRequest, actor: Actor, period_id: int) -> HttpResponse:
    """One period and how it was set."""
    found = queries.registration_period_by_id(period_id)
    setting = Action("重新规定", "candidates:set-period", {}, "延长、提前或推迟；公众页面随即改变。", clause="EA-12.1")
    return object_page(
        request,
        kicker="报名时间",
        title=str(found.sitting),
        pill=running(found),
        back=Link("报名时间", reverse("candidates:periods")),
        facts=[
            Fact("报名开始", found.opens_at, "datetime", clause="EA-12.1"),
            Fact("报名截止（不含）", found.closes_at, "datetime"),
        ],
        actions=[setting],
        history=f"candidates.registrationperiod:{found.pk}",
    )


@public_page
def where(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """For everybody: the periods, and the counters by county."""
    periods = [(each, running(each)) for each in queries.registration_periods()[:SHOWN_PERIODS]]
    counters = groupby(queries.registration_places(), key=lambda each: each.county.name)
    places = [(name, list(rows)) for name, rows in counters]
    return render(request, "candidates/where.html", {"periods": periods, "places": places})


def _counties(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    rows = scoped(Agency.objects.filter(kind=AgencyKind.COUNTY), actor, "code").order_by("code")
    return {"counties": [(each.code, f"{each.code} {each.name}") for each in rows]}


set_period = action(
    commands.set_registration_period, RegistrationPeriodForm, title="规定报名时间", clause="EA-12.1",
    what="第一次参加这个考次的人在此期间报名，之外不予受理；在籍考生的报考另看报考窗口。", button="确定",
    done="已规定，公众页面已经公布。", back=lambda receipt: reverse("candidates:period", args=[receipt.value.pk]),
)  # fmt: skip
open_place = action(
    commands.open_registration_place, RegistrationPlaceForm, title="登记报名点", clause="EA-12.1",
    what="考生在公众页面和完成预报名时看到这里的名称、地址、时间和电话。", button="登记",
    done="已登记，公众页面已经列出。",
    form_options=_counties, back=lambda receipt: reverse("candidates:place", args=[receipt.value.pk]),
)  # fmt: skip
close_place = action(
    commands.close_registration_place, title="撤销报名点", clause="EA-12.1", button="撤销", danger=True,
    what="从今天起不在这里办理报名。", done="已撤销。", back="candidates:place",
    about=lambda actor, place_id: queries.registration_place(actor, place_id).name,
)  # fmt: skip
