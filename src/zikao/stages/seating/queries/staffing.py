"""What exam staff are told of a sitting: its units, the rooms in use, who sits, and where."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import Exists, OuterRef, Q

from zikao.foundation.clock import local_day
from zikao.foundation.commands import all_rows, asked_of_all_rows
from zikao.foundation.crypto import index_of
from zikao.stages.agencies.models import Room
from zikao.stages.candidates.models import ADDRESS, PHONE, Candidate
from zikao.stages.entries.models import Entry
from zikao.stages.entries.states import EntryState
from zikao.stages.personnel.queries.registers import (
    tells_entered,
    tells_rooms,
    tells_seats,
    tells_sites,
    tells_sitters,
    tells_sittings,
    tells_units,
)
from zikao.stages.personnel.rules import address_of, phone_of
from zikao.stages.personnel.states import RoomUse, SeatUse, Sitter, UnitDay
from zikao.stages.programmes.models import Sitting, Unit
from zikao.stages.seating.models import Seat

AT_ONCE = 5000
STANDING = (EntryState.ENTERED, EntryState.PAID)


@tells_sittings
def sittings() -> list[tuple[str, str]]:
    """The sittings, the latest first."""
    return [(sitting.code, str(sitting)) for sitting in Sitting.objects.order_by("-code")]


@tells_units
def units_of(sitting_code: str) -> list[UnitDay]:
    """The units of a sitting with their days."""
    rows = Unit.objects.filter(sitting__code=sitting_code).order_by("number")
    return [UnitDay(unit.number, local_day(unit.starts_at)) for unit in rows]


@tells_rooms
def rooms_used(sitting_code: str, site_id: int) -> list[RoomUse]:
    """The rooms of a site in which somebody sits, by unit."""
    rows = Seat.objects.filter(room__site_id=site_id, unit__sitting__code=sitting_code)
    pairs = rows.order_by("unit__number", "room_id").values_list("unit__number", "room_id").distinct()
    return [RoomUse(unit, room) for unit, room in pairs]


@tells_sites
def sites_used(sitting_code: str, site_ids: Collection[int]) -> set[int]:
    """Of these sites, those in which somebody sits: each room is looked into until one is found."""
    taken = Exists(Seat.objects.filter(room_id=OuterRef("pk"), unit__sitting__code=sitting_code))
    return set(Room.objects.filter(taken, site_id__in=site_ids).values_list("site_id", flat=True))


_ENTERED = """
SELECT array_agg(candidate.id), array_agg(candidate.agency_code), array_agg(candidate.id_number_index)
  FROM candidates_candidate candidate
 WHERE (candidate.id_number_index = ANY(%(indexes)s) OR candidate.id = ANY(%(ids)s))
   AND EXISTS (SELECT 1 FROM entries_entry entry JOIN programmes_sitting sitting ON sitting.id = entry.sitting_id
                WHERE entry.candidate_id = candidate.id AND sitting.code = %(sitting)s
                  AND entry.state = ANY(%(standing)s))
"""


@tells_entered
def entered(sitting_code: str, id_indexes: Collection[bytes], candidate_ids: Collection[int]) -> list[Sitter]:
    """Who of some ID numbers and some candidates has a standing entry: one question."""
    asked = {
        "sitting": sitting_code, "indexes": list(id_indexes), "ids": list(candidate_ids),
        "standing": [state.value for state in STANDING],
    }  # fmt: skip
    row = asked_of_all_rows("EA-11.2：工作人员的亲属可能在外县报考", _ENTERED, asked)
    if row is None or row[0] is None:
        return []
    return [Sitter(key, agency, bytes(index)) for key, agency, index in zip(*row, strict=True)]


@tells_seats
def seats_of(
    sitting_code: str, site_id: int, id_indexes: Collection[bytes], candidate_ids: Collection[int]
) -> list[SeatUse]:
    """Where at a site some candidates sit, by their ID numbers' indexes or by id."""
    with all_rows("EA-25.3：监考员不得与自己的学生、亲属同场，考生可能在外县报名"):
        wanted = Q(id_number_index__in=list(id_indexes)) | Q(pk__in=list(candidate_ids))
        who = {pk: bytes(index) for pk, index in Candidate.objects.filter(wanted).values_list("pk", "id_number_index")}
        rows = Seat.objects.filter(
            entry__candidate__in=who, room__site_id=site_id, unit__sitting__code=sitting_code
        ).order_by("id")
        found = list(rows.values_list("entry__candidate_id", "unit__number", "room_id"))
    return [SeatUse(candidate, who[candidate], unit, room) for candidate, unit, room in found]


@tells_sitters
def sitters(sitting_code: str) -> Iterator[Sitter]:
    """The candidates of a sitting, with the keyed indexes by which they are compared with exam staff."""
    last = 0
    while True:
        with all_rows("EA-11.2：工作人员的亲属可能在外县报考，比对要看当次全部考生"):
            entered = Entry.objects.filter(sitting__code=sitting_code, state__in=STANDING).values("candidate")
            rows = list(Candidate.objects.filter(pk__in=entered, pk__gt=last).order_by("pk")[:AT_ONCE])
        if not rows:
            return
        last = rows[-1].pk
        yield from map(_sitter, rows)


def _sitter(row: Candidate) -> Sitter:
    phone, address = phone_of(PHONE.text(row)), address_of(ADDRESS.text(row))
    return Sitter(
        row.pk,
        row.agency_code,
        bytes(row.id_number_index),
        index_of(phone) if phone else b"",
        index_of(address) if address else b"",
    )
