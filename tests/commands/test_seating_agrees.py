"""The set-based draw in the database equals the pure reference, for any seed, rooms and entries."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.seating import revealed
from zikao.stages.entries.models import Entry
from zikao.stages.seating import queries, rules
from zikao.stages.seating.commands.filling import fill_seats
from zikao.stages.seating.models import Seat
from zikao.stages.seating.queries.export import _seats
from zikao.stages.seating.states import PublicEntry, RoomFacts

pytestmark = pytest.mark.django_db


PUBLIC = (
    "candidate__admission_number", "paper__course__code", "area_code", "unit__number", "site_code", "separate_room",
    "tutoring_code",
)  # fmt: skip


class _Undo(Exception):
    pass


def test_database_and_reference_give_the_same_seats(at):
    draw = revealed(at, candidates=12, wishes=5)
    code = draw.sitting.code
    entries = [PublicEntry(*row) for row in Entry.objects.filter(state="paid").order_by("id").values_list(*PUBLIC)]
    rooms = queries.rooms_usable(code)

    @given(seed=st.binary(min_size=32, max_size=32), sizes=st.lists(st.integers(3, 8), min_size=4, max_size=4))
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def agrees(seed: bytes, sizes: list[int]) -> None:
        small = [
            RoomFacts(room.area, room.site, room.number, size, room.id, room.agency_code)
            for room, size in zip(rooms, sizes, strict=True)
        ]
        demands = queries.demands(code)
        if rules.shortfalls(small, demands):
            return
        blocks = rules.plan(small, demands)
        expected = rules.assign(seed, entries, blocks)
        draw.seed = seed.hex()
        try:
            with transaction.atomic():
                groups = fill_seats(draw, blocks, queries.paper_ids(code))
                told = sorted(_seats(draw))
                raise _Undo
        except _Undo:
            pass
        assert told == sorted((seat.key, seat.room, seat.number) for seat in expected)
        order = rules.drawing.ordered_keys(seed, entries)
        assert [digest for _, digest in groups] == [rules.group_digest(order[group]) for group, _ in groups]

    agrees()
    assert not Seat.objects.exists()
