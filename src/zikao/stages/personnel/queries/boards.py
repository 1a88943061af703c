"""A site's people in a sitting at a glance, and its draws."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, all_rows
from zikao.foundation.regulation import parameter
from zikao.stages.agencies.models import Room, Site
from zikao.stages.agencies.queries import sites_in, sites_of
from zikao.stages.personnel.models import Duty, Person, Roster
from zikao.stages.personnel.queries.duties import staffed, to_be_replaced
from zikao.stages.personnel.queries.registers import rooms_used, sites_used, units_of
from zikao.stages.personnel.queries.rostering import from_inputs, rosters
from zikao.stages.personnel.rules.roster import draw
from zikao.stages.personnel.states import PostKind, UnitDay

LEADING = (PostKind.CHIEF, PostKind.DEPUTY, PostKind.INSPECTOR, PostKind.AFFAIRS, PostKind.PAPERS)


@dataclass(frozen=True)
class Cell:
    """A room (or the roving) in a unit: whether it is used, who stands there, and how many are still missing."""

    used: bool
    duties: tuple[Duty, ...]
    short: int


@dataclass(frozen=True)
class BoardRow:
    """A room with its cells in the order of units; no room: the roving."""

    room: Room | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Board:
    """Rooms by units, those on duty for the whole sitting, and what is missing in each unit."""

    units: tuple[UnitDay, ...]
    rows: tuple[BoardRow, ...]
    whole: tuple[Duty, ...]
    lacking: tuple[tuple[int, list[str]], ...]
    rosters: tuple[Roster, ...]

    @property
    def drawn(self) -> bool:
        """Whether anybody stands in a room."""
        return any(cell.duties for row in self.rows for cell in row.cells)

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return bool(self.rows) and not self.lacking


def board(site: Site, sitting_code: str) -> Board:
    """What the page of a site's people shows."""
    duties: dict[tuple[int | None, int | None], list[Duty]] = defaultdict(list)
    for duty in _on_duty(site, sitting_code):
        duties[duty.room_id, duty.unit_number].append(duty)
    used = {(use.room_id, use.unit) for use in rooms_used(sitting_code, site.pk)}
    busy = {unit for _, unit in used}
    units = tuple(unit for unit in units_of(sitting_code) if unit.number in busy)
    rooms = Room.objects.filter(pk__in={room for room, _ in used}).order_by("number")
    decisions = [(unit.number, staffed(site, sitting_code, unit.number, unit.on)) for unit in units]
    least, roving = (
        int(parameter(name).on(units[0].on, province=site.agency_code[:2])) if units else 0
        for name in ("invigilators-per-room", "rovers-per-site")
    )
    rows = [
        BoardRow(
            room, tuple(_cell(duties[room.pk, unit.number], (room.pk, unit.number) in used, least) for unit in units)
        )
        for room in rooms
    ]
    rovers = BoardRow(None, tuple(_cell(duties[None, unit.number], True, roving) for unit in units))
    return Board(
        units=units,
        rows=(*rows, rovers) if rows else (),
        whole=tuple(sorted(duties[None, None], key=lambda duty: LEADING.index(PostKind(duty.post_kind)))),
        lacking=tuple((n, [each.message for each in found.refusals]) for n, found in decisions if not found.granted),
        rosters=tuple(Roster.objects.filter(site=site, sitting_code=sitting_code).order_by("-pk")),
    )


def _on_duty(site: Site, sitting_code: str) -> list[Duty]:
    """Everybody on duty, each with `away`: whether somebody else has to take their place."""
    every = Duty.objects.filter(site=site, sitting_code=sitting_code).select_related("person").order_by("id")
    with all_rows("EA-25.5：省级调派来的人员属于外地机构，其回避线索也要看到"):
        return list(every.annotate(away=Case(When(to_be_replaced(), then=True), default=False)))


def _cell(here: Sequence[Duty], used: bool, least: int) -> Cell:
    standing = sum(not duty.away for duty in here)  # type: ignore[attr-defined]
    return Cell(used, tuple(here), max(0, least - standing) if used else 0)


def site_staffing(by: Actor, sitting_code: str) -> QuerySet[Site]:
    """The sites with how many are on duty in a sitting, by kind."""
    standing = Q(duties__sitting_code=sitting_code, duties__ended_at__isnull=True)

    def counted(*kinds: PostKind) -> Count:
        return Count("duties", filter=standing & Q(duties__post_kind__in=kinds))

    return sites_of(by).annotate(
        chiefs=counted(PostKind.CHIEF),
        in_rooms=counted(PostKind.INVIGILATOR),
        roving=counted(PostKind.ROVER),
        others=counted(PostKind.DEPUTY, PostKind.INSPECTOR, PostKind.AFFAIRS, PostKind.PAPERS),
    )


def sites_unstaffed(by: Actor, sitting_code: str) -> QuerySet[Site]:
    """The sites that have no chief or nobody in the rooms, also those in which nobody sits."""
    here = Duty.objects.filter(site=OuterRef("pk"), sitting_code=sitting_code)
    led = Exists(here.filter(post_kind=PostKind.CHIEF))
    watched = Exists(here.filter(post_kind=PostKind.INVIGILATOR))
    return sites_in(by).exclude(led & watched).order_by("code")


def sites_lacking(by: Actor, sitting_code: str) -> list[Site]:
    """The sites in which candidates sit and that have no chief or nobody in the rooms."""
    rows = list(sites_unstaffed(by, sitting_code))
    used = sites_used(sitting_code, [site.pk for site in rows])
    return [site for site in rows if site.pk in used]


def roster_of(by: Actor, roster_id: int) -> Roster:
    """One draw. Raises NotFound."""
    return access(rosters(by), by, pk=roster_id)


def drawn_again(roster: Roster) -> bool:
    """Whether the same seed and inputs give the same places again."""
    people, needs, per_room, rovers = from_inputs(roster.inputs)
    return draw(people, needs, per_room, rovers, roster.seed).digest.hex() == roster.digest


@dataclass(frozen=True)
class MyDuty:
    """A duty of mine and who stands beside me."""

    duty: Duty
    beside: tuple[str, ...]
    is_next: bool


def my_duties(person: Person, today: date) -> list[MyDuty]:
    """A person's duties, the next first, those that are over last; with the names of those in the same room."""
    rows = list(person.duties.filter(ended_at=None).select_related("site", "room"))
    team: dict[tuple[int, str, int], list[str]] = defaultdict(list)
    rooms = {duty.room_id for duty in rows if duty.room_id is not None}
    same = Duty.objects.filter(room__in=rooms, sitting_code__in={duty.sitting_code for duty in rows})
    for other in same.exclude(person=person).select_related("person").order_by("id"):
        team[other.room_id or 0, other.sitting_code, other.unit_number or 0].append(other.person.name)
    far = today.max
    ahead = [duty for duty in rows if (duty.held_on or far) >= today]
    ahead.sort(key=lambda duty: (duty.held_on or far, duty.unit_number or 0))
    past = sorted(
        (d for d in rows if d not in ahead), key=lambda d: (d.held_on or far, d.unit_number or 0), reverse=True
    )
    return [
        MyDuty(d, tuple(team[d.room_id or 0, d.sitting_code, d.unit_number or 0]), d in ahead) for d in [*ahead, *past]
    ]
