"""Which course gets which seats of which rooms: a plan made from counts alone, before anybody's place is known.

Rooms of one's own first (EA-52); site by site, those who wish for the site; those who may not sit on the premises of
their tutoring institution (EA-24.3); then all others. Whole rooms first, one course a room; what remains of each
course gets a room of its own as long as rooms suffice, else remainders of the same unit share rooms in blocks. Without
wishes, or when they are not read, this is the plan of the first algorithm. docs/reference/seating.md tells it in prose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from zikao.stages.seating.states import Block, Demand, Lack, RoomFacts, Shortfall


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
        self.blocks.append(Block(*group, place.room, rest.next_rank, count, first_seat, *demand.group[3:]))
        place.taken += count
        place.courses.add(demand.course)
        rest.next_rank += count
        rest.left -= count

    def take_over(self, part: _Floor, unused: Iterable[RoomFacts]) -> None:
        """What has been done in a part of the floor; `unused` are the unused rooms outside that part."""
        self.blocks += part.blocks
        self.shared += part.shared + part.own
        self.unused = sorted([*unused, *part.unused])


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
    """The blocks of all areas and units, in the order of their groups and ranks.

    Raises ValueError where seats do not suffice: ask `shortfalls` and `lacks` first.
    """
    blocks, left = _planned(rooms, demands)
    for rest in left:
        raise ValueError(f"no seat left for {rest.left} of {rest.demand}")
    return blocks


def lacks(rooms: Iterable[RoomFacts], demands: Iterable[Demand]) -> tuple[Lack, ...]:
    """Whom the plan cannot seat, by area, unit, need of a room of their own, and institution; in that order."""
    found: dict[tuple[str, int, bool, str], int] = defaultdict(int)
    for rest in _planned(rooms, demands)[1]:
        demand = rest.demand
        found[demand.area, demand.unit, demand.alone, "" if demand.alone else demand.tutor] += rest.left
    return tuple(Lack(area, unit, count, alone, tutor) for (area, unit, alone, tutor), count in sorted(found.items()))


def _planned(rooms: Iterable[RoomFacts], demands: Iterable[Demand]) -> tuple[list[Block], list[_Rest]]:
    of_area: dict[str, list[RoomFacts]] = defaultdict(list)
    for room in sorted(rooms):
        of_area[room.area].append(room)
    floors: dict[tuple[str, int], list[Demand]] = defaultdict(list)
    for demand in sorted(demands, key=lambda each: each.group):
        floors[demand.area, demand.unit].append(demand)
    blocks: list[Block] = []
    left: list[_Rest] = []
    for (area, _), wanted in sorted(floors.items()):
        planned, without = _plan_floor(of_area[area], wanted)
        blocks += planned
        left += without
    return sorted(blocks, key=lambda block: (*block.group, block.first_rank)), left


def _plan_floor(rooms: Sequence[RoomFacts], demands: Sequence[Demand]) -> tuple[list[Block], list[_Rest]]:
    """Rooms of one's own; wishes, site by site; who is barred from premises; then all others, in all that is left."""
    floor = _Floor(unused=list(rooms))
    alone = [_Rest(demand, demand.count) for demand in demands if demand.alone]
    rests = [_Rest(demand, demand.count) for demand in demands if not demand.alone]
    for rest in sorted(alone, key=lambda rest: not rest.demand.site):
        _seat_alone(floor, rest)
    roomy = _roomy(floor.unused, [rest.demand for rest in rests])
    for site in sorted({rest.demand.site for rest in rests} - {""}):
        _seat_wishes(floor, site, [rest for rest in rests if rest.demand.site == site], roomy=roomy)
    for tutor in sorted({rest.demand.tutor for rest in rests} - {""}):
        _seat_barred(floor, tutor, [rest for rest in rests if rest.demand.tutor == tutor], roomy=roomy)
    others = [rest for rest in rests if not rest.demand.tutor]
    for rest in others:
        _join_own_course(floor, rest)
    _seat(floor, others)
    return floor.blocks, [rest for rest in (*alone, *rests) if rest.left]


def _seat_alone(floor: _Floor, rest: _Rest) -> None:
    """A room for each, the last of the site wished for, else of the area; never on their own institution's premises."""
    demand = rest.demand
    while rest.left:
        free = [room for room in floor.unused if not demand.tutor or room.premises != demand.tutor]
        if not free:
            return
        room = next((room for room in reversed(free) if room.site == demand.site), free[-1])
        floor.unused.remove(room)
        floor.put(rest, _Open(room), 1)


def _roomy(rooms: Sequence[RoomFacts], demands: Sequence[Demand]) -> bool:
    """Whether the area has rooms enough for every course, wish by wish, even if all were as small as the smallest."""
    smallest = min((room.seats for room in rooms), default=0)
    return bool(smallest) and sum(-(-demand.count // smallest) for demand in demands) <= len(rooms)


def _seat_wishes(floor: _Floor, site: str, rests: Sequence[_Rest], *, roomy: bool) -> None:
    """Seat at the site those who wish for it, as long as it has seats; who finds none there stays a rest."""
    here = _Floor(unused=[room for room in floor.unused if room.site == site])
    premises = {room.premises for room in here.unused} - {""}
    _seat(here, [rest for rest in rests if rest.demand.tutor not in premises], may_be_alone=roomy)
    floor.take_over(here, [room for room in floor.unused if room.site != site])


def _seat_barred(floor: _Floor, tutor: str, rests: Sequence[_Rest], *, roomy: bool) -> None:
    """Seat an institution's candidates anywhere in the area but on its own premises."""
    barred = [room for room in floor.unused if room.premises == tutor]
    kept = [place for place in floor.shared if place.room.premises == tutor]
    here = _Floor(
        unused=[room for room in floor.unused if room.premises != tutor],
        shared=[place for place in floor.shared if place.room.premises != tutor],
    )
    for rest in rests:
        _join_own_course(here, rest)
    _seat(here, rests, may_be_alone=roomy)
    floor.shared = kept
    floor.take_over(here, barred)


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
