"""The sites of a sitting, and a site's day: units as a time line, and the state of each room."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.commands import scoped
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Filter,
    Link,
    Pill,
    Table,
    Waiting,
    shell_of,
    staff_page,
    table_page,
    url_or_empty,
    waits_for,
)
from zikao.stages.agencies.models import Site
from zikao.stages.conduct import policies, queries
from zikao.stages.conduct.models import RoomSession
from zikao.stages.conduct.states import CheckState, RoomState
from zikao.stages.programmes.models import Sitting, Unit

TONES = {"open": "due", "signed": "done"}


def present_sitting(request: HttpRequest) -> tuple[list[Sitting], Sitting | None]:
    """The seated sittings, and the one asked for or the newest."""
    sittings = list(queries.sittings_seated())
    asked = request.GET.get("sitting", "")
    return sittings, next((each for each in sittings if each.code == asked), sittings[0] if sittings else None)


def sitting_filter(sittings: list[Sitting]) -> Filter:
    """Choose the sitting; the view has already applied it."""
    return Filter("sitting", "考次", "choice", [(each.code, each.code) for each in sittings], lambda rows, _: rows)


@staff_page(posts=policies.READERS)
def site_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The sites of a sitting: rooms, candidates, signed records."""
    sittings, sitting = present_sitting(request)
    table = Table(
        queries.sites_used(actor, sitting) if sitting else [],
        (
            Column("code", "考点代码", "code", sortable=True),
            Column("name", "名称"),
            Column("rooms_used", "使用考场", "number"),
            Column("seated", "座次", "number"),
            Column("signed", "已签字的考场记录", "number"),
        ),
        filters=(sitting_filter(sittings), Filter("name__contains", "名称")),
        link=lambda site: reverse("conduct:day", args=[site.pk]) + (f"?sitting={sitting.code}" if sitting else ""),
        order="code",
        empty="还没有编排座位的考次，或您的机构没有使用的考点。",
    )
    rooms, checks = Action("考场情况记录", "conduct:rooms"), Action("考场条件检查", "conduct:checks")
    kicker = f"考次 {sitting.code}" if sitting else ""
    return table_page(request, title="考点考试日", kicker=kicker, table=table, actions=[checks, rooms])


@dataclass(frozen=True)
class Shown:
    """A moment of the day and whether it is over, next or to come."""

    moment: queries.Moment
    phase: Literal["past", "next", "future"]


@dataclass(frozen=True)
class UnitDay:
    """A unit of a site: its moments and its rooms."""

    unit: Unit
    moments: list[Shown]
    rooms: list[queries.RoomRow]

    @property
    def signed(self) -> int:
        return sum(row.session is not None and row.session.state == RoomState.SIGNED for row in self.rooms)

    @property
    def seated(self) -> int:
        return sum(row.seated for row in self.rooms)

    @property
    def present(self) -> int:
        return sum(row.present for row in self.rooms)

    @property
    def absent(self) -> int:
        return sum(row.absent for row in self.rooms)


@staff_page(posts=policies.READERS)
def day_page(request: HttpRequest, actor: Actor, site_id: int) -> HttpResponse:
    """A site's sitting: what comes next in large, each unit's time line, each room's state."""
    site = queries.site(actor, site_id)
    _, sitting = present_sitting(request)
    now = clock.now()
    units = _units(site, sitting, now) if sitting else []
    coming = [shown.moment for each in units for shown in each.moments if shown.phase == "next"]
    context = {
        "shell": shell_of(request),
        "title": site.name,
        "kicker": f"考试日　考次 {sitting.code}" if sitting else "考试日",
        "back": Link("考点考试日", reverse("conduct:sites")),
        "site": site,
        "units": units,
        "coming": coming[0] if coming else None,
        "today": local_day(now),
        "checks": _checks(site, sitting),
        "may_take_in": actor.post in policies.SHEET_RECEIVERS,
        "report_url": url_or_empty("incidents:report"),
    }
    return render(request, "conduct/day.html", context)


def _checks(site: Site, sitting: Sitting | None) -> dict[str, Any]:
    """How far the check of the site's rooms is (EA-25.1)."""
    if sitting is None:
        return {}
    rooms = queries.rooms_checked(site, sitting)
    count = Counter(each.state for each in rooms)
    return {
        "url": reverse("conduct:site-checks", args=[site.pk, sitting.code]),
        "used": len(rooms),
        "good": count[CheckState.GOOD],
        "closed": "、".join(str(each.room.number) for each in rooms if each.state is CheckState.FAILED),
        "unchecked": count[CheckState.UNCHECKED],
    }


def _units(site: Site, sitting: Sitting, now: datetime) -> list[UnitDay]:
    found = []
    next_given = False
    for unit in sitting.units.order_by("starts_at"):
        rooms = queries.rooms_used(site, unit)
        if not rooms:
            continue
        moments = []
        for moment in queries.moments_of(unit, site.agency_code[:2] or None):
            phase: Literal["past", "next", "future"] = "past" if moment.at <= now else "future"
            if phase == "future" and not next_given:
                phase, next_given = "next", True
            moments.append(Shown(moment, phase))
        found.append(UnitDay(unit, moments, rooms))
    return found


def pill_of(session: RoomSession) -> Pill:
    """The state of a room's record."""
    return Pill.of(session.state, RoomState, TONES)  # type: ignore[arg-type]


@staff_page(posts=policies.READERS)
def room_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The records of rooms, with their state."""
    sittings, sitting = present_sitting(request)
    rows = queries.room_sessions(actor, sitting) if sitting else RoomSession.objects.none()
    table = Table(
        rows,
        (
            Column("unit", "单元", value=lambda session: str(session.unit)),
            Column("room.site.name", "考点"),
            Column("room.number", "考场", "number"),
            Column("expected", "应到", "number"),
            Column("present", "实到", "number"),
            Column("absent", "缺考", "number"),
            Column("state", "状态", "pill", value=pill_of),
            Column("signed_at", "签字时间", "datetime"),
        ),
        filters=(
            sitting_filter(sittings),
            Filter("unit__number", "单元", "choice", [(str(n), f"第{n}单元") for n in range(1, 9)]),
            Filter("site", "考点名称", lookup="room__site__name__contains"),
            Filter("state", "状态", "choice", RoomState.choices),
        ),
        link=lambda session: reverse("conduct:room", args=[session.room_id, session.unit_id]),
        empty="还没有考场情况记录。考试当天由监考员逐考场建立，或由考点成批登记。",
    )
    return table_page(request, title="考场情况记录", table=table, back=Link("考点考试日", reverse("conduct:sites")))


@waits_for({Post.SITE_CHIEF, Post.INVIGILATOR}, "待签字的考场情况记录", "EA-A5.6", stage="conduct")
def rooms_to_sign(actor: Actor) -> Asked:
    """Rooms whose unit is over and whose record nobody has signed."""
    rows = scoped(RoomSession.objects.filter(state=RoomState.OPEN, unit__ends_at__lte=clock.now()), actor)
    yield rows
    told = rows.order_by().aggregate(count=Count("pk"), first=Min("unit__ends_at"))
    return Waiting(told["count"], f"{reverse('conduct:rooms')}?state=open", since=told["first"])
