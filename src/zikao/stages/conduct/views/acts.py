"""What is done in a room: opened, admission, attendance, hand-in, signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import action
from zikao.stages.conduct import commands, forms, queries
from zikao.stages.conduct.models import RoomSession
from zikao.stages.personnel.models import Person
from zikao.stages.personnel.queries import invigilators_of


def _room_url(receipt: Any, **_: object) -> str:
    session = receipt.value if isinstance(receipt.value, RoomSession) else receipt.value.session
    return reverse("conduct:room", args=[session.room_id, session.unit_id])


open_room = action(
    commands.open_room,
    title="建立考场情况记录",
    what="开始记录本考场本单元的情况。",
    clause="EA-A5.2",
    done="考场情况记录已建立。",
    back="conduct:room",
)
admit = action(
    commands.admit,
    forms.AdmitForm,
    title="考生入场",
    what="看到哪样勾哪样；三样齐全、时间未过才能入场。",
    clause="EA-28",
    button="准予入场",
    context=lambda actor, seat_id: {"seat": queries.seat(actor, seat_id)},
    extra_template="conduct/_seat.html",
    done="已登记入场。",
    back=_room_url,
)
hand_in = action(
    commands.hand_in,
    forms.HandInForm,
    title="考生交卷出场",
    what="交卷出场后不能再进场续考。",
    clause="EA-A1.8",
    context=lambda actor, seat_id: {"seat": queries.seat(actor, seat_id)},
    extra_template="conduct/_seat.html",
    done="已登记交卷出场。",
    back=_room_url,
)


def _mark_options(actor: Actor, *, session_id: int) -> Mapping[str, Any]:
    session = queries.room_session(actor, session_id)
    return {"seats": queries.seats_in(session.room, session.unit)}


def _mark_initial(actor: Actor, *, session_id: int) -> Mapping[str, Any]:
    rows = queries.attendance_of(queries.room_session(actor, session_id))
    return {
        "absent": [str(each.seat.number) for each in rows if not each.present],
        "no_handwriting": [str(each.seat.number) for each in rows if each.present and not each.handwriting_taken],
    }


mark = action(
    commands.mark_attendance,
    forms.MarkForm,
    title="登记到考与缺考",
    what="勾出缺考的座位和没有采集笔迹的座位，其余座位登记为到考、已采集笔迹。",
    clause="EA-A6.10",
    form_options=_mark_options,
    initial=_mark_initial,
    extra_template="conduct/_style.html",
    done="到考与缺考已登记。",
    back=_room_url,
)


def _sign_options(actor: Actor, *, session_id: int) -> Mapping[str, Any]:
    session = queries.room_session(actor, session_id)
    duties = invigilators_of(session.room_id, session.unit.sitting.code, session.unit.number)
    persons: list[Person] = [duty.person for duty in duties]
    return {"persons": persons}


sign = action(
    commands.sign_room,
    forms.SignForm,
    title="考场情况记录签字",
    what="没有登记到考的座位按缺考记。两名以上当班监考员签字后上交，不能再改。",
    clause="EA-A5.6",
    button="签字上交",
    form_options=_sign_options,
    done=lambda receipt: f"已签字：实到 {receipt.value.present} 人，缺考 {receipt.value.absent} 人。",
    back=_room_url,
)
