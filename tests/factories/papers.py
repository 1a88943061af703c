"""Boxes of papers and their journey, made through their commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tests.factories.actors import AREA, area_clerk, clerk
from tests.factories.agencies import a_secure_room
from tests.factories.personnel import certified
from tests.factories.programmes import SITTING
from tests.factories.seating import drawn, later
from zikao.foundation.actors import Actor, Post
from zikao.stages.papers import commands
from zikao.stages.papers.models import Box
from zikao.stages.papers.states import BoxState, HandOverKind, Witnessed
from zikao.stages.personnel.models import Person
from zikao.stages.personnel.states import PostKind

PACKER = replace(clerk(Post.PAPERS_OFFICER), account_id=900_960)
CHIEF = clerk(Post.SITE_CHIEF, AREA)
WAY = (
    (HandOverKind.STORE, "保管员甲", BoxState.STORED),
    (HandOverKind.ISSUE, "押运员乙", BoxState.ISSUED),
    (HandOverKind.RECEIVE, "主考丙", BoxState.AT_SITE),
    (HandOverKind.SEAL, "考务员丁", BoxState.SCRIPTS_SEALED),
    (HandOverKind.RETURN, "保管员甲", BoxState.RETURNED),
)
"""Each hand-over of the way, who takes the box, and where it is then."""


TAKERS = {900_961: "保管员甲", 900_962: "押运员乙", 900_964: "考务员丁"}
CHIEFS = {900_963: "主考丙"}


def keepers(at: datetime) -> None:
    """Those who pack, keep and carry papers, and a chief: of the area, certified."""
    certified(at, {PACKER.account_id or 0: PACKER.name}, PostKind.PAPERS)
    certified(at, TAKERS, PostKind.PAPERS, agency_code=AREA)
    certified(at, CHIEFS, PostKind.CHIEF, agency_code=AREA)


def keeper(name: str) -> Person:
    """One of them."""
    return Person.objects.get(name=name, account_id__gt=900_960)


def boxes(at: datetime, **more: int) -> list[Box]:
    """October 2026 drawn, packed and boxed: one site, a box a unit."""
    drawn(at, **more)
    keepers(at)
    commands.pack_papers(sitting=SITTING, by=PACKER, at=later(at))
    return list(Box.objects.select_related("unit", "site").order_by("unit__number"))


def a_box(at: datetime, state: BoxState = BoxState.PACKED) -> Box:
    """The box of unit 1, brought as far as `state` by its hand-overs."""
    box = boxes(at)[0]
    for kind, _, reached in WAY:
        if BoxState(box.state) is state:
            break
        handed(box, kind, at)
        box.refresh_from_db()
        assert box.state == reached
    return box


def seen(box: Box, **more: object) -> Witnessed:
    """What both sides see when everything is in order."""
    facts: dict[str, object] = {
        "box_code": box.code,
        "seal_number": box.seal_number,
        "seal_intact": True,
        "packs_counted": box.packs.count(),
    }
    return Witnessed(**{**facts, **more})  # type: ignore[arg-type]


def on_exam_day(box: Box) -> datetime:
    """An hour before the box's unit starts."""
    return box.unit.starts_at - timedelta(hours=1)


def who_hands(kind: HandOverKind) -> Actor:
    """The actor who records a kind of hand-over."""
    if kind in {HandOverKind.RECEIVE, HandOverKind.SEAL}:
        return CHIEF
    return area_clerk()


def handed(box: Box, kind: HandOverKind, at: datetime, **more: object) -> int:
    """A hand-over as it ought to be, but for what the test says otherwise."""
    taker = next(name for each, name, _ in WAY if each is kind)
    facts: dict[str, object] = {
        "kind": kind,
        "boxes": [seen(box)],
        "giver": box.holder,
        "taker_id": keeper(taker).pk,
        "by": who_hands(kind),
        "at": more.pop("when", on_exam_day(box)),
    }
    if kind is HandOverKind.STORE and "secure_room_id" not in more:
        facts["secure_room_id"] = a_secure_room(at).pk
    if kind is HandOverKind.ISSUE:
        facts["unit_number"] = box.unit.number
    if kind is HandOverKind.SEAL:
        facts["new_seals"] = [f"S{box.pk}"]
    return commands.hand_over(**{**facts, **more}).value  # type: ignore[arg-type]
