"""The codes of the tree, a complete committee, a room's seats and spacing, a secure room."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)
CODE_LENGTHS = {"province": 2, "prefecture": 4, "county": 6}

AGENCY_CODE = Rule("agencies.agency-code", title="机构代码按隶属关系编排")
COMMITTEE = Rule("agencies.committee", title="考区委员会组成")
ROOM = Rule("agencies.room", title="考场座位与间距")
SECURE_ROOM = Rule("agencies.secure-room", title="试卷保密室的登记条件")
SECURE_ROOM_USABLE = Rule("agencies.secure-room-usable", title="保密室验收在有效期内")


@AGENCY_CODE.version("EA-5.1", since=IN_FORCE)
def _(*, code: str, kind: str, parent_code: str) -> Decision:
    length = CODE_LENGTHS.get(kind)
    fits = length is None or (len(code) == length and code.isascii() and code.isdigit())
    return all_of(
        decide("EA-5.1", fits, "agency-code-shape", code=code, length=length),
        decide("EA-5.1", code.startswith(parent_code), "agency-code-outside", code=code, parent=parent_code),
    )


@COMMITTEE.version("EA-23", since=IN_FORCE)
def _(*, directors: int, deputies: int, departments: tuple[str, ...], on: date) -> Decision:
    needed = parameter("area-committee-departments").on(on)
    missing = [name for name in needed if name not in departments]
    return all_of(
        decide("EA-23", directors == 1, "committee-without-director", directors=directors),
        decide("EA-23", deputies >= 1, "committee-without-deputy"),
        decide("EA-23", not missing, "committee-departments-missing", missing=missing),
    )


@ROOM.version("EA-25.2", since=IN_FORCE)
def _(*, number: int, seats: int, spacing_cm: int, on: date) -> Decision:
    allowed = parameter("room-seats").on(on)
    least = parameter("room-spacing").on(on)
    return all_of(
        decide("EA-25.2", seats in allowed, "room-seats", number=number, seats=seats, allowed=allowed),
        decide("EA-25.2", spacing_cm >= least, "room-spacing", number=number, spacing=spacing_cm, least=least),
    )


@SECURE_ROOM.version(("EA-18.2", "EA-21.5"), since=IN_FORCE)
def _(*, cameras: int, accepted_on: date, accepted_until: date, on: date) -> Decision:
    least = parameter("secure-place-cameras").on(on)
    return all_of(
        decide("EA-21.5", cameras >= least, "secure-room-cameras", cameras=cameras, least=least),
        decide("EA-18.2", accepted_on <= on < accepted_until, "secure-room-not-accepted", until=accepted_until),
    )


@SECURE_ROOM_USABLE.version("EA-18.2", since=IN_FORCE)
def _(*, accepted_on: date, accepted_until: date, on: date) -> Decision:
    return decide("EA-18.2", accepted_on <= on < accepted_until, "secure-room-not-accepted", until=accepted_until)
