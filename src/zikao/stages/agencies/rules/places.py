"""A complete committee, a room's seats and spacing, a secure room, and facilities accepted until a day."""

from __future__ import annotations

from datetime import date, timedelta

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

COMMITTEE = Rule("agencies.committee", title="考区委员会组成")
ROOM = Rule("agencies.room", title="考场座位与间距")
SECURE_ROOM = Rule("agencies.secure-room", title="试卷保密室的登记条件")
SECURE_ROOM_USABLE = Rule("agencies.secure-room-usable", title="保密室验收在有效期内")
FACILITY = Rule("agencies.facility", title="印制单位、运送车辆、考点监控的登记条件")
VALIDITY = Rule("agencies.validity", title="资质和验收在有效期内")
WARNED_FROM = Rule[date]("agencies.warned-from", title="有效期届满前开始提醒的日期")
CAMERAS_ASKED = {"vehicle": "vehicle-cameras", "cameras": "site-cameras"}


@COMMITTEE.version("EA-23", since=IN_FORCE)
def _(*, directors: tuple[str, ...], deputies: tuple[str, ...], departments: tuple[str, ...], on: date) -> Decision:
    """Each seat is named by its department; the director's is the local government."""
    government = parameter("area-committee-director").on(on)
    lacking = [name for name in parameter("area-committee-deputies").on(on) if name not in deputies]
    missing = [name for name in parameter("area-committee-departments").on(on) if name not in departments]
    return all_of(
        decide("EA-23", len(directors) == 1, "committee-without-director", directors=len(directors)),
        decide("EA-23", all(each == government for each in directors), "committee-director-not-government"),
        decide("EA-23", not lacking, "committee-deputies-missing", missing=lacking),
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


@FACILITY.version(("EA-19", "EA-21.1", "EA-24.2"), since=IN_FORCE)
def _(*, kind: str, cameras: int, has_positioning: bool, valid_from: date, valid_until: date, on: date) -> Decision:
    least = parameter(CAMERAS_ASKED[kind]).on(on) if kind in CAMERAS_ASKED else 0
    law = {"printing": "EA-19", "vehicle": "EA-21.1"}.get(kind, "EA-24.2")
    return all_of(
        decide(law, cameras >= least, "facility-cameras", cameras=cameras, least=least),
        decide("EA-21.1", kind != "vehicle" or has_positioning, "vehicle-without-positioning"),
        decide(law, valid_from <= on < valid_until, "facility-not-valid", until=valid_until),
    )


@VALIDITY.version(("EA-19", "EA-21.1", "EA-24.2"), since=IN_FORCE)
def _(*, valid_from: date, valid_until: date, on: date) -> Decision:
    return decide("EA-24.2", valid_from <= on < valid_until, "facility-not-valid", until=valid_until)


@WARNED_FROM.version("EA-24.2", since=IN_FORCE)
def _(*, until: date, on: date) -> date:
    return until - timedelta(days=parameter("validity-warning").on(on))
