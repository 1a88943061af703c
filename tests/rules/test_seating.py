"""The draw's plan and order: nobody twice, nobody left out, one course a room where rooms suffice."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zikao.foundation.crypto import sm3
from zikao.stages.seating import rules
from zikao.stages.seating.states import Demand, Group, PublicEntry, RoomFacts

AREAS = ("3201", "3202")
seats = st.sampled_from([25, 30])


@st.composite
def worlds(draw: st.DrawFn, *, wishes: bool = False) -> tuple[list[RoomFacts], list[Demand]]:
    rooms = [
        RoomFacts(area, f"{area}-{number % 2 + 1:02d}", number, size)
        for area in AREAS
        for number, size in enumerate(draw(st.lists(seats, max_size=8)), start=1)
    ]
    wanted = st.dictionaries(
        st.tuples(st.sampled_from(AREAS), st.integers(0, 11)), st.integers(1, 90), min_size=1, max_size=12
    )
    asked = sorted(draw(wanted).items())
    demands = [Demand(area, course % 2 + 1, f"{course:05d}", count) for (area, course), count in asked]
    if wishes:
        sites = st.sampled_from(["01", "02", "03"])
        demands += [
            replace(each, count=draw(st.integers(1, 60)), site=f"{each.area}-{draw(sites)}") for each in demands
        ]
    return rooms, demands


@given(worlds() | worlds(wishes=True))
@settings(max_examples=300, deadline=None)
def test_a_plan_seats_everybody_once_or_tells_the_shortfall(world):
    rooms, demands = world
    short = rules.shortfalls(rooms, demands)
    if short:
        assert all(each.needed > each.seats for each in short)
        with pytest.raises(ValueError, match="no seat left"):
            rules.plan(rooms, demands)
        return
    blocks = rules.plan(rooms, demands)
    taken: Counter[tuple[int, RoomFacts, int]] = Counter()
    ranks: dict[Group, list[int]] = defaultdict(list)
    for block in blocks:
        assert block.room.area == block.area
        ranks[block.group] += range(block.first_rank, block.first_rank + block.count)
        for number in range(block.first_seat, block.first_seat + block.count):
            assert 1 <= number <= block.room.seats
            taken[block.unit, block.room, number] += 1
    assert set(taken.values()) == {1}
    assert {key: sorted(found) for key, found in ranks.items()} == {
        each.group: list(range(1, each.count + 1)) for each in demands
    }


@given(worlds(wishes=True), st.data())
@settings(max_examples=200, deadline=None)
def test_own_rooms_and_premises_are_heeded_or_told(world, data):
    rooms, demands = world
    rooms = [replace(room, premises="Z001" if room.site.endswith("2") else "") for room in rooms]
    for each in list(demands):
        need = data.draw(st.sampled_from([{}, {"alone": True, "count": 1}, {"tutor": "Z001", "count": 20}]))
        demands += [replace(each, **need)] if need else []
    lacks = rules.lacks(rooms, demands)
    if lacks:
        with pytest.raises(ValueError, match="no seat left"):
            rules.plan(rooms, demands)
        return
    blocks = rules.plan(rooms, demands)
    assert sum(block.count for block in blocks) == sum(each.count for each in demands)
    taken = Counter((block.unit, block.room, seat) for block in blocks
                    for seat in range(block.first_seat, block.first_seat + block.count))  # fmt: skip
    assert set(taken.values()) == {1}
    assert not [block for block in blocks if block.tutor and block.tutor == block.room.premises]
    sitting = Counter((unit, room) for unit, room, _ in taken)
    assert {sitting[block.unit, block.room] for block in blocks if block.alone} <= {1}


@given(worlds(wishes=True))
@settings(max_examples=200, deadline=None)
def test_wishes_are_met_as_far_as_the_site_has_seats(world):
    rooms, demands = world
    if rules.shortfalls(rooms, demands):
        return
    seats, wished, met = Counter(), Counter(), Counter()
    for room in rooms:
        seats[room.site] += room.seats
    for each in demands:
        if each.site:
            wished[each.site, each.unit] += each.count
    for block in rules.plan(rooms, demands):
        if block.site == block.room.site:
            met[block.site, block.unit] += block.count
    assert met == Counter({key: min(count, seats[key[0]]) for key, count in wished.items() if seats[key[0]]})


@given(worlds() | worlds(wishes=True))
@settings(max_examples=200, deadline=None)
def test_no_room_is_mixed_while_there_are_rooms_for_every_course(world):
    _, demands = world
    enough = [RoomFacts(area, f"{area}-0{site}", 60 * site + number, 30)
              for area in AREAS for site in (1, 2, 3) for number in range(60)]  # fmt: skip
    courses: dict[tuple[int, RoomFacts], set[str]] = defaultdict(set)
    for block in rules.plan(enough, demands):
        courses[block.unit, block.room].add(block.course)
    assert {len(found) for found in courses.values()} == {1}


@given(worlds(wishes=True), st.randoms())
@settings(max_examples=100, deadline=None)
def test_a_plan_does_not_depend_on_the_order_it_is_told_in(world, random):
    rooms, demands = world
    if rules.shortfalls(rooms, demands):
        return
    plan = rules.plan(rooms, demands)
    random.shuffle(rooms)
    random.shuffle(demands)
    assert rules.plan(rooms, demands) == plan


def test_remainders_share_the_last_room_in_blocks():
    rooms = [RoomFacts("3201", "3201-01", number, 30) for number in (1, 2, 3)]
    blocks = rules.plan(rooms, [Demand("3201", 1, "00001", 40), Demand("3201", 1, "00002", 35)])
    told = [(block.course, block.room.number, block.first_rank, block.count, block.first_seat) for block in blocks]
    assert told == [("00001", 1, 1, 30, 1), ("00001", 3, 31, 10, 1), ("00002", 2, 1, 30, 1), ("00002", 3, 31, 5, 11)]


def test_a_wish_is_met_first_and_its_room_is_filled_with_the_same_course():
    rooms = [RoomFacts("3201", f"3201-0{site}", number, 30) for site in (1, 2) for number in (1, 2)]
    wish = Demand("3201", 1, "00001", 10, "3201-02")
    blocks = rules.plan(rooms, [Demand("3201", 1, "00001", 30), wish, Demand("3201", 1, "00002", 30)])
    told = [(block.course, block.site, block.room.label, block.first_seat, block.count) for block in blocks]
    assert told == [
        ("00001", "", "3201-02-001", 11, 20), ("00001", "", "3201-01-002", 1, 10),
        ("00001", "3201-02", "3201-02-001", 1, 10), ("00002", "", "3201-01-001", 1, 30),
    ]  # fmt: skip


@pytest.mark.parametrize("seats", [25, 30])
def test_seats_run_as_a_serpentine_from_the_door(seats):
    desks = rules.desks(seats)
    assert len({(desk.column, desk.row) for desk in desks}) == seats
    assert (desks[0].column, desks[0].row) == (1, 1)
    for before, after in pairwise(desks):
        assert abs(before.column - after.column) + abs(before.row - after.row) == 1


def test_order_is_by_sha256_of_seed_and_key():
    seed = rules.seed_of("00" * 32, ["11" * 32, "22" * 32])
    assert seed == sm3(bytes(32) + b"\x11" * 32 + b"\x22" * 32)
    assert rules.order_value(seed, "00037320102261001") == sha256(seed + b"00037320102261001").digest()


def test_everybody_can_get_every_seat():
    entries = [PublicEntry(f"3201{number:08d}", "00037", "3201", 1) for number in range(25)]
    blocks = rules.plan([RoomFacts("3201", "3201-01", 1, 25)], [Demand("3201", 1, "00037", 25)])
    first = Counter(rules.assign(number.to_bytes(32, "big"), entries, blocks)[0].key for number in range(2_000))
    expected = 2_000 / 25
    assert len(first) == 25
    assert sum((count - expected) ** 2 / expected for count in first.values()) < 51.2  # chi-square, p = 0.001


@pytest.mark.parametrize("text", ["", "11", "11" * 31, "AA" * 32, "11" * 33, "11" * 32 + "\n"])
def test_a_secret_is_thirty_two_bytes(text):
    assert not rules.is_secret(text)
    assert rules.is_secret("1f" * 32)
