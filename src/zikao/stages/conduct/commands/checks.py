"""Rooms checked before they are used: a whole site at once with its exceptions, or one room again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.stages.agencies.models import Room, Site
from zikao.stages.conduct import policies, queries, rules
from zikao.stages.conduct.models import RoomCheck
from zikao.stages.conduct.states import CheckState, RoomFault
from zikao.stages.programmes.models import Sitting


@command(writes="conduct.rooms-checked", clauses=("EA-25.1", "EA-A5.9"), posts=policies.ROOM_CHECKERS)
def record_room_checks(
    *,
    site_id: int,
    sitting: str,
    checked_at: datetime,
    checker_id: int,
    faults: Sequence[RoomFault] = (),
    room_ids: Collection[int] | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[list[Room]]:
    """Record that rooms of a site were checked for every condition: all are in order but those in `faults`.

    `room_ids`: which rooms; None: those used in the sitting that nobody has checked yet. Those in `faults` always
    belong to them. A room that was not in order is closed until it is named here again.

    Source:  EA-25.1, EA-A5.9
    Writes:  conduct.rooms-checked
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    held = _sitting(sitting)
    if checked_at > at:
        raise BadInput("checked-to-come", field_errors={"checked_at": "检查时间不能晚于现在。"})
    on_duty = queries.checkers(site, held).filter(pk=checker_id).exists()
    rules.CHECKER(on=local_day(checked_at), on_duty=on_duty).require()
    codes = queries.conditions(local_day(checked_at))
    rooms = _rooms(site, held, room_ids, {each.room_id for each in faults})
    found = _faults(faults, codes)
    common = {
        "sitting": held,
        "conditions": list(codes),
        "checked_at": checked_at,
        "checker_id": checker_id,
        "recorded_at": at,
        "recorded_by": by.account_id,
        "agency_code": site.agency_code,
    }
    RoomCheck.objects.bulk_create(
        RoomCheck(room=room, number=number, **_outcome(found.get(room.pk), codes), **common)
        for room, number in _numbered(rooms, held)
    )
    closed = {room.number: sorted(found[room.pk].failed) for room in rooms if room.pk in found}
    facts = {"rooms": len(rooms), "closed": closed, "checker": checker_id, "checked_at": checked_at}
    return Outcome(rooms, on=f"conduct.checks:{site.code}:{held.code}", facts=facts)


def _sitting(code: str) -> Sitting:
    held = Sitting.objects.filter(code=code).first()
    if held is None:
        raise NotFound("sitting-not-found", facts={"sitting": code})
    return held


def _rooms(site: Site, held: Sitting, room_ids: Collection[int] | None, faulty: set[int]) -> list[Room]:
    used = {each.room.pk: each for each in queries.rooms_checked(site, held)}
    unchecked = {key for key, each in used.items() if each.state is CheckState.UNCHECKED}
    wanted = (unchecked if room_ids is None else set(room_ids)) | faulty
    if wanted - set(used):
        text = "所列考场有的在本考次没有使用。"
        raise BadInput("room-not-used", field_errors={"rooms": text}, message=text)
    if not wanted:
        raise Conflict(
            "nothing-to-check",
            message="本考点使用的考场都已经检查过。",
            remedy="整改后的考场，请写明考场号重新检查。",
            clause="EA-25.1",
        )
    return [used[key].room for key in sorted(wanted, key=lambda key: used[key].room.number)]


def _faults(faults: Sequence[RoomFault], codes: Collection[str]) -> dict[int, RoomFault]:
    for each in faults:
        if not each.failed or not each.failed <= set(codes):
            raise BadInput("condition-unknown", field_errors={"faults": "请写明不合格的项目序号。"})
        if not each.note.strip():
            raise BadInput("fault-unsaid", field_errors={"faults": "请写明不合格的情况。", "note": "请写明情况。"})
    found = {each.room_id: each for each in faults}
    if len(found) != len(faults):
        raise BadInput("room-listed-twice", field_errors={"faults": "同一个考场列了两次。"})
    return found


def _outcome(fault: RoomFault | None, codes: Collection[str]) -> dict[str, Any]:
    if fault is None:
        return {"failed": [], "note": ""}
    return {"failed": [code for code in codes if code in fault.failed], "note": fault.note.strip()}


def _numbered(rooms: Sequence[Room], held: Sitting) -> list[tuple[Room, int]]:
    rows = RoomCheck.objects.filter(sitting=held, room__in=rooms).order_by().values_list("room_id")
    before = dict(rows.annotate(n=Count("id")))
    return [(room, before.get(room.pk, 0) + 1) for room in rooms]
