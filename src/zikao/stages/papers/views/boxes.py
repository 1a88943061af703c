"""The boxes of a sitting and the page of one: its journey as a line of hand-overs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Line,
    Link,
    Pill,
    Table,
    history_of,
    object_page,
    staff_page,
    steps_of,
    table_page,
    tell,
)
from zikao.foundation.pages.parts import Tone
from zikao.stages.papers import policies, queries
from zikao.stages.papers.models import Box, HandOver
from zikao.stages.papers.states import LEADS_TO, TRANSITIONS, BoxState, HandOverKind
from zikao.stages.personnel.queries import certificate_on
from zikao.stages.programmes.models import Sitting

TONES: dict[str, Tone] = {
    "stored": "info",
    "issued": "due",
    "at-site": "info",
    "scripts-sealed": "due",
    "returned": "done",
}
PLACES: tuple[tuple[str, str, HandOverKind | None], ...] = (
    ("整理现场", "box", None),
    ("试卷保密室", "safe", HandOverKind.STORE),
    ("运卷车", "car", HandOverKind.ISSUE),
    ("考点", "site", HandOverKind.RECEIVE),
    ("考点封装答卷", "seal", HandOverKind.SEAL),
    ("答卷保管室", "safe", HandOverKind.RETURN),
)
WHAT = {
    HandOverKind.STORE: ("双方核验密封后存入保密室。", "EA-18.2"),
    HandOverKind.ISSUE: ("只能在考试当天领取本单元的试卷。", "EA-21.9"),
    HandOverKind.RECEIVE: ("查密封、点袋数、看箱内有无遗漏，无误才签收。", "EA-21.10"),
    HandOverKind.SEAL: ("答卷验收后装箱，换上新封签。", "EA-A4.12"),
    HandOverKind.RETURN: ("答卷送到考区指定的保管室。", "EA-A4.12"),
}

tell(**{"papers.packed": "整理试卷并装箱", "papers.handed-over": "交接试卷箱"})


def pill_of(box: Box) -> Pill:
    """The state of a box as a word with its colour."""
    return Pill.of(box.state, BoxState, TONES)


COLUMNS = (
    Column("code", "箱号", "code", sortable=True),
    Column("unit", "单元", value=lambda box: str(box.unit)),
    Column("site.name", "考点"),
    Column("pack_count", "试卷袋", "number"),
    Column("seal_number", "封签号", "code"),
    Column("holder", "保管人"),
    Column("state", "状态", "pill", value=pill_of),
)


@staff_page(posts=policies.READERS)
def box_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The boxes of a sitting, with how many stand where."""
    sittings = list(queries.sittings_with_boxes())
    asked = request.GET.get("sitting", "")
    sitting = next((each for each in sittings if each.code == asked), sittings[0] if sittings else None)
    rows = queries.boxes(actor, sitting) if sitting else Box.objects.none()
    table = Table(
        rows,
        COLUMNS,
        filters=_filters(sittings, sitting),
        link=lambda box: reverse("papers:box", args=[box.pk]),
        order="code",
        empty="这一考次还没有整理试卷。座位编排完成后，由试卷保密管理员一次整理装箱。",
    )
    counts = queries.unit_counts(actor, sitting) if sitting else []
    return table_page(
        request,
        title="试卷箱",
        kicker=f"考次 {sitting.code}" if sitting else "",
        table=table,
        actions=_list_actions(),
        extra_template="papers/_counts.html",
        context={"states": BoxState.labels, "units": [each for each in counts if each.total]},
    )


def _filters(sittings: Sequence[Sitting], sitting: Sitting | None) -> tuple[Filter, ...]:
    units = [(str(unit.number), str(unit)) for unit in sitting.units.all()] if sitting else []
    return (
        Filter("sitting", "考次", "choice", [(each.code, each.code) for each in sittings], lambda rows, _: rows),
        Filter("unit__number", "单元", "choice", units),
        Filter("site", "考点名称", lookup="site__name__contains"),
        Filter("state", "状态", "choice", BoxState.choices),
    )


def _list_actions() -> list[Action]:
    pack = Action("整理装箱", "papers:pack", posts=policies.PACKERS)
    kinds = [
        Action(kind.label, f"papers:{kind.value}", posts=policies.WHO_TAKES[kind]) for kind in HandOverKind
    ]  # fmt: skip
    return [pack, *kinds]


@staff_page(posts=policies.READERS)
def box_page(request: HttpRequest, actor: Actor, box_id: int) -> HttpResponse:
    """One box: facts, journey, what is inside, what can be done."""
    box = queries.box(actor, box_id)
    journey = list(queries.journey_of(box))
    times = {LEADS_TO[HandOverKind(each.kind)]: each.at for each in journey} | {BoxState.PACKED: box.packed_at}
    reached = {str(state): at for state, at in times.items()}
    return object_page(
        request,
        kicker="试卷箱",
        title=box.code,
        pill=pill_of(box),
        facts=_facts(box, journey),
        steps=steps_of(BoxState, box.state, reached=reached),
        actions=_actions(box),
        history=_history(box, journey),
        back=Link("试卷箱", reverse("papers:boxes")),
        extra_template="papers/_box.html",
        context={
            "box": box,
            "stops": stops_of(box, journey),
            "packs": box.packs.select_related("paper__course", "room").order_by("room__number", "code"),
        },
    )


def _held(box: Box, journey: Sequence[HandOver]) -> str:
    """The certificate on which the present keeper took the box (EA-10)."""
    last = journey[-1] if journey else None
    if last is None or last.taker_person is None:
        return ""
    day = local_day(last.at)
    for kind in policies.CERTIFIED_AS[HandOverKind(last.kind)]:
        held = certificate_on(last.taker_person, kind, day)
        if held is not None and held.valid_from_on <= day < held.valid_until:
            return f"{held.get_post_kind_display()}上岗证 {held.number}，有效至 {held.last_day}"
    return ""


def _facts(box: Box, journey: Sequence[HandOver]) -> list[Fact]:
    kept = box.secure_room.name if box.secure_room else "—"
    return [
        Fact("考点", box.site.name),
        Fact("考试单元", f"{box.unit.sitting.code} {box.unit}"),
        Fact("开考时间", box.unit.starts_at, "datetime"),
        Fact("现封签号", box.seal_number, "code", clause="EA-21.9"),
        Fact("现保管人", box.holder, clause="EA-17", note=_held(box, journey)),
        Fact("存放保密室", kept, clause="EA-18.2"),
        *(Fact(label, f"{count} 份", clause="EA-52") for label, count in queries.special_copies(box)),
    ]


def _actions(box: Box) -> list[Action]:
    onward = TRANSITIONS[BoxState(box.state)]
    hand_overs = []
    for kind in HandOverKind:
        what, clause = WHAT[kind]
        done = list(BoxState).index(LEADS_TO[kind]) <= list(BoxState).index(BoxState(box.state))
        why = "已经办过。" if done else f"试卷箱现在“{BoxState(box.state).label}”，还没有到这一步。"
        act = Action(
            kind.label, f"papers:{kind.value}-box", {"box_id": box.pk}, what, clause=clause,
            posts=policies.WHO_TAKES[kind],
        )  # fmt: skip
        hand_overs.append(act.open_if(LEADS_TO[kind] in onward, why, "EA-17"))
    printed = [
        Action("打印交接单", "papers:box-sheet", {"box_id": box.pk}, "箱号、封签号与双方签字栏。"),
        Action("打印试卷袋标签", "papers:labels", {"box_id": box.pk}, "箱内每袋一张，带条码。"),
    ]
    return [*hand_overs, *printed]


def _history(box: Box, journey: Sequence[HandOver]) -> list[Line]:
    subjects = [f"papers:{box.unit.sitting.code}", *(f"papers.{each.kind}:{each.batch}" for each in journey)]
    lines = [line for subject in subjects for line in history_of(subject)]
    return sorted(lines, key=lambda line: -line.receipt)


@dataclass(frozen=True)
class Stop:
    """A place on the journey: when the box came there, between whom, under which seal."""

    place: str
    picture: str
    phase: Literal["past", "present", "future"]
    what: str
    at: datetime | None = None
    who: str = ""
    seal: str = ""
    counted: int | None = None


def stops_of(box: Box, journey: Sequence[HandOver]) -> list[Stop]:
    """The six places of a box's journey in their order, the present one marked."""
    made = {each.kind: each for each in journey}
    here = list(BoxState).index(BoxState(box.state))
    stops = []
    for index, (place, picture, kind) in enumerate(PLACES):
        phase: Literal["past", "present", "future"] = (
            "past" if index < here else "present" if index == here else "future"
        )
        if kind is None:
            stops.append(Stop(place, picture, phase, "装箱密封", box.packed_at, ""))
            continue
        done = made.get(kind)
        if done is None:
            stops.append(Stop(place, picture, phase, kind.label))
            continue
        who = f"{done.giver} → {done.taker}"
        stops.append(Stop(place, picture, phase, kind.label, done.at, who, done.seal_number, done.packs_counted))
    return stops
