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
    object_page,
    public_page,
    staff_page,
    table_page,
    waits_for,
)
from zikao.stages.agencies.models import Agency
from zikao.stages.agencies.states import AgencyKind
from zikao.stages.candidates import commands, policies, queries
from zikao.stages.candidates.forms.places import PlaceForm, RegistrationPeriodForm, RegistrationPlaceForm
from zikao.stages.candidates.models import RegistrationPeriod, RegistrationPlace
from zikao.stages.candidates.rules import PERIOD_SETTING

SHOWN_PERIODS = 4


def _stands(row: RegistrationPlace) -> Pill:
    if row.ends_on is None:
        return Pill("办理中", "done")
    return Pill("待承接", "due") if _is_left(row) else Pill("已撤销")


def _is_left(row: RegistrationPlace) -> bool:
    """Whether it ended with its county that went into another, and nobody took it on or put it away."""
    return row.until_on is None and not hasattr(row, "taken_on_as") and queries.taking_on(row) is not None


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
            Fact("止（不含）", found.ends_on, "date", note="" if found.county.is_open else "随所属县（区）撤销"),
            *_followed(found),
        ],
        actions=_place_actions(found),
        history=f"candidates.registrationplace:{found.pk}",
    )


def _followed(found: RegistrationPlace) -> list[Fact]:
    """What it goes on from, and as what it goes on."""
    told = (("承接自", found.taken_from), ("由此承接", getattr(found, "taken_on_as", None)))
    return [
        Fact(label, f"{each.county} {each.name}", "link", href=reverse("candidates:place", args=[each.pk]))
        for label, each in told
        if each is not None
    ]


def _place_actions(found: RegistrationPlace) -> list[Action]:
    here, is_left, over = {"place_id": found.pk}, _is_left(found), "这个报名点已经撤销。"
    closing = Action("撤销报名点", "candidates:close-place", here, "从今天起不在这里办理；公众页面不再列出。",
                     clause="EA-12.1", danger=True).open_if(found.ends_on is None, over, "EA-12.1")  # fmt: skip
    if not is_left:
        return [closing]
    return [
        Action("承接报名点", "candidates:take-on-place", here,
               f"以{queries.taking_on(found)}的报名点继续办理，已经填好。", clause="EA-12.1"),
        Action("不再使用", "candidates:close-place", here, "并入之后不在这里办理，不再列为待承接。", clause="EA-12.1",
               danger=True),
    ]  # fmt: skip


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
    now, over_at = clock.now(), queries.over_at(found.sitting)
    setting = Action("重新规定", "candidates:set-period", {}, "延长、提前或推迟；公众页面随即改变。", clause="EA-12.1")
    setting = setting.given(PERIOD_SETTING(on=clock.today(), over_at=over_at, at=now))
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
    rows = scoped(Agency.objects.filter(kind=AgencyKind.COUNTY, closed_on=None), actor, "code").order_by("code")
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
take_on_place = action(
    commands.take_on_registration_place, PlaceForm, title="承接报名点", clause="EA-12.1", button="承接",
    what="原县（区）已经并入，这个报名点以承接的县（区）名义继续办理；有变化的先改好。",
    done="已承接，公众页面已经列出。",
    about=lambda actor, place_id: str(queries.registration_place(actor, place_id)),
    initial=lambda actor, place_id: _told(queries.registration_place(actor, place_id)),
    back=lambda receipt, **url: reverse("candidates:place", args=[receipt.value.pk]),
)  # fmt: skip
close_place = action(
    commands.close_registration_place, title="撤销报名点", clause="EA-12.1", button="撤销", danger=True,
    what="从今天起不在这里办理报名。", done="已撤销。", back="candidates:place",
    about=lambda actor, place_id: queries.registration_place(actor, place_id).name,
)  # fmt: skip


def _told(place: RegistrationPlace) -> dict[str, str]:
    return {field: getattr(place, field) for field in ("name", "address", "hours", "phone")}


@waits_for(policies.REGISTRARS, "并入县（区）的报名点待承接", "EA-12.1", stage="candidates")
def to_take_on(actor: Actor) -> Asked:
    """The counters that ended with a county which went into one of the actor's."""
    yield queries.left_places()
    left = queries.places_to_take_on(actor)
    items = tuple(Item(f"{each.county} {each}", reverse("candidates:place", args=[each.pk])) for each in left[:5])
    return Waiting(len(left), reverse("candidates:places"), items=items)
