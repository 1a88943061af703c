"""Invigilators drawn for the rooms of a site: by lot, under the law's conditions, the same again from the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, access, command
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.regulation import all_of, parameter
from zikao.stages.agencies.models import Room, Site
from zikao.stages.agencies.queries import site_usable
from zikao.stages.personnel import policies, queries, rules
from zikao.stages.personnel.models import Duty, Roster
from zikao.stages.personnel.rules import roster
from zikao.stages.personnel.states import PostKind, UnitDay

CLAUSES = ("EA-25.3", "EA-25.4", "EA-10", "EA-11.2", "EA-A3.2")


@command(writes="personnel.roster-drawn", clauses=CLAUSES, posts=policies.INVIGILATOR_APPOINTERS)
def draw_roster(
    *,
    site_id: int,
    sitting_code: str,
    seed: str,
    per_room: int | None = None,
    rovers: int | None = None,
    pool_code: str | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[Roster]:
    """Staff every used room of a site for all units of a sitting at once.

    `pool_code` names the agency whose people are drawn (the site's area); those dispatched to the site are in, too.
    `per_room` and `rovers` None mean as few as the law and the province allow.

    Source:  EA-25.3, EA-25.4, EA-10, EA-11.2, EA-A3.2
    Writes:  personnel.roster-drawn
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    site = _site(site_id, by)
    days = {unit.number: unit for unit in queries.units_of(sitting_code)}
    used: dict[int, list[int]] = {}
    for use in queries.rooms_used(sitting_code, site.pk):
        used.setdefault(use.unit, []).append(use.room_id)
    if not used:
        raise NotFound("rooms-not-used", message="这一考点本考次没有考生，或者考场还没有编排。")
    wanted = [(days[number], sorted(used[number])) for number in sorted(used)]
    drawn = _drawn(_Wanted(site, sitting_code, wanted, seed, per_room, rovers, pool_code or site.area.code), by, at)
    return Outcome(drawn, on=site, facts=_facts(drawn))


@command(writes="personnel.invigilators-assigned", clauses=CLAUSES, posts=policies.INVIGILATOR_APPOINTERS)
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
    """Staff rooms of a site for one unit (None: every room of the site), beside what is drawn already.

    Source:  EA-25.3, EA-25.4, EA-10, EA-11.2, EA-A3.2
    Writes:  personnel.invigilators-assigned
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    site = _site(site_id, by)
    check_day(sitting_code, unit_number, on)
    rooms = [room.pk for room in rooms_of(site, room_ids)]
    wanted = [(UnitDay(unit_number, on), rooms)]
    drawn = _drawn(_Wanted(site, sitting_code, wanted, seed, per_room, rovers, pool_code or site.area.code), by, at)
    return Outcome(list(drawn.duties.order_by("id")), on=site, facts=_facts(drawn))


@dataclass(frozen=True)
class _Wanted:
    site: Site
    sitting_code: str
    units: list[tuple[UnitDay, list[int]]]
    seed: str
    per_room: int | None
    rovers: int | None
    pool_code: str


def _site(site_id: int, by: Actor) -> Site:
    return access(Site.objects.select_for_update(of=("self",)).select_related("area"), by, pk=site_id)


def _drawn(wanted: _Wanted, by: Actor, at: datetime) -> Roster:
    site, code, days = wanted.site, wanted.sitting_code, [unit for unit, _ in wanted.units]
    if not wanted.seed.strip():
        raise BadInput("seed-missing", field_errors={"seed": "请填写抽签种子。"})
    for unit, rooms in wanted.units:
        all_of(site_usable(site, unit.on), queries.inspected(site, code, unit.on)).require()
        if site.duties.filter(sitting_code=code, unit_number=unit.number, room__in=rooms).exists():
            raise Conflict("rooms-staffed", message=f"第{unit.number}单元的考场已安排监考员。")
    first = days[0].on
    per_room = wanted.per_room if wanted.per_room is not None else _least("invigilators-per-room", first, site)
    rovers = wanted.rovers if wanted.rovers is not None else _least("rovers-per-site", first, site)
    people = queries.pool(by, site, code, days, wanted.pool_code)
    for unit, rooms in wanted.units:
        free = sum(unit.number in one.units for one in people)
        rules.STAFFING(on=unit.on, per_room=per_room, rooms=len(rooms), rovers=rovers, available=free).require()
    needs = [roster.UnitNeed(unit.number, tuple(rooms)) for unit, rooms in wanted.units]
    found = roster.draw(people, needs, per_room, rovers, wanted.seed)
    rules.ROSTER(on=first, lacking="；".join(map(str, found.shortages))).require()
    kept = Roster.objects.create(
        site=site,
        sitting_code=code,
        units=[unit.number for unit in days],
        seed=wanted.seed,
        solver=roster.solver_version(),
        inputs=queries.as_inputs(people, needs, per_room, rovers),
        digest=found.digest.hex(),
        placed=len(found.places),
        unmet={
            "rooms": {str(unit): count for unit, count in found.unmixed.items()},
            "missing": {str(unit): [sex, count] for unit, (sex, count) in found.missing_sex.items()},
            "loads": [found.least_load, found.most_load],
        },
        agency_code=site.agency_code,
        drawn_at=at,
    )
    _put_on_duty(kept, found, {unit.number: unit.on for unit in days}, at)
    return kept


def _put_on_duty(kept: Roster, found: roster.Roster, days: dict[int, date], at: datetime) -> None:
    Duty.objects.bulk_create(
        (
            Duty(
                person_id=place.person,
                sitting_code=kept.sitting_code,
                post_kind=PostKind.ROVER if place.room == roster.ROVING else PostKind.INVIGILATOR,
                site=kept.site,
                room_id=place.room or None,
                unit_number=place.unit,
                agency_code=kept.agency_code,
                assigned_at=at,
                held_on=days[place.unit],
                roster=kept,
            )
            for place in found.places
        ),
        batch_size=2000,
    )


def _facts(drawn: Roster) -> dict[str, object]:
    return {
        "roster": drawn.pk,
        "site": drawn.site.code,
        "sitting": drawn.sitting_code,
        "units": drawn.units,
        "seed": drawn.seed,
        "solver": drawn.solver,
        "count": drawn.placed,
        "pool": len(drawn.inputs["people"]),
        "unmet": sum(drawn.unmet["rooms"].values()),
        "digest": drawn.digest,
    }


def _least(name: str, on: date, site: Site) -> int:
    return int(parameter(name).on(on, province=site.agency_code[:2] or None))


def rooms_of(site: Site, room_ids: Sequence[int] | None) -> list[Room]:
    """Rooms of the site by key, or all of them. Raises NotFound."""
    rooms = list(site.rooms.all() if room_ids is None else site.rooms.filter(pk__in=room_ids))
    if room_ids is not None and len(rooms) != len(set(room_ids)):
        raise NotFound("room-not-found", facts={"site": site.code})
    if not rooms:
        raise NotFound("room-not-found", facts={"site": site.code}, message="这一考点还没有登记考场。")
    return rooms


def check_day(sitting_code: str, unit_number: int | None, on: date) -> None:
    """The day filled in is the day of the unit, or the sitting's first: rates, certificates and the done follow it."""
    days = queries.days_on_duty(sitting_code, unit_number)
    if days and on != min(days):
        what = f"第{unit_number}单元在" if unit_number is not None else "首个考试日是"
        raise BadInput("wrong-day", field_errors={"on": f"{sitting_code} 考次{what} {min(days)}。"})
    if not days and queries.units_of(sitting_code):
        raise BadInput("no-such-unit", field_errors={"unit_number": f"{sitting_code} 考次没有第{unit_number}单元。"})
