"""Chiefs and invigilators put on duty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.crypto import sm3
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.regulation import all_of, parameter
from zikao.stages.agencies.models import Room, Site
from zikao.stages.agencies.queries import site_usable
from zikao.stages.personnel import policies, queries, rules
from zikao.stages.personnel.models import Duty, Person
from zikao.stages.personnel.states import LEADERS, PostKind


@command(writes="personnel.chief-appointed", clauses=("EA-24.4", "EA-10"), posts=policies.CHIEF_APPOINTERS)
def appoint_chief(
    *,
    site_id: int,
    person_id: int,
    sitting_code: str,
    on: date,
    post_kind: PostKind = PostKind.CHIEF,
    by: Actor,
    at: datetime,
) -> Outcome[Duty]:
    """Appoint a site's chief or a deputy for a sitting; `on` is the sitting's first exam day.

    Source:  EA-24.4, EA-10, EA-11.2
    Writes:  personnel.chief-appointed
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    if post_kind not in LEADERS:
        raise BadInput("post-kind", field_errors={"post_kind": "只能聘任主考或副主考。"})
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    person = access(Person.objects.select_for_update(of=("self",)), by, pk=person_id)
    if post_kind == PostKind.CHIEF:
        chiefs = site.duties.filter(sitting_code=sitting_code, post_kind=PostKind.CHIEF).count()
        rules.CHIEFS(on=on, chiefs=chiefs).require()
    queries.fitness(person, post_kind, sitting_code, on).require()
    if person.duties.filter(sitting_code=sitting_code).exists():
        raise Conflict("on-duty-already", message="此人在这一考次已有聘任。")
    duty = Duty.objects.create(
        person=person,
        sitting_code=sitting_code,
        post_kind=post_kind,
        site=site,
        agency_code=site.agency_code,
        assigned_at=at,
    )
    return Outcome(duty, on=site, facts={"site": site.code, "person": person.pk, "post": post_kind})


@command(
    writes="personnel.invigilator-assigned",
    clauses=("EA-25.4", "EA-10", "EA-11.2"),
    posts=policies.INVIGILATOR_APPOINTERS,
)
def assign_invigilator(
    *,
    site_id: int,
    person_id: int,
    sitting_code: str,
    unit_number: int,
    on: date,
    room_id: int | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[Duty]:
    """Put one person on duty in a unit: in a room, or roving where no room is given; `on` is the unit's day.

    Source:  EA-25.4, EA-10, EA-11.2
    Writes:  personnel.invigilator-assigned
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    person = access(Person.objects.select_for_update(of=("self",)), by, pk=person_id)
    room = _rooms(site, [room_id])[0] if room_id is not None else None
    post_kind = PostKind.INVIGILATOR if room else PostKind.ROVER
    all_of(site_usable(site, on), queries.fitness(person, post_kind, sitting_code, on)).require()
    if queries.busy(sitting_code, unit_number).filter(person=person).exists():
        raise Conflict("on-duty-already", message="此人在这一考试单元已有聘任。")
    duty = Duty.objects.create(
        person=person,
        sitting_code=sitting_code,
        post_kind=post_kind,
        site=site,
        room=room,
        unit_number=unit_number,
        agency_code=site.agency_code,
        assigned_at=at,
    )
    return Outcome(duty, on=site, facts={"site": site.code, "person": person.pk, "unit": unit_number})


@command(
    writes="personnel.invigilators-assigned",
    clauses=("EA-25.3", "EA-25.4", "EA-10", "EA-11.2"),
    posts=policies.INVIGILATOR_APPOINTERS,
)
def assign_invigilators(
    *,
    site_id: int,
    sitting_code: str,
    unit_number: int,
    on: date,
    seed: str,
    room_ids: Sequence[int] | None = None,
    per_room: int | None = None,
    rovers: int | None = None,
    pool_code: str | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[list[Duty]]:
    """Staff the rooms of a site for a unit by lot: the order of SM3(seed:person) over all who may serve that day.

    `room_ids` None means every room of the site; `pool_code` names the agency whose people are drawn (the site's area).
    `per_room` and `rovers` None mean as few as the law and the province allow. Those who may not serve (certificate,
    tutoring teachers, declared interest, on duty elsewhere) are left out.

    Source:  EA-25.3, EA-25.4, EA-10, EA-11.2
    Writes:  personnel.invigilators-assigned
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    site = access(Site.objects.select_for_update(of=("self",)).select_related("area"), by, pk=site_id)
    site_usable(site, on).require()
    rooms = _rooms(site, room_ids)
    if site.duties.filter(sitting_code=sitting_code, unit_number=unit_number, room__in=rooms).exists():
        raise Conflict("rooms-staffed", message="这一考试单元的考场已安排监考员。")
    pool = queries.invigilator_pool(by, pool_code or site.area.code, sitting_code, unit_number, on)
    drawn = sorted(pool, key=lambda person: sm3(f"{seed}:{person}".encode()))
    per_room = per_room if per_room is not None else _least("invigilators-per-room", on, by)
    rovers = rovers if rovers is not None else _least("rovers-per-site", on, by)
    rules.STAFFING(on=on, per_room=per_room, rooms=len(rooms), rovers=rovers, available=len(drawn)).require()
    places: list[Room | None] = [room for room in rooms for _ in range(per_room)]
    places += [None] * rovers
    duties = Duty.objects.bulk_create(
        Duty(
            person_id=person,
            sitting_code=sitting_code,
            post_kind=PostKind.INVIGILATOR if room else PostKind.ROVER,
            site=site,
            room=room,
            unit_number=unit_number,
            agency_code=site.agency_code,
            assigned_at=at,
        )
        for person, room in zip(drawn, places, strict=False)
    )
    facts = {
        "site": site.code,
        "sitting": sitting_code,
        "unit": unit_number,
        "seed": seed,
        "rooms": len(rooms),
        "count": len(duties),
        "pool": len(drawn),
        "digest": sm3("|".join(f"{d.room_id}:{d.person_id}" for d in duties).encode()),
    }
    return Outcome(duties, on=site, facts=facts)


def _least(name: str, on: date, by: Actor) -> int:
    return int(parameter(name).on(on, province=by.agency_code[:2] or None))


@command(
    writes="personnel.duty-handed-over",
    clauses=("EA-10", "EA-11.2", "EA-25.4"),
    posts=policies.INVIGILATOR_APPOINTERS,
)
def hand_over_duty(*, duty_id: int, person_id: int, on: date, reason: str, by: Actor, at: datetime) -> Outcome[Duty]:
    """Put another person in the place of one on duty; `on` is the duty's (first) day. A chief only by the director.

    Source:  EA-10, EA-11.2, EA-25.4, EA-24.4
    Writes:  personnel.duty-handed-over
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    duty = access(Duty.objects.select_for_update(of=("self",)), by, pk=duty_id)
    person = access(Person.objects.select_for_update(of=("self",)), by, pk=person_id)
    policies.check_may_hand_over(by, duty)
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明更换的原因。"})
    queries.fitness(person, PostKind(duty.post_kind), duty.sitting_code, on).require()
    if queries.held_at_the_time(duty).filter(person=person).exists():
        raise Conflict("on-duty-already", message="此人同时已有聘任。")
    before, earlier = snapshot(duty), duty.person_id
    duty.person, duty.assigned_at = person, at
    duty.save(update_fields=["person", "assigned_at"])
    facts = {"from": earlier, "to": person.pk, "reason": reason.strip()}
    return Outcome(duty, before=before, facts=facts)


def _rooms(site: Site, room_ids: Sequence[int] | None) -> list[Room]:
    rooms = list(site.rooms.all() if room_ids is None else site.rooms.filter(pk__in=room_ids))
    if room_ids is not None and len(rooms) != len(set(room_ids)):
        raise NotFound("room-not-found", facts={"site": site.code})
    if not rooms:
        raise NotFound("room-not-found", facts={"site": site.code}, message="这一考点还没有登记考场。")
    return rooms
