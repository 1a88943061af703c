"""Which course gets which seats of which rooms: a plan made from counts alone, before anybody's place is known.

Site by site, those who wish for the site; then all others. Whole rooms first, one course a room; what remains of each
course gets a room of its own as long as rooms suffice, else remainders of the same unit share rooms in blocks. Without
wishes, or when they are not read, this is the plan of the first algorithm. docs/reference/seating.md tells it in prose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from zikao.stages.seating.states import Block, Demand, RoomFacts, Shortfall


@dataclass
class _Open:
    """A room with the seats taken so far."""

    room: RoomFacts
    taken: int = 0
    courses: set[str] = field(default_factory=set)

    @property
    def free(self) -> int:
        return self.room.seats - self.taken


@dataclass
class _Rest:
    """What of a course has no seats yet."""

    demand: Demand
    left: int
    next_rank: int = 1


@dataclass
class _Floor:
    """The rooms of one area in one unit while they are being filled."""

    unused: list[RoomFacts]
    shared: list[_Open] = field(default_factory=list)
    own: list[_Open] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def put(self, rest: _Rest, place: _Open, count: int) -> None:
        """Seat the next `count` ranks of the course in the room."""
        demand = rest.demand
        group, first_seat = (demand.area, demand.unit, demand.course), place.taken + 1
        self.blocks.append(Block(*group, place.room, rest.next_rank, count, first_seat, demand.site))
        place.taken += count
        place.courses.add(demand.course)
        rest.next_rank += count
        rest.left -= count


def shortfalls(rooms: Iterable[RoomFacts], demands: Iterable[Demand]) -> tuple[Shortfall, ...]:
    """The areas and units with fewer seats than entries, in order; nobody is left out silently."""
    seats: dict[str, int] = defaultdict(int)
    for room in rooms:
        seats[room.area] += room.seats
    needed: dict[tuple[str, int], int] = defaultdict(int)
    for demand in demands:
        needed[demand.area, demand.unit] += demand.count
    return tuple(
        Shortfall(area, unit, count, seats[area])
        for (area, unit), count in sorted(needed.items())
        if count > seats[area]
    )


def plan(rooms: Iterable[RoomFacts], demands: Iterable[Demand]) -> list[Block]:
    """The blocks of all areas and units, in the order of area, unit, course, site wished for, rank.

    Raises ValueError where seats do not suffice: ask `shortfalls` first.
    """
    of_area: dict[str, list[RoomFacts]] = defaultdict(list)
    for room in sorted(rooms):
        of_area[room.area].append(room)
    floors: dict[tuple[str, int], list[Demand]] = defaultdict(list)
    for demand in sorted(demands, key=lambda each: (each.area, each.unit, each.course, each.site)):
        floors[demand.area, demand.unit].append(demand)
    blocks: list[Block] = []
    for (area, _), wanted in sorted(floors.items()):
        blocks += _plan_floor(of_area[area], wanted)
    return sorted(blocks, key=lambda block: (block.area, block.unit, block.course, block.site, block.first_rank))


def _plan_floor(rooms: Sequence[RoomFacts], demands: Sequence[Demand]) -> list[Block]:
    """Wishes first, site by site; then everybody who has no seat yet, in all that is left of the area."""
    floor = _Floor(unused=list(rooms))
    rests = [_Rest(demand, demand.count) for demand in demands]
    roomy = _roomy(rooms, demands)
    for site in sorted({demand.site for demand in demands} - {""}):
        _seat_wishes(floor, site, [rest for rest in rests if rest.demand.site == site], roomy=roomy)
    for rest in rests:
        _join_own_course(floor, rest)
    _seat(floor, rests)
    for rest in rests:
        if rest.left:
            raise ValueError(f"no seat left for {rest.left} of {rest.demand}")
    return floor.blocks


def _roomy(rooms: Sequence[RoomFacts], demands: Sequence[Demand]) -> bool:
    """Whether the area has rooms enough for every course, wish by wish, even if all were as small as the smallest."""
    smallest = min((room.seats for room in rooms), default=0)
    return bool(smallest) and sum(-(-demand.count // smallest) for demand in demands) <= len(rooms)


def _seat_wishes(floor: _Floor, site: str, rests: Sequence[_Rest], *, roomy: bool) -> None:
    """Seat at the site those who wish for it, as long as it has seats; who finds none there stays a rest."""
    here = _Floor(unused=[room for room in floor.unused if room.site == site])
    _seat(here, rests, may_be_alone=roomy)
    floor.blocks += here.blocks
    floor.shared += here.shared + here.own
    floor.unused = [room for room in floor.unused if room.site != site or room in here.unused]


def _join_own_course(floor: _Floor, rest: _Rest) -> None:
    """Fill the rooms in which wishes have seated nobody but the same course."""
    for place in sorted(floor.shared, key=lambda place: place.room):
        if rest.left and place.free and place.courses == {rest.demand.course}:
            floor.put(rest, place, min(rest.left, place.free))


def _seat(floor: _Floor, rests: Sequence[_Rest], *, may_be_alone: bool = True) -> None:
    for rest in rests:
        _whole_rooms(floor, rest)
    remainders = sorted(
        (rest for rest in rests if rest.left), key=lambda rest: (-rest.left, rest.demand.course, rest.demand.site)
    )
    alone = _alone(floor, [rest.left for rest in remainders]) if may_be_alone else 0
    for rest in remainders[:alone]:
        _open_room(floor, rest, shared=False)
    for rest in remainders[alone:]:
        _share(floor, rest)


def _whole_rooms(floor: _Floor, rest: _Rest) -> None:
    while floor.unused and rest.left >= floor.unused[0].seats:
        room = floor.unused.pop(0)
        floor.put(rest, _Open(room), room.seats)


def _open_room(floor: _Floor, rest: _Rest, *, shared: bool) -> None:
    """Take the next room that holds the remainder (else the next), and seat there what fits."""
    fitting = next((room for room in floor.unused if room.seats >= rest.left), floor.unused[0])
    floor.unused.remove(fitting)
    place = _Open(fitting)
    floor.put(rest, place, min(rest.left, fitting.seats))
    (floor.shared if shared else floor.own).append(place)
    if rest.left and not shared:
        _share(floor, rest)


def _share(floor: _Floor, rest: _Rest) -> None:
    """The tightest shared room that holds all, else a new room, else whatever is free, largest first."""
    while rest.left:
        holding = [place for place in floor.shared if place.free >= rest.left]
        if holding:
            floor.put(rest, min(holding, key=lambda place: (place.free, place.room)), rest.left)
        elif floor.unused:
            _open_room(floor, rest, shared=True)
        else:
            roomiest = _roomiest(floor.shared) or _roomiest(floor.own)
            if roomiest is None:
                return
            floor.put(rest, roomiest, min(rest.left, roomiest.free))


def _roomiest(places: Sequence[_Open]) -> _Open | None:
    return min((place for place in places if place.free), key=lambda place: (-place.free, place.room), default=None)


def _alone(floor: _Floor, lefts: Sequence[int]) -> int:
    """How many of the largest remainders can have a room of their own so that the others still fit in the rest."""
    seats = sorted((room.seats for room in floor.unused), reverse=True)
    for alone in range(min(len(lefts), len(seats)), 0, -1):
        if _fits(seats, [place.free for place in floor.shared], lefts, alone):
            return alone
    return 0


def _fits(seats: Sequence[int], free: list[int], lefts: Sequence[int], alone: int) -> bool:
    if any(left > size for left, size in zip(lefts[:alone], seats, strict=False)):
        return False
    spare = list(seats[alone:])
    for left in lefts[alone:]:
        holding = [at for at, room in enumerate(free) if room >= left]
        if holding:
            free[min(holding, key=lambda at: free[at])] -= left
        elif spare and spare[0] >= left:
            free.append(spare.pop(0) - left)
        else:
            return False
    return True
