"""What makes a hand-over valid: two sides, the right seal, the right unit, a room that may hold papers."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

CHAIN = Rule("papers.chain", title="试卷交接不断链，双方核验密封")
SECURE_ROOM = Rule("papers.secure-room", title="试卷只能存放在验收有效的保密室")
UNIT_DRAW = Rule("papers.unit-draw", title="只能领取本考试单元试卷")
SITE_COUNT = Rule("papers.site-count", title="考点开箱清点")


@CHAIN.version(("EA-17", "EA-21.9"), since=IN_FORCE)
def _(*, holder: str, giver: str, taker: str, seal_number: str, seal_shown: str, seal_intact: bool) -> Decision:
    return all_of(
        decide("EA-17", giver == holder, "chain-broken", holder=holder, giver=giver),
        decide("EA-17", bool(taker) and taker != giver, "hand-over-one-side"),
        decide("EA-21.9", seal_shown == seal_number, "seal-number-differs", expected=seal_number, shown=seal_shown),
        decide("EA-21.9", seal_intact, "seal-broken"),
    )


@SECURE_ROOM.version(("EA-18.2", "EA-A2.1"), since=IN_FORCE)
def _(*, accepted_on: date, accepted_until: date, cameras: int, province: str | None, on: date) -> Decision:
    needed = int(parameter("secure-place-cameras").on(on, province=province))
    return all_of(
        decide("EA-18.2", accepted_on <= on < accepted_until, "storage-place-not-accepted", until=accepted_until),
        decide("EA-A2.1", cameras >= needed, "storage-place-cameras", needed=needed, cameras=cameras),
    )


@UNIT_DRAW.version("EA-21.9", since=IN_FORCE)
def _(*, box_unit: int, asked_unit: int, unit_day: date, on: date) -> Decision:
    return all_of(
        decide("EA-21.9", box_unit == asked_unit, "box-of-another-unit", box=box_unit, asked=asked_unit),
        decide("EA-21.9", unit_day == on, "unit-on-another-day", day=unit_day),
    )


@SITE_COUNT.version("EA-21.10", since=IN_FORCE)
def _(*, packs: int, counted: int | None, box_empty_after: bool) -> Decision:
    return all_of(
        decide("EA-21.10", counted == packs, "packs-miscounted", packs=packs, counted=counted),
        decide("EA-21.10", box_empty_after, "box-not-emptied"),
    )
