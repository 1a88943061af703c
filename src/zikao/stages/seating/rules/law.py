"""When the draw may take which step."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter
from zikao.stages.seating.states import Lack, RoomFacts, Shortfall

FIRST_DAY = date(2020, 9, 27)

COMMITMENT = Rule("seating.commitment", title="报考截止前提交密数承诺")
REVEAL = Rule("seating.reveal", title="报考截止后公开密数")
SEED = Rule("seating.seed", title="随机种子由两名以上人员的密数构成")
ENOUGH_SEATS = Rule("seating.enough-seats", title="名册内每一科次都有座位")
OWN_ROOMS = Rule("seating.own-rooms", title="获准单独考场的考生各有一个考场")
PREMISES = Rule("seating.premises", title="不在助学机构场地集中安排本机构考生")
ROOMS_FIT = Rule("seating.rooms-fit", title="编入的考场座位数符合规定")


@COMMITMENT.version("EA-16", since=FIRST_DAY)
def _(*, at: datetime, closes_at: datetime, list_closed: bool, well_formed: bool, committed: bool) -> Decision:
    return all_of(
        decide("EA-16", at < closes_at and not list_closed, "commitment-late", closes_at=closes_at),
        decide("EA-16", well_formed, "commitment-malformed"),
        decide("EA-16", not committed, "commitment-twice"),
    )


@REVEAL.version("EA-16", since=FIRST_DAY)
def _(*, list_closed: bool, matches: bool, revealed: bool) -> Decision:
    return all_of(
        decide("EA-16", list_closed, "reveal-early"),
        decide("EA-16", not revealed, "reveal-twice"),
        decide("EA-16", matches, "secret-differs"),
    )


@SEED.version("EA-16", since=FIRST_DAY)
def _(*, committed: int, revealed: int, on: date) -> Decision:
    least = parameter("draw-officials").on(on)
    return all_of(
        decide("EA-16", committed >= least, "officials-too-few", committed=committed, least=least),
        decide("EA-16", revealed == committed, "secrets-missing", missing=committed - revealed),
    )


@ENOUGH_SEATS.version("EA-16", since=FIRST_DAY)
def _(*, shortfalls: tuple[Shortfall, ...]) -> Decision:
    missing = sum(short.needed - short.seats for short in shortfalls)
    where = tuple(str(short) for short in shortfalls)
    return decide("EA-16", not shortfalls, "seats-short", missing=missing, where=where)


@OWN_ROOMS.version("EA-52", since=FIRST_DAY)
def _(*, lacks: tuple[Lack, ...]) -> Decision:
    return decide("EA-52", not lacks, "own-rooms-short", where=tuple(str(each) for each in lacks))


@PREMISES.version("EA-24.3", since=FIRST_DAY)
def _(*, lacks: tuple[Lack, ...]) -> Decision:
    return decide("EA-24.3", not lacks, "premises-only", where=tuple(str(each) for each in lacks))


@ROOMS_FIT.version("EA-25.2", since=FIRST_DAY)
def _(*, rooms: tuple[RoomFacts, ...], on: date) -> Decision:
    allowed = parameter("room-seats").on(on)
    wrong = tuple(f"{room.label}（{room.seats} 座）" for room in rooms if room.seats not in allowed)
    return decide("EA-25.2", not wrong, "rooms-unfit", rooms=wrong, allowed=allowed)
