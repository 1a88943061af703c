"""What the roster's solver promises, whatever the site: by hypothesis, against an exhaustive search, at full size."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from zikao.stages.personnel.rules.roster import Invigilator, Place, UnitNeed, draw


@st.composite
def sites(draw_: st.DrawFn, units: int = 3) -> tuple[list[Invigilator], list[UnitNeed], int, int]:
    """A small site: people of few schools, some busy, some with pupils in rooms, some who met before."""
    rooms = draw_(st.integers(1, 3))
    needs = [UnitNeed(unit, tuple(range(1, rooms + 1))) for unit in range(1, draw_(st.integers(1, units)) + 1)]
    cells = [(need.unit, room) for need in needs for room in need.rooms]
    keys = range(1, draw_(st.integers(2, 9)) + 1)
    people = [
        Invigilator(
            key,
            draw_(st.sampled_from("甲乙丙丁")),
            draw_(st.booleans()),
            frozenset(draw_(st.sets(st.sampled_from([need.unit for need in needs])))),
            frozenset(draw_(st.sets(st.sampled_from(cells), max_size=2))),
            frozenset(draw_(st.sets(st.sampled_from(keys), max_size=2)) - {key}),
            draw_(st.integers(0, 3)),
        )
        for key in keys
    ]
    return people, needs, draw_(st.integers(2, 3)), draw_(st.integers(0, 2))


def met(one: Invigilator, other: Invigilator) -> bool:
    return other.person in one.met or one.person in other.met


def check(
    people: list[Invigilator], needs: list[UnitNeed], per_room: int, rovers: int, places: tuple[Place, ...]
) -> None:
    """Every hard condition of EA-25.3 and EA-11, over the whole sitting."""
    known = {one.person: one for one in people}
    assert max(Counter((place.unit, place.person) for place in places).values(), default=1) == 1
    teams: dict[tuple[int, int], list[Invigilator]] = defaultdict(list)
    for place in places:
        one = known[place.person]
        assert place.unit in one.units
        assert (place.unit, place.room) not in one.barred
        teams[place.unit, place.room].append(one)
    wanted = {(need.unit, room): per_room for need in needs for room in need.rooms}
    wanted |= {(need.unit, 0): rovers for need in needs if rovers}
    assert {cell: len(team) for cell, team in teams.items()} == wanted
    pairs = Counter(
        frozenset((one.person, other.person))
        for (_, room), team in teams.items()
        if room
        for one, other in combinations(team, 2)
        if one.school != other.school and not met(one, other)
    )
    rooms = sum(len(need.rooms) for need in needs)
    assert len(pairs) == pairs.total() == rooms * per_room * (per_room - 1) // 2


@settings(max_examples=25, deadline=None)
@given(sites())
def test_roster_keeps_every_condition_or_names_the_shortage(
    site: tuple[list[Invigilator], list[UnitNeed], int, int],
) -> None:
    people, needs, per_room, rovers = site
    people = [one for one in people if one.units]
    symmetric = [
        Invigilator(
            one.person, one.school, one.woman, one.units, one.barred,
            frozenset(other.person for other in people if met(one, other)), one.load,
        )
        for one in people
    ]  # fmt: skip
    found = draw(symmetric, needs, per_room, rovers, "seed")
    if found.shortages:
        assert not found.places
        assert all(each.rooms or each.rovers for each in found.shortages)
    else:
        check(symmetric, needs, per_room, rovers, found.places)
    assert draw(symmetric, needs, per_room, rovers, "seed").digest == found.digest


def possible(people: list[Invigilator], rooms: tuple[int, ...], rovers: int) -> bool:
    """Whether two a room can be found for unit 1 at all: by trying everything."""
    if not rooms:
        return len(people) >= rovers
    return any(
        possible([one for one in people if one not in pair], rooms[1:], rovers)
        for pair in combinations(people, 2)
        if pair[0].school != pair[1].school and not met(*pair)
        if all((1, rooms[0]) not in one.barred for one in pair)
    )


@settings(max_examples=25, deadline=None)
@given(sites(units=1))
def test_no_shortage_is_claimed_where_a_roster_exists(
    site: tuple[list[Invigilator], list[UnitNeed], int, int],
) -> None:
    people, needs, _, rovers = site
    free = [one for one in people if 1 in one.units]
    symmetric = [
        Invigilator(
            one.person, one.school, one.woman, one.units, one.barred,
            frozenset(other.person for other in free if met(one, other)), one.load,
        )
        for one in free
    ]  # fmt: skip
    found = draw(symmetric, needs, 2, rovers, "seed")
    assert bool(found.shortages) is not possible(symmetric, needs[0].rooms, rovers)


def test_sixty_rooms_in_eight_units_keep_every_condition() -> None:
    units = frozenset(range(1, 9))
    people = [Invigilator(n, f"第{n % 12}中学", n % 5 < 3, units) for n in range(1, 151)]
    needs = [UnitNeed(unit, tuple(range(1, 61))) for unit in sorted(units)]
    found = draw(people, needs, 2, 4, "seed")
    assert not found.shortages
    check(people, needs, 2, 4, found.places)
    assert not found.unmixed
    assert found.most_load <= 8
