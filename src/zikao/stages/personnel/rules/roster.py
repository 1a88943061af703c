"""Who stands in which room in which unit: an assignment found by CP-SAT (OR-tools), the same again from the same seed.

Hard: so many a room, none from the same school in a room, never the same two together twice in a sitting, nobody with
their own pupils, nobody in two places in a unit. Wished: a man and a woman in every room, and even loads. Persons and
rooms are shuffled by the seed before a model is built, so nobody's place follows from their place in the list; one
worker and a limit in the solver's own deterministic time make the result a function of the input alone.

Rooms are alike, so a unit is solved in three small models instead of one that would look at every permutation: who
stands with whom, who joins them (three or more a room), which team takes which room.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING

from zikao.foundation.crypto.hashing import sm3

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

EFFORT = 1.0
"""The solver's deterministic time for a unit: a second or two of a slow core, the same on every machine."""
TRIES = 8
NEIGHBOURS = 10
"""How many partners of the other sex are drawn for each in the first, quick model; half as many of the same."""
SHORT, UNMIXED, LOAD = 100_000, 500, 4
"""What it costs to leave a room empty, without a man or a woman, and to take one who served more often."""
ROVING = 0
"""The place of those who stand in no room."""


def solver_version() -> str:
    """The solver and its version: the same result is promised for the same version."""
    return f"OR-tools {version('ortools')} CP-SAT"


@dataclass(frozen=True)
class Invigilator:
    """One who may be drawn: `units` in which they are free and certified; `barred` (unit, room) with own pupils."""

    person: int
    school: str
    woman: bool
    units: frozenset[int]
    barred: frozenset[tuple[int, int]] = frozenset()
    met: frozenset[int] = frozenset()
    load: int = 0


@dataclass(frozen=True)
class UnitNeed:
    """The rooms used in a unit."""

    unit: int
    rooms: tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """A person in a room in a unit; room 0 is roving."""

    unit: int
    room: int
    person: int


@dataclass(frozen=True)
class Shortage:
    """What a unit lacks: rooms and roving places that nobody may fill, beside who is free and from how many schools."""

    unit: int
    rooms: int
    rovers: int
    available: int
    needed: int
    schools: int

    def __str__(self) -> str:
        lacking = [f"{self.rooms}个考场排不满"] if self.rooms else []
        lacking += [f"流动监考员缺{self.rovers}人"] if self.rovers else []
        pool = f"可以监考{self.available}人、来自{self.schools}所学校，需要{self.needed}人"
        return f"第{self.unit}单元{'、'.join(lacking)}（{pool}，同场的人须来自不同学校、没有同场过）"


@dataclass(frozen=True)
class Roster:
    """What was found: all places, or the shortages because of which there is none; wishes that stay unmet."""

    places: tuple[Place, ...] = ()
    shortages: tuple[Shortage, ...] = ()
    unmixed: Mapping[int, int] = field(default_factory=dict)
    missing_sex: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    least_load: int = 0
    most_load: int = 0

    @property
    def digest(self) -> bytes:
        """SM3 over the places in order: what a replay must give again."""
        rows = sorted((p.unit, p.room, p.person) for p in self.places)
        return sm3("|".join(f"{u}:{r}:{p}" for u, r, p in rows).encode())


def draw(people: Sequence[Invigilator], needs: Sequence[UnitNeed], per_room: int, rovers: int, seed: str) -> Roster:
    """The roster of a site, by lot: tried again from sub-seeds where an early unit blocked a late one."""
    found = Roster()
    for attempt in range(TRIES):
        found = _attempt(people, needs, per_room, rovers, f"{seed}/{attempt}" if attempt else seed)
        if not found.shortages or _beyond_help(people, needs, per_room, rovers):
            break
    return found


def _beyond_help(people: Sequence[Invigilator], needs: Sequence[UnitNeed], per_room: int, rovers: int) -> bool:
    return any(sum(need.unit in one.units for one in people) < per_room * len(need.rooms) + rovers for need in needs)


def _attempt(people: Sequence[Invigilator], needs: Sequence[UnitNeed], per_room: int, rovers: int, seed: str) -> Roster:
    rng = Random(seed)
    loads = {one.person: one.load for one in people}
    met = {one.person: set(one.met) for one in people}
    places: list[Place] = []
    shortages: list[Shortage] = []
    wishes = _Wishes()
    for need in needs:
        free = [one for one in people if need.unit in one.units]
        unit = _Unit(need, free, per_room, rovers, loads, met, rng)
        taken = unit.places()
        if unit.short_rooms or unit.short_rovers:
            schools = len({one.school for one in free})
            lacking = (unit.short_rooms, unit.short_rovers)
            shortages.append(Shortage(need.unit, *lacking, len(free), per_room * len(need.rooms) + rovers, schools))
            continue
        places += taken
        _remember(taken, loads, met)
        wishes.note(need.unit, taken, {one.person: one.woman for one in free})
    standing = [loads[one.person] for one in people if one.units] or [0]
    found = () if shortages else tuple(places)
    return Roster(found, tuple(shortages), wishes.unmixed, wishes.missing, min(standing), max(standing))


def _remember(taken: Sequence[Place], loads: dict[int, int], met: dict[int, set[int]]) -> None:
    rooms: dict[int, list[int]] = defaultdict(list)
    for place in taken:
        loads[place.person] += 1
        if place.room != ROVING:
            rooms[place.room].append(place.person)
    for together in rooms.values():
        for one, other in combinations(together, 2):
            met[one].add(other)
            met[other].add(one)


class _Wishes:
    """The rooms that lack a man or a woman, by unit."""

    def __init__(self) -> None:
        self.unmixed: dict[int, int] = {}
        self.missing: dict[int, tuple[str, int]] = {}

    def note(self, unit: int, taken: Sequence[Place], woman: Mapping[int, bool]) -> None:
        """Count a unit's rooms."""
        rooms: dict[int, set[bool]] = defaultdict(set)
        for place in taken:
            if place.room != ROVING:
                rooms[place.room].add(woman[place.person])
        lacking = Counter("女" if sexes == {False} else "男" for sexes in rooms.values() if len(sexes) == 1)
        if lacking:
            self.unmixed[unit] = lacking.total()
            self.missing[unit] = lacking.most_common(1)[0]


class _Unit:
    """One unit of a site: pairs, those who join them, their rooms, the rovers; indexes are places in `free`."""

    def __init__(
        self,
        need: UnitNeed,
        free: Sequence[Invigilator],
        per_room: int,
        rovers: int,
        loads: Mapping[int, int],
        met: Mapping[int, set[int]],
        rng: Random,
    ) -> None:
        self.free, self.rooms = list(free), list(need.rooms)
        rng.shuffle(self.free)
        rng.shuffle(self.rooms)
        self.unit, self.per_room, self.rovers, self.met, self.rng = need.unit, per_room, rovers, met, rng
        least = min((loads[one.person] for one in free), default=0)
        self.weights = [LOAD * (loads[one.person] - least) ** 2 for one in self.free]
        self.barred = [{room for unit, room in one.barred if unit == need.unit} for one in self.free]
        self.standing = [i for i in range(len(self.free)) if not self.barred[i].issuperset(self.rooms)]
        self.short_rooms, self.short_rovers = len(self.rooms), rovers

    def places(self) -> list[Place]:
        """Everybody's place; `short_rooms` and `short_rovers` say what could not be filled."""
        for _ in range(TRIES):
            teams = self._teams()
            room_of = self._rooms_of(teams)
            if len(room_of) == len(self.rooms):
                break
        taken = {i for team in teams for i in team}
        order = sorted((i for i in range(len(self.free)) if i not in taken), key=lambda i: self.weights[i])
        roving = order[: self.rovers]
        self.short_rooms, self.short_rovers = len(self.rooms) - len(room_of), self.rovers - len(roving)
        stand = [Place(self.unit, room_of[t], self.free[i].person) for t in room_of for i in teams[t]]
        return stand + [Place(self.unit, ROVING, self.free[i].person) for i in roving]

    def _teams(self) -> list[list[int]]:
        few = self._pairs(self._edges(NEIGHBOURS))
        if len(few) < len(self.rooms) or self._unmixed(few) > self._least_unmixed():
            all_edges = self._pairs(self._edges(len(self.free)))
            worth = (len(few), -self._unmixed(few))
            few = all_edges if (len(all_edges), -self._unmixed(all_edges)) > worth else few
        teams = [list(pair) for pair in few]
        for _ in range(self.per_room - 2):
            teams = self._joined(teams)
        return teams

    def _strangers(self, i: int, j: int) -> bool:
        one, other = self.free[i], self.free[j]
        return one.school != other.school and other.person not in self.met[one.person]

    def _edges(self, most: int) -> list[tuple[int, int]]:
        """Who may stand with whom: of the other sex first, at most so many drawn for each."""
        found: set[tuple[int, int]] = set()
        for i in self.standing:
            others = [j for j in self.standing if j != i and self._strangers(i, j)]
            self.rng.shuffle(others)
            others.sort(key=lambda j: self.free[j].woman is self.free[i].woman)
            mixed = sum(self.free[j].woman is not self.free[i].woman for j in others)
            chosen = others[: min(mixed, most)] + others[mixed : mixed + most // 2]
            found |= {(min(i, j), max(i, j)) for j in chosen}
        return sorted(found)

    def _same_sex(self, pair: Sequence[int]) -> bool:
        return len({self.free[i].woman for i in pair}) == 1

    def _unmixed(self, pairs: Sequence[Sequence[int]]) -> int:
        return sum(self._same_sex(pair) for pair in pairs)

    def _least_unmixed(self) -> int:
        women = sum(self.free[i].woman for i in self.standing)
        return max(0, len(self.rooms) - women, len(self.rooms) - (len(self.standing) - women))

    def _pairs(self, edges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """As many pairs as rooms, or as many as there can be."""
        from ortools.sat.python import cp_model  # slow to load, and only those who draw need it

        model = cp_model.CpModel()
        bits = {edge: model.new_bool_var("") for edge in edges}
        of_person: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for edge, bit in bits.items():
            for i in edge:
                of_person[i].append(bit)
        for together in of_person.values():
            model.add_at_most_one(together)
        model.add(cp_model.LinearExpr.sum(list(bits.values())) <= len(self.rooms))
        costs = [UNMIXED * self._same_sex((i, j)) + self.weights[i] + self.weights[j] - SHORT for i, j in bits]
        return self._chosen(model, bits, costs)

    def _joined(self, teams: Sequence[list[int]]) -> list[list[int]]:
        """One more for every team: a stranger to all of it."""
        from ortools.sat.python import cp_model

        taken = {i for team in teams for i in team}
        model = cp_model.CpModel()
        bits = {
            (t, j): model.new_bool_var("")
            for t, team in enumerate(teams)
            for j in self.standing
            if j not in taken and all(self._strangers(i, j) for i in team)
        }
        costs = [self.weights[j] + UNMIXED * self._same_sex([*teams[t], j]) - SHORT for t, j in bits]
        joined = dict(self._one_each(model, bits, costs))
        return [[*team, joined[t]] for t, team in enumerate(teams) if t in joined]

    def _rooms_of(self, teams: Sequence[Sequence[int]]) -> dict[int, int]:
        """The room of each team: as they come where nobody is barred from any."""
        if not any(self.barred[i] & set(self.rooms) for team in teams for i in team):
            return dict(enumerate(self.rooms[: len(teams)]))
        from ortools.sat.python import cp_model

        model = cp_model.CpModel()
        bits = {
            (t, r): model.new_bool_var("")
            for t, team in enumerate(teams)
            for r, room in enumerate(self.rooms)
            if not any(room in self.barred[i] for i in team)
        }
        return {t: self.rooms[r] for t, r in self._one_each(model, bits, [-1] * len(bits))}

    def _one_each(
        self, model: cp_model.CpModel, bits: Mapping[tuple[int, int], cp_model.IntVar], costs: Sequence[int]
    ) -> list[tuple[int, int]]:
        for side in (0, 1):
            of_one: dict[int, list[cp_model.IntVar]] = defaultdict(list)
            for ends, bit in bits.items():
                of_one[ends[side]].append(bit)
            for together in of_one.values():
                model.add_at_most_one(together)
        return self._chosen(model, bits, costs)

    def _chosen(
        self, model: cp_model.CpModel, bits: Mapping[tuple[int, int], cp_model.IntVar], costs: Sequence[int]
    ) -> list[tuple[int, int]]:
        if not bits:
            return []
        from ortools.sat.python import cp_model

        model.minimize(cp_model.LinearExpr.weighted_sum(list(bits.values()), list(costs)))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.rng.randrange(1 << 30)
        solver.parameters.max_deterministic_time = EFFORT
        if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return []
        return [ends for ends, bit in bits.items() if solver.boolean_value(bit)]
