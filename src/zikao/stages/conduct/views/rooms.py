"""A room in a unit as its seats, and what can be done there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Fact,
    Link,
    Pill,
    Step,
    object_page,
    staff_page,
    steps_of,
    tell,
    url_or_empty,
)
from zikao.stages.agencies.models import Room
from zikao.stages.candidates.queries import accommodations_of, kind_names
from zikao.stages.conduct import policies, queries, rules
from zikao.stages.conduct.models import RoomSession
from zikao.stages.conduct.states import RoomState
from zikao.stages.conduct.views.day import pill_of
from zikao.stages.personnel.models import Duty
from zikao.stages.personnel.queries import invigilators_of
from zikao.stages.programmes.models import Unit
from zikao.stages.seating.models import Seat

COLUMNS_OF_SEATS = 5

tell(
    **{
        "conduct.room-opened": "建立考场情况记录",
        "conduct.admitted": "考生入场",
        "conduct.attendance-marked": "登记到考与缺考",
        "conduct.handed-in": "考生交卷出场",
        "conduct.room-signed": "考场情况记录签字",
        "conduct.room-sheets-taken-in": "成批登记考场情况记录",
    }
)


@dataclass(frozen=True)
class Place:
    """A desk of the room: its number, who sits there and how it stands."""

    number: int
    seat: Seat | None
    tone: str = "free"
    sign: str = ""
    url: str = ""


@staff_page(posts=policies.READERS)
def room_page(request: HttpRequest, actor: Actor, room_id: int, unit_id: int) -> HttpResponse:
    """A room in a unit: facts, the seats as they stand, actions, history."""
    room, unit = queries.room(actor, room_id), queries.unit(unit_id)
    session, seats = queries.session_of(room, unit), queries.seats_in(room, unit)
    duties = list(invigilators_of(room.pk, unit.sitting.code, unit.number))
    keeper = actor.post in policies.ROOM_KEEPERS
    return object_page(
        request,
        kicker=f"{room.site.name}　{unit.sitting.code} {unit}",
        title=f"第 {room.number} 考场",
        pill=pill_of(session) if session else Pill("未建立记录"),
        facts={"": _facts(room, unit, session, seats, duties), "残疾考生便利": _needs(unit, seats)},
        steps=_steps(session),
        actions=_actions(room, unit, session),
        history=f"conduct.roomsession:{session.pk}" if session else (),
        back=Link("考试日", f"{reverse('conduct:day', args=[room.site_id])}?sitting={unit.sitting.code}"),
        extra_template="conduct/_room.html",
        context={
            "rows": seat_plan(room, seats, may_act=keeper and not _signed(session)),
            "seats": [(seat, _state(seat), _acts(seat, session, actor)) for seat in seats],
            "session": session,
        },
    )


def _signed(session: RoomSession | None) -> bool:
    return session is not None and session.state == RoomState.SIGNED


def _state(seat: Seat) -> Pill:
    attendance = getattr(seat, "attendance", None)
    if attendance is None:
        return Pill("未登记", "due")
    if not attendance.present:
        return Pill("缺考", "danger")
    return Pill("已交卷", "done") if attendance.handed_in_at else Pill("到考", "done")


def _acts(seat: Seat, session: RoomSession | None, actor: Actor) -> list[Action]:
    attendance = getattr(seat, "attendance", None)
    acts = [Action("记录违规", "violations:record", {"entry_id": seat.pk})]
    if actor.post in policies.ROOM_KEEPERS and not _signed(session):
        if attendance is None:
            acts.insert(0, Action("入场", "conduct:admit", {"seat_id": seat.pk}))
        elif attendance.present and attendance.handed_in_at is None:
            acts.insert(0, Action("交卷", "conduct:hand-in", {"seat_id": seat.pk}))
    return [act for act in acts if act.offered_to(actor)]


def seat_plan(room: Room, seats: Sequence[Seat], *, may_act: bool) -> list[list[Place]]:
    """The desks as they stand, front row first: columns filled by turns to the back and to the front."""
    taken = {seat.number: seat for seat in seats}
    depth = -(-max([room.seats, *taken]) // COLUMNS_OF_SEATS)
    rows = []
    for row in range(depth):
        numbers = [column * depth + (row + 1 if column % 2 == 0 else depth - row) for column in range(COLUMNS_OF_SEATS)]
        rows.append([_place(number, taken.get(number), may_act) for number in numbers])
    return rows


def _place(number: int, seat: Seat | None, may_act: bool) -> Place:
    if seat is None:
        return Place(number, None)
    attendance = getattr(seat, "attendance", None)
    if attendance is None:
        url = url_or_empty("conduct:admit", {"seat_id": seat.pk}) if may_act else ""
        return Place(number, seat, "waiting", "未登记", url)
    if not attendance.present:
        return Place(number, seat, "absent", "缺考")
    leaves = may_act and attendance.handed_in_at is None
    url = url_or_empty("conduct:hand-in", {"seat_id": seat.pk}) if leaves else ""
    said = "已交卷" if attendance.handed_in_at else "到考"
    return Place(number, seat, "present", said + ("·笔迹" if attendance.handwriting_taken else ""), url)


def _checked(room: Room, unit: Unit) -> str:
    """What the last check of the room found."""
    last = queries.check_of_room(room.pk, unit.sitting_id, clock.now())
    if last is None:
        return "还没有检查"
    titles = queries.conditions(clock.local_day(last.checked_at))
    found = "、".join(titles.get(code, code) for code in last.failed)
    return f"{_clock(last.checked_at)} 检查" + (f"，不合格：{found}（{last.note}）" if found else "合格")


def _facts(
    room: Room, unit: Unit, session: RoomSession | None, seats: Sequence[Seat], duties: Sequence[Duty]
) -> list[Fact]:
    known = [seat.attendance for seat in seats if hasattr(seat, "attendance")]
    courses = sorted({f"{seat.paper.course.name}（{seat.paper.course.code}）" for seat in seats})
    facts = [
        Fact("时间", f"{_clock(unit.starts_at)} 至 {_clock(unit.ends_at)}", note=str(unit)),
        Fact("课程", "、".join(courses) or "—"),
        Fact("应到", len(seats), "number"),
        Fact("到考", sum(each.present for each in known), "number"),
        Fact("缺考", sum(not each.present for each in known), "number", clause="EA-A6.10"),
        Fact("已采集笔迹", sum(each.handwriting_taken for each in known), "number", clause="EA-26.2"),
        Fact("考场条件", _checked(room, unit), clause="EA-25.1"),
        Fact("监考员", "、".join(duty.person.name for duty in duties) or "尚未编排", clause="EA-25.3"),
    ]
    if session is not None and session.first_invigilator and session.second_invigilator:
        signed = f"{session.first_invigilator.name}、{session.second_invigilator.name}"
        facts.append(Fact("签字", signed, clause="EA-A5.6"))
    if session is not None and session.remarks:
        facts.append(Fact("考场情况", session.remarks))
    return facts


def _needs(unit: Unit, seats: Sequence[Seat]) -> list[Fact]:
    """Who sits here with an accommodation: what it is, and until when they may write."""
    granted = accommodations_of([seat.entry.candidate_id for seat in seats], clock.local_day(unit.starts_at))
    minutes = int((unit.ends_at - unit.starts_at).total_seconds() // 60)
    facts = []
    for seat in seats:
        found = granted.get(seat.entry.candidate_id)
        if found is not None:
            extra = found.extra_minutes(minutes)
            ends = (
                f"考到 {_clock(unit.ends_at + timedelta(minutes=extra))}（延长 {extra} 分钟）"
                if extra
                else "不延长时间"
            )
            what = kind_names(sorted(found.kinds), clock.local_day(unit.starts_at))
            facts.append(Fact(f"{seat.number} 号座", what, clause="EA-52", note=f"{ends}，{found.number}"))
    return facts


def _clock(value: Any) -> str:
    local = value.astimezone(clock.LOCAL)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _steps(session: RoomSession | None) -> Sequence[Step]:
    if session is None:
        return (Step("未建立", "present"), *(Step(label, "future") for label in RoomState.labels))
    reached = {str(RoomState.OPEN): session.opened_at}
    if session.signed_at is not None:
        reached[str(RoomState.SIGNED)] = session.signed_at
    return (Step("未建立", "past"), *steps_of(RoomState, session.state, reached=reached))


def _actions(room: Room, unit: Unit, session: RoomSession | None) -> list[Action]:
    now, keepers = clock.now(), policies.ROOM_KEEPERS
    where = {"room_id": room.pk, "unit_id": unit.pk}
    check = Action(
        "检查考场条件", "conduct:check-room", {"room_id": room.pk, "sitting": unit.sitting.code},
        "逐项检查；不合格的停用，整改后重新检查。", clause="EA-25.1", posts=policies.ROOM_CHECKERS,
    )  # fmt: skip
    if session is None:
        what = "考生入场前建立；第一位考生入场时也会自动建立。"
        act = Action("建立考场情况记录", "conduct:open", where, what, clause="EA-A5.2", posts=keepers)
        return [act.given(queries.ready(room, unit.sitting, now)), check]
    on = {"session_id": session.pk}
    day, province = clock.local_day(now), room.site.agency_code[:2] or None
    absence = rules.ABSENCE(on=day, recorded_at=now, starts_at=unit.starts_at, province=province)
    signing = rules.SIGNING(on=day, signed_at=now, ends_at=unit.ends_at)
    open_now, why = session.state == RoomState.OPEN, "考场情况记录已经签字。"
    return [
        Action("登记到考与缺考", "conduct:mark", on, "勾出缺考和没有采集笔迹的座位；签字前可以再改。", posts=keepers)
        .open_if(open_now, why, "EA-A5.6").given(absence),
        Action("签字上交", "conduct:sign", on, "没有登记到考的座位按缺考记；签字后不能再改。", clause="EA-A5.6",
               posts=keepers).open_if(open_now, why, "EA-A5.6").given(signing),
        Action("打印考场情况记录单", "conduct:record", on, "到考、缺考、笔迹与签字栏。", clause="EA-A5.6"),
    ]  # fmt: skip
