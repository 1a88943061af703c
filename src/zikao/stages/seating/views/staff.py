"""The draw for staff: its page, its acts, its rooms as their seats."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Link,
    Pill,
    Table,
    action,
    exportable,
    object_page,
    staff_page,
    steps_of,
    table_page,
)
from zikao.stages.candidates.queries import accommodations_on
from zikao.stages.seating import commands, forms, policies, queries, rules
from zikao.stages.seating.models import Draw
from zikao.stages.seating.states import DrawState
from zikao.stages.seating.views import orders, printing

TONES: Any = {DrawState.COMMITTED: "due", DrawState.REVEALED: "due", DrawState.DRAWN: "info", DrawState.ISSUED: "done"}


@staff_page(posts=policies.READERS)
def draw_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All draws, and every sitting that waits for one."""
    table = Table(
        queries.draws(),
        (
            Column("sitting", "考次"),
            Column("get_state_display", "状态"),
            Column("seated", "已编排科次", "number"),
            Column("drawn_at", "编排时间", "datetime"),
            Column("issued_at", "通知单发放", "datetime"),
        ),
        link=lambda draw: reverse("seating:draw", args=[draw.sitting.code]),
        empty="还没有随机编排。报考截止前，由两名以上人员提交密数承诺。",
    )
    waiting = [
        Action(f"为 {code} 提交承诺", "seating:commit", {"sitting_code": code}, posts=policies.COMMITTERS)
        for code in queries.sittings_open_for_commitment()
    ]
    return table_page(request, title="随机编排", table=table, actions=waiting)


@staff_page(posts=policies.READERS)
def draw_page(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """A draw in four parts."""
    draw = queries.draw_of(sitting_code)
    reached = {
        DrawState.COMMITTED: draw.opened_at,
        DrawState.REVEALED: draw.revealed_at,
        DrawState.DRAWN: draw.drawn_at,
        DrawState.ISSUED: draw.issued_at,
    }
    return object_page(
        request,
        kicker="随机编排",
        title=str(draw.sitting),
        pill=Pill.of(draw.state, DrawState, TONES),
        facts=_facts(draw),
        steps=steps_of(DrawState, draw.state, reached={key: value for key, value in reached.items() if value}),
        actions=_actions(draw, actor, sitting_code),
        history=f"seating.draw:{draw.pk}",
        back=Link("随机编排", reverse("seating:draws")),
    )


commit = action(
    commands.commit_secret,
    forms.CommitForm,
    title="提交密数承诺",
    what="报考截止前，两名以上人员各自提交密数的摘要；截止后公开密数，与名册摘要一起决定随机种子，谁也无法事先知道座位。",
    clause="EA-16",
    button="提交承诺",
    done="承诺已提交。请保管好密数，名册封存后公开。",
    back="seating:draw",
)
reveal = action(
    commands.reveal_secret,
    forms.RevealForm,
    title="公开密数",
    what="公开您承诺过的密数。全部密数公开后，随机种子即固定。",
    clause="EA-16",
    button="公开密数",
    done="密数已公开。",
    back="seating:draw",
)
draw = action(
    commands.draw_seats,
    title="随机编排座位",
    what="按公开的随机种子为名册中每一科次编排考场和座位；座位不足时整体不编，并列出各考区各单元的缺口。编排后不能更改。",
    clause="EA-16",
    button="开始编排",
    done=lambda receipt: f"已编排 {receipt.value.seated} 科次，编排摘要 {receipt.value.digest[:16]}。",
    back="seating:draw",
)
issue = action(
    commands.issue_notices,
    title="发放考试通知单",
    what="向全部考生发放考试通知单；考生登录后即可查看和下载。",
    clause="EA-16",
    button="发放",
    done="考试通知单已发放。",
    back="seating:draw",
)


@staff_page(posts=policies.DRAWERS)
def record(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """The public record of a draw, to be checked with `./zikao verify seating`."""
    found = JsonResponse(queries.export_draw(sitting_code), json_dumps_params={"ensure_ascii": False})
    found["Content-Disposition"] = f'attachment; filename="seating-{sitting_code}.json"'
    return found


@exportable("seating.rooms", "考场编排", posts=policies.READERS)
def room_table(actor: Actor, sitting_code: str) -> Table:
    """Every room in every unit of the actor's subtree."""
    return Table(
        queries.room_units(actor, sitting_code),
        (
            Column("room__site__name", "考点", sortable=True),
            Column("room__number", "考场", "number", sortable=True),
            Column("unit__number", "单元", "number", sortable=True),
            Column("taken", "人数", "number", sortable=True),
            Column("courses", "课程数", "number"),
        ),
        link=lambda row: reverse("seating:room", args=[row["room_id"], row["unit_id"]]),
        empty="这次考试还没有编排座位。",
    )


@staff_page(posts=policies.READERS)
def room_list(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """Every room in every unit of the actor's subtree."""
    table = room_table(actor, sitting_code=sitting_code)
    back = Link("随机编排", reverse("seating:draw", args=[sitting_code]))
    return table_page(request, title=f"{sitting_code} 考场", table=table, back=back)


@staff_page(posts=policies.READERS)
def room_page(request: HttpRequest, actor: Actor, room_id: int, unit_id: int) -> HttpResponse:
    """A room in a unit, as its seats."""
    found = queries.room_unit(actor, room_id, unit_id)
    taken = {seat.number: seat for seat in found.seats}
    codes = [code for code, _, _ in found.courses]
    desks = [
        {"desk": desk, "seat": taken.get(desk.number), "course": _course_mark(codes, taken.get(desk.number))}
        for desk in sorted(rules.desks(found.room.seats), key=lambda desk: (desk.row, desk.column))
    ]
    place = {"room_id": room_id, "unit_id": unit_id}
    return object_page(
        request,
        kicker=found.room.site.name,
        title=f"第 {found.room.number:03d} 考场　第{found.unit.number}单元",
        facts=[
            Fact("开考时间", found.unit.starts_at, "datetime"),
            Fact("座位", f"{len(found.seats)} / {found.room.seats}", clause="EA-25.2"),
            *(Fact(f"{code} {name}", f"{count} 人") for code, name, count in found.courses),
        ],
        actions=[
            Action("考场座次表", "seating:room-sheet", place, what_it_does="打印，监考员核对座位用。"),
            Action("考场门贴", "seating:door-list", place, what_it_does="打印，张贴在考场门口。"),
            Action("答题卡条码", "seating:card-labels", place, what_it_does="打印考场全部考生的答题卡条码。"),
        ],
        extra_template="seating/_room.html",
        context={"desks": desks, "columns": max(desk.column for desk in rules.desks(found.room.seats))},
    )


@staff_page(posts=policies.READERS)
def room_sheet(request: HttpRequest, actor: Actor, room_id: int, unit_id: int) -> HttpResponse:
    """考场座次表."""
    return printing.as_pdf(printing.room_sheet_pdf(queries.room_unit(actor, room_id, unit_id)), "room-sheet.pdf")


@staff_page(posts=policies.READERS)
def door_list(request: HttpRequest, actor: Actor, room_id: int, unit_id: int) -> HttpResponse:
    """考场门贴."""
    return printing.as_pdf(printing.door_list_pdf(queries.room_unit(actor, room_id, unit_id)), "door-list.pdf")


@staff_page(posts=policies.READERS)
def card_labels(request: HttpRequest, actor: Actor, room_id: int, unit_id: int) -> HttpResponse:
    """答题卡条码."""
    return printing.as_pdf(printing.card_labels_pdf(queries.room_unit(actor, room_id, unit_id)), "card-labels.pdf")


def _course_mark(codes: list[str], seat: queries.SeatRow | None) -> int:
    return codes.index(seat.course_code) % 4 + 1 if seat else 0


def _separate(draw: Draw) -> list[Fact]:
    """Who has been granted a room of their own: the draw gives each a room."""
    first = draw.sitting.units.order_by("starts_at").first()
    if first is None:
        return []
    granted = accommodations_on(clock.local_day(first.starts_at))
    number = sum(each.separate_room for each in granted.values())
    return [Fact("须单独考场的残疾考生", number, "number", clause="EA-52")] if number else []


def _facts(draw: Draw) -> dict[str, list[Fact]]:
    committed = [
        Fact(f"{each.order}. {each.official}（{each.post}）", "已公开" if each.secret else "待公开", note=each.digest)
        for each in draw.commitments.all()
    ]
    return {
        "": [
            Fact("算法", draw.algorithm, "code"),
            Fact("名册摘要", draw.entry_digest or "名册封存、密数公开后写入", "code"),
            Fact("随机种子", draw.seed or "密数全部公开后算出", "code", clause="EA-16"),
            Fact("编排摘要", draw.digest or "—", "code"),
            Fact("已编排科次", draw.seated, "number"),
            Fact("使用考场（按单元计）", draw.rooms, "number"),
            *_separate(draw),
        ],
        "密数承诺": committed,
    }


def _actions(draw: Draw, actor: Actor, sitting_code: str) -> list[Action]:
    place = {"sitting_code": sitting_code}
    closed = queries.entry_list_of(sitting_code) is not None
    mine = next((c for c in draw.commitments.all() if c.official_account_id == actor.account_id), None)
    state = DrawState(draw.state)
    is_drawn = state in {DrawState.DRAWN, DrawState.ISSUED}
    return [
        Action("提交密数承诺", "seating:commit", place, "提交密数的摘要。", posts=policies.COMMITTERS)
        .open_if(not closed, "名册已经封存，承诺须在此之前提交。", "EA-16")
        .open_if(mine is None, "您已经提交过承诺。", "EA-16"),
        Action("公开密数", "seating:reveal", place, "公开承诺过的密数。", posts=policies.COMMITTERS)
        .open_if(mine is not None, "您没有提交过承诺。", "EA-16")
        .open_if(closed, "名册还没有封存。", "EA-16")
        .open_if(mine is not None and mine.secret is None, "您的密数已经公开。", "EA-16"),
        Action("随机编排座位", "seating:draw-seats", place, "为名册中每一科次编排座位。", posts=policies.DRAWERS)
        .open_if(not is_drawn, "座位已经编排，不能再改。", "EA-16")
        .open_if(state == DrawState.REVEALED, "密数还没有全部公开。", "EA-16"),
        Action("发放考试通知单", "seating:issue", place, "考生即可查看和下载。", posts=policies.DRAWERS)
        .open_if(state != DrawState.ISSUED, "通知单已经发放。", "EA-16")
        .open_if(is_drawn, "座位还没有编排。", "EA-16"),
        *orders.paper_actions(place, is_drawn=is_drawn, is_issued=state == DrawState.ISSUED),
    ]
