"""Rooms checked before use: the sites of a sitting, a site's rooms, what was found, and the list to fill in by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.commands import Receipt
from zikao.foundation.documents import media_type, render
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Step,
    Table,
    Waiting,
    action,
    object_page,
    staff_page,
    table_page,
    tell,
    waits_for,
)
from zikao.foundation.regulation import clause
from zikao.stages.agencies.models import Room, Site
from zikao.stages.conduct import commands, forms, policies, queries
from zikao.stages.conduct.models import RoomCheck
from zikao.stages.conduct.states import CheckState
from zikao.stages.conduct.views.day import present_sitting, sitting_filter
from zikao.stages.programmes.models import Sitting

TONES: dict[str, Any] = {"unchecked": "due", "failed": "danger", "good": "done"}

tell(**{"conduct.rooms-checked": "登记考场条件检查"})


def _pill(state: CheckState) -> Pill:
    return Pill(state.label, TONES[state.value])


@staff_page(posts=policies.READERS)
def site_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The sites of a sitting: how many rooms are checked, closed, not looked at."""
    sittings, sitting = present_sitting(request)
    code = sitting.code if sitting else ""
    table = Table(
        queries.sites_checked(actor, sitting) if sitting else [],
        (
            Column("site.code", "考点代码", "code", sortable=True),
            Column("site.name", "名称"),
            Column("used", "使用考场", "number"),
            Column("good", "合格", "number"),
            Column("failed", "不合格", "number", sortable=True),
            Column("unchecked", "未检查", "number", sortable=True),
            Column("state", "状态", "pill", value=lambda row: _pill(row.state)),
        ),
        filters=(
            sitting_filter(sittings),
            Filter("name", "名称", lookup=lambda rows, text: [row for row in rows if text in row.site.name]),
            Filter("state", "状态", "choice", CheckState.choices, lambda rows, state: [
                row for row in rows if row.state == state
            ]),
        ),
        link=lambda row: reverse("conduct:site-checks", args=[row.site.pk, code]),
        order="site.code",
        empty="还没有编排座位的考次，或您的机构没有使用的考点。",
    )  # fmt: skip
    back = Link("考点考试日", reverse("conduct:sites"))
    return table_page(request, title="考场条件检查", kicker=f"考次 {code}", table=table, back=back)


def _found(actor: Actor, site_id: int, sitting: str) -> tuple[Site, Sitting]:
    site = queries.site(actor, site_id)
    held = next((each for each in queries.sittings_seated() if each.code == sitting), None)
    if held is None:
        raise NotFound("sitting-not-found")
    return site, held


@staff_page(posts=policies.READERS)
def site_page(request: HttpRequest, actor: Actor, site_id: int, sitting: str) -> HttpResponse:
    """A site's rooms before a sitting: each with its last check, what is to be put right, and every check made."""
    site, held = _found(actor, site_id, sitting)
    rooms = queries.rooms_checked(site, held)
    counts = Counter(each.state for each in rooms)
    worst = next((state for state in (CheckState.FAILED, CheckState.UNCHECKED) if counts[state]), CheckState.GOOD)
    where = {"site_id": site.pk, "sitting": held.code}
    return object_page(
        request,
        kicker=f"考场条件检查　考次 {held.code}",
        title=site.name,
        pill=_pill(worst) if rooms else None,
        facts=_facts(site, held, counts),
        steps=_steps(counts),
        actions=[
            Action("登记检查结果", "conduct:record-checks", where,
                   "一次登记全部考场，只写不合格的；不合格的考场停用，整改后重新检查。",
                   clause="EA-25.1", posts=policies.ROOM_CHECKERS).open_if(bool(rooms), "本考点没有编排考生。", None),
            Action("打印考场条件检查表", "conduct:checklist", where, "每个考场一行，逐项打勾，检查人签字。"),
            Action("历次检查", "conduct:check-history", where, "每一次检查的时间、检查人和结果。"),
        ],
        history=f"conduct.checks:{site.code}:{held.code}",
        back=Link("考场条件检查", f"{reverse('conduct:checks')}?sitting={held.code}"),
        extra_template="conduct/_checks.html",
        context={
            "rooms": [(each, _pill(each.state)) for each in rooms],
            "items": list(queries.conditions(clock.today()).values()),
            "sitting": held.code,
            "may_check": actor.post in policies.ROOM_CHECKERS,
        },
    )  # fmt: skip


def _facts(site: Site, held: Sitting, counts: Mapping[CheckState, int]) -> list[Fact]:
    first = held.units.order_by("starts_at").first()
    return [
        Fact("考点代码", site.code, "code"),
        Fact("首场开考", first.starts_at if first else None, "datetime"),
        Fact("使用考场", sum(counts.values()), "number"),
        Fact("合格", counts[CheckState.GOOD], "number", clause="EA-25.1"),
        Fact("不合格，停用", counts[CheckState.FAILED], "number"),
        Fact("未检查", counts[CheckState.UNCHECKED], "number"),
    ]


def _steps(counts: Mapping[CheckState, int]) -> list[Step]:
    begun = bool(counts[CheckState.GOOD] or counts[CheckState.FAILED])
    checked = begun and not counts[CheckState.UNCHECKED]
    good = checked and not counts[CheckState.FAILED]
    done = (("逐考场检查", checked), ("整改后复查", good), ("可以启用", good))
    present = next((at for at, (_, reached) in enumerate(done) if not reached), len(done))
    return [
        Step(label, "past" if at < present else "present" if at == present else "future")
        for at, (label, _) in enumerate(done)
    ]


@staff_page(posts=policies.READERS)
def history(request: HttpRequest, actor: Actor, site_id: int, sitting: str) -> HttpResponse:
    """Every check of a site's rooms in a sitting."""
    site, held = _found(actor, site_id, sitting)
    titles = queries.conditions(clock.today())
    table = Table(
        queries.checks_of(site, held),
        (
            Column("room.number", "考场", "number"),
            Column("number", "第几次", "number"),
            Column("checked_at", "检查时间", "datetime", sortable=True),
            Column("checker.name", "检查人"),
            Column("state", "结果", "pill", value=_result),
            Column("failed", "不合格项目", value=lambda row: "、".join(titles.get(each, each) for each in row.failed)),
            Column("note", "情况"),
            Column("recorded_at", "登记时间", "datetime"),
        ),
        filters=(
            Filter("room__number", "考场"),
            Filter("result", "结果", "choice", [("good", "合格"), ("failed", "不合格")], _by_result),
        ),
        order="-checked_at",
        empty="还没有检查。",
    )
    back = Link("考场条件检查", reverse("conduct:site-checks", args=[site.pk, held.code]))
    return table_page(request, title="历次考场检查", kicker=f"{site.name}　考次 {held.code}", table=table, back=back)


def _result(row: RoomCheck) -> Pill:
    return Pill("不合格", "danger") if row.failed else Pill("合格", "done")


def _by_result(rows: Any, value: str) -> Any:
    return rows.filter(failed=[]) if value == "good" else rows.exclude(failed=[])


def _options(actor: Actor, site_id: int, sitting: str) -> dict[str, Any]:
    site, held = _found(actor, site_id, sitting)
    people = [
        (each.pk, str(each))
        for each in sorted(queries.checkers(site, held), key=lambda each: each.account_id != actor.account_id)
    ]
    now = clock.now().astimezone(clock.LOCAL)
    return {"people": people, "conditions": queries.conditions(clock.today()), "now": now}


def _many(actor: Actor, *, site_id: int, sitting: str) -> Mapping[str, Any]:
    site, held = _found(actor, site_id, sitting)
    numbers = {each.room.number: each.room.pk for each in queries.rooms_checked(site, held)}
    return {**_options(actor, site_id, sitting), "numbers": numbers}


def _one(actor: Actor, *, room_id: int, sitting: str) -> Mapping[str, Any]:
    room = queries.room(actor, room_id)
    return {**_options(actor, room.site_id, sitting), "room_id": room.pk}


def _record_room(*, room_id: int, by: Actor, **given: Any) -> Receipt[list[Room]]:
    """The command for one room."""
    return commands.record_room_checks(site_id=queries.room(by, room_id).site_id, by=by, **given)


record = action(
    commands.record_room_checks,
    forms.ChecksForm,
    title="登记考场条件检查",
    what="按检查表登记：没有写明的考场逐项合格；不合格的考场停用，整改并重新检查合格后才能启用。",
    clause="EA-25.1",
    button="登记",
    form_options=_many,
    context=lambda actor, site_id, sitting: {"items": list(queries.conditions(clock.today()).values())},
    extra_template="conduct/_conditions.html",
    done=lambda receipt: f"已登记 {len(receipt.value)} 个考场的检查结果。",
    back="conduct:site-checks",
)
record_room = action(
    _record_room,
    forms.RoomCheckForm,
    title="检查一个考场",
    what="勾出不合格的项目；都合格的，考场即可启用。",
    clause="EA-25.1",
    button="登记",
    posts=policies.ROOM_CHECKERS,
    form_options=_one,
    context=lambda actor, room_id, sitting: {"room": queries.room(actor, room_id)},
    extra_template="conduct/_checked_room.html",
    done="检查结果已登记。",
    back=lambda receipt, room_id, sitting: reverse("conduct:site-checks", args=[receipt.value[0].site_id, sitting]),
)


@staff_page(posts=policies.READERS)
def checklist(request: HttpRequest, actor: Actor, site_id: int, sitting: str) -> HttpResponse:
    """考场条件检查表: a row a room, a column a condition; what is recorded is printed, the rest is left to tick."""
    site, held = _found(actor, site_id, sitting)
    data = checklist_data(site, held)
    headers = {"Content-Disposition": f'inline; filename="rooms-{site.code}-{held.code}.pdf"'}
    return HttpResponse(render("conduct/checklist.typ", data), content_type=media_type, headers=headers)


def checklist_data(site: Site, held: Sitting) -> dict[str, Any]:
    """What the list is made of."""
    items = queries.conditions(clock.today())
    return {
        "agency": site.area.name,
        "site": site.name,
        "site_code": site.code,
        "sitting": held.code,
        "items": list(items.values()),
        "rooms": [
            {
                "number": f"{each.room.number:03d}",
                "seats": each.room.seats,
                "place": each.room.place,
                "marks": [_mark(each, code) for code in items],
                "note": each.note,
            }
            for each in queries.rooms_checked(site, held)
        ],
        "clauses": [clause(cited).chip for cited in ("EA-25.1", "EA-A5.9")],
    }


def _mark(each: queries.RoomChecked, code: str) -> str:
    if each.check is None or code not in each.check.conditions:
        return ""
    return "×" if code in each.check.failed else "√"


@waits_for(policies.ROOM_CHECKERS, "没有检查或者不合格的考场", "EA-25.1", stage="conduct")
def rooms_to_check(actor: Actor) -> Asked:
    """Rooms of the newest seated sitting that may not be used yet, until its last unit begins."""
    yield queries.sittings_seated().filter(units__starts_at__gte=clock.now())
    sitting = queries.sittings_seated().first()
    last = sitting.units.order_by("-starts_at").first() if sitting else None
    first = sitting.units.order_by("starts_at").first() if sitting else None
    url = reverse("conduct:checks")
    if sitting is None or last is None or last.starts_at < clock.now():
        return Waiting(0, url)
    return Waiting(queries.waiting_rooms(actor, sitting), url, due=first.starts_at if first else None)
