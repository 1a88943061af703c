"""Which rooms of a site were checked before use, what was found, and which are still closed (EA-25.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import scoped
from zikao.foundation.regulation import Decision, all_of, parameter
from zikao.stages.agencies.models import Room, Site
from zikao.stages.conduct import rules
from zikao.stages.conduct.models import RoomCheck
from zikao.stages.conduct.queries.day import sites_used
from zikao.stages.conduct.states import CheckState
from zikao.stages.personnel.models import Person
from zikao.stages.programmes.models import Sitting, Unit
from zikao.stages.seating.models import Seat


def conditions(on: date) -> dict[str, str]:
    """The conditions that a room is checked for, by code, in the order of the law."""
    return dict(parameter("room-conditions").on(on))


def _last(rows: QuerySet[RoomCheck]) -> QuerySet[RoomCheck]:
    return rows.order_by("room_id", "-checked_at", "-number").distinct("room_id")


def _used(sitting: Sitting) -> QuerySet[Seat]:
    return Seat.objects.filter(unit__sitting=sitting).order_by()


@dataclass(frozen=True)
class RoomChecked:
    """A room used in a sitting with its last check, if there is one."""

    room: Room
    check: RoomCheck | None

    @property
    def state(self) -> CheckState:
        """Whether it may be used."""
        if self.check is None:
            return CheckState.UNCHECKED
        return CheckState.FAILED if self.check.failed else CheckState.GOOD

    @property
    def note(self) -> str:
        """What was seen."""
        return self.check.note if self.check is not None else ""

    @property
    def failed(self) -> list[str]:
        """The conditions that it did not meet, in words."""
        if self.check is None:
            return []
        titles = conditions(local_day(self.check.checked_at))
        return [titles.get(code, code) for code in self.check.failed]


def rooms_checked(site: Site, sitting: Sitting) -> list[RoomChecked]:
    """The rooms of a site that are used in a sitting, by number, each with its last check."""
    used = _used(sitting).filter(room__site=site).values("room_id")
    last = {each.room_id: each for each in _last(RoomCheck.objects.filter(sitting=sitting, room__site=site))}
    return [RoomChecked(room, last.get(room.pk)) for room in Room.objects.filter(pk__in=used).order_by("number")]


def check_of_room(room_id: int, sitting_id: int, by_when: datetime) -> RoomCheck | None:
    """The last check of a room in a sitting that was made by then."""
    rows = RoomCheck.objects.filter(room_id=room_id, sitting_id=sitting_id, checked_at__lte=by_when)
    return rows.order_by("-checked_at", "-number").first()


def _decided(number: int, check: RoomCheck | None, on: date) -> Decision:
    return rules.CONDITIONS(
        on=on,
        room=number,
        checked=frozenset(check.conditions) if check else None,
        failed=frozenset(check.failed) if check else frozenset(),
    )


def ready(room: Room, sitting: Sitting, by_when: datetime) -> Decision:
    """Whether a room may be used by then: checked for every condition, and nothing wrong at the last check."""
    return _decided(room.number, check_of_room(room.pk, sitting.pk, by_when), local_day(by_when))


def unit_ready(site: Site, unit: Unit, room_ids: Collection[int]) -> Decision:
    """Whether every room of a unit was in order when the unit began; two queries for a whole site."""
    found = RoomCheck.objects.filter(sitting=unit.sitting, room__site=site, checked_at__lte=unit.starts_at)
    last = {each.room_id: each for each in _last(found)}
    rooms = Room.objects.filter(pk__in=room_ids).order_by("number")
    return all_of(*(_decided(room.number, last.get(room.pk), local_day(unit.starts_at)) for room in rooms))


def checks_of(site: Site, sitting: Sitting) -> QuerySet[RoomCheck]:
    """Every check of a site's rooms in a sitting, the newest first."""
    rows = RoomCheck.objects.filter(room__site=site, sitting=sitting)
    return rows.select_related("room", "checker").order_by("-checked_at", "room__number", "-id")


def checkers(site: Site, sitting: Sitting) -> QuerySet[Person]:
    """Who may check a site's rooms: whoever is on duty there in the sitting."""
    here = site.duties.filter(sitting_code=sitting.code)
    return Person.objects.filter(pk__in=here.values("person")).order_by("name", "pk")


@dataclass
class SiteChecked:
    """A site in a sitting: how many rooms are used, in order, not in order, not checked."""

    site: Site
    used: int
    good: int
    failed: int

    @property
    def pk(self) -> int:
        return self.site.pk

    @property
    def unchecked(self) -> int:
        return self.used - self.good - self.failed

    @property
    def state(self) -> CheckState:
        """The worst of its rooms."""
        if self.failed:
            return CheckState.FAILED
        return CheckState.UNCHECKED if self.unchecked else CheckState.GOOD


def sites_checked(actor: Actor, sitting: Sitting) -> list[SiteChecked]:
    """The sites of a sitting in the actor's subtree with the state of their rooms."""
    last = scoped(_last(RoomCheck.objects.filter(sitting=sitting)), actor)
    counts: Counter[tuple[int, bool]] = Counter()
    for site_id, failed in last.values_list("room__site_id", "failed"):
        counts[site_id, bool(failed)] += 1
    return [
        SiteChecked(site, site.rooms_used, counts[site.pk, False], counts[site.pk, True])  # type: ignore[attr-defined]
        for site in sites_used(actor, sitting)
    ]


def waiting_rooms(actor: Actor, sitting: Sitting) -> int:
    """How many used rooms of the actor's sites are not checked, or not in order."""
    return sum(each.used - each.good for each in sites_checked(actor, sitting))
