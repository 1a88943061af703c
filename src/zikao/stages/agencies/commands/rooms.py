"""The rooms of a site: added, changed, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import ProtectedError

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.regulation import all_of
from zikao.stages.agencies import policies, registers, rules
from zikao.stages.agencies.models import Room, Site
from zikao.stages.agencies.states import RoomRow

ROOMS_STAY = "不能改变座位数或删除考场"


@command(writes="agencies.rooms-added", clauses=("EA-25.2",), posts=policies.ROOM_ADDERS)
def add_rooms(*, site_id: int, rooms: Sequence[RoomRow], by: Actor, at: datetime) -> Outcome[list[Room]]:
    """Add rooms to a site, all or none; each with 25 or 30 seats and the spacing that the law asks.

    Source:  EA-25.2
    Writes:  agencies.rooms-added
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    numbers = [room.number for room in rooms]
    if not rooms or min(numbers) < 1 or len(set(numbers)) != len(numbers):
        raise BadInput("room-numbers", field_errors={"rooms": "考场号从1起，不能重复，不能为空。"})
    taken = sorted(site.rooms.filter(number__in=numbers).values_list("number", flat=True))
    if taken:
        raise Conflict("room-number-taken", facts={"numbers": taken}, message=f"考场号 {taken} 已经存在。")
    day = local_day(at)
    all_of(*(rules.ROOM(on=day, number=r.number, seats=r.seats, spacing_cm=r.spacing_cm) for r in rooms)).require()
    added = Room.objects.bulk_create(
        Room(site=site, number=r.number, seats=r.seats, spacing_cm=r.spacing_cm, place=r.place) for r in rooms
    )
    return Outcome(added, on=site, facts={"site": site.code, "rooms": len(rooms), "seats": sum(r.seats for r in rooms)})


@command(writes="agencies.room-changed", clauses=("EA-25.2",), posts=policies.ROOM_ADDERS)
def change_room(
    *, site_id: int, number: int, seats: int, spacing_cm: int, place: str, by: Actor, at: datetime
) -> Outcome[Room]:
    """Change a room's seats, spacing or place, while no round runs at the site.

    Source:  EA-25.2
    Writes:  agencies.room-changed
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    site, room = _room(by, site_id, number)
    rules.ROOM(on=local_day(at), number=number, seats=seats, spacing_cm=spacing_cm).require()
    if seats != room.seats:
        check_idle(site, at, ROOMS_STAY)
    room.seats, room.spacing_cm, room.place = seats, spacing_cm, place.strip()
    room.save(update_fields=["seats", "spacing_cm", "place"])
    return Outcome(room, on=site, facts={"site": site.code, "room": number, "seats": seats})


@command(writes="agencies.room-removed", clauses=("EA-25.2",), posts=policies.ROOM_ADDERS)
def remove_room(*, site_id: int, number: int, by: Actor, at: datetime) -> Outcome[Site]:
    """Take a room off a site; one in which candidates have sat stays for ever.

    Source:  EA-25.2
    Writes:  agencies.room-removed
    Raises:  NotPermitted, NotFound, Conflict
    """
    site, room = _room(by, site_id, number)
    check_idle(site, at, ROOMS_STAY)
    try:
        room.delete()
    except ProtectedError:
        raise Conflict(
            "room-was-used",
            message=f"第{number:02d}考场已经用于考试，记录须保留，不能删除。",
            remedy="不再使用的，请撤销考点或改编考场。",
        ) from None
    return Outcome(site, facts={"site": site.code, "room": number})


def _room(by: Actor, site_id: int, number: int) -> tuple[Site, Room]:
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    room = site.rooms.filter(number=number).first()
    if room is None:
        raise NotFound("room-not-found", facts={"site": site.code, "room": number})
    return site, room


def check_idle(site: Site, at: datetime, so: str) -> None:
    """Seats that candidates were given do not change under them; `so` says what cannot be done. Raises Conflict."""
    running = registers.running_rounds(site.agency_code, local_day(at))
    if running:
        raise Conflict(
            "site-in-use",
            facts={"rounds": list(running)},
            message=f"考点有进行中的工作：{'、'.join(running)}，{so}。",
            remedy="请在本次考试结束后再改。",
        )
