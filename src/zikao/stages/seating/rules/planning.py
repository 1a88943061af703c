"""Which course gets which seats of which rooms: a plan made from counts alone, before anybody's place is known.

Whole rooms first, one course a room; what remains of each course gets a room of its own as long as rooms suffice,
else remainders of the same unit share rooms in blocks. docs/reference/seating.md tells it in prose.
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
    blocks: list[Block] = field(default_factory=list)

    def put(self, rest: _Rest, place: _Open, count: int) -> None:
        """Seat the next `count` ranks of the course in the room."""
        demand = rest.demand
        block = Block(
            demand.area, demand.unit, demand.course, place.room, rest.next_rank, count, first_seat=place.taken + 1
        )
        self.blocks.append(block)
        place.taken += count
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
    """The blocks of all areas and units, in the order of area, unit, course, rank.

    Raises ValueError where seats do not suffice: ask `shortfalls` first.
    """
    of_area: dict[str, list[RoomFacts]] = defaultdict(list)
    for room in sorted(rooms):
        of_area[room.area].append(room)
    floors: dict[tuple[str, int], list[Demand]] = defaultdict(list)
    for demand in sorted(demands):
        floors[demand.area, demand.unit].append(demand)
    blocks: list[Block] = []
    for (area, _), wanted in sorted(floors.items()):
        blocks += _plan_floor(of_area[area], wanted)
    return sorted(blocks, key=lambda block: (block.area, block.unit, block.course, block.first_rank))


def _plan_floor(rooms: Sequence[RoomFacts], demands: Sequence[Demand]) -> list[Block]:
    floor = _Floor(unused=list(rooms))
    rests = [_Rest(demand, demand.count) for demand in demands]
    for rest in rests:
        _whole_rooms(floor, rest)
    remainders = sorted((rest for rest in rests if rest.left), key=lambda rest: (-rest.left, rest.demand.course))
    alone = _alone(floor.unused, [rest.left for rest in remainders])
    for rest in remainders[:alone]:
        _open_room(floor, rest, shared=False)
    for rest in remainders[alone:]:
        _share(floor, rest)
    return floor.blocks


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
    if shared:
        floor.shared.append(place)
    elif rest.left:
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
            roomiest = min(floor.shared, key=lambda place: (-place.free, place.room), default=None)
            if roomiest is None or not roomiest.free:
                raise ValueError(f"no seat left for {rest.left} of {rest.demand}")
            floor.put(rest, roomiest, min(rest.left, roomiest.free))


def _alone(unused: Sequence[RoomFacts], lefts: Sequence[int]) -> int:
    """How many of the largest remainders can have a room of their own so that the others still fit in the rest."""
    for alone in range(min(len(lefts), len(unused)), 0, -1):
        if _fits(sorted((room.seats for room in unused), reverse=True), lefts, alone):
            return alone
    return 0


def _fits(seats: list[int], lefts: Sequence[int], alone: int) -> bool:
    if any(left > size for left, size in zip(lefts[:alone], seats, strict=False)):
        return False
    free: list[int] = []
    spare = seats[alone:]
    for left in lefts[alone:]:
        holding = [at for at, room in enumerate(free) if room >= left]
        if holding:
            free[min(holding, key=lambda at: free[at])] -= left
        elif spare and spare[0] >= left:
            free.append(spare.pop(0) - left)
        else:
            return False
    return True
