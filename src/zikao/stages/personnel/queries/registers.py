"""What later stages tell this one: the units of a sitting, who sits in it and where, which work was done.

@tells_units
def units_of(sitting_code: str) -> list[UnitDay]: ...

Each is told once, by the stage that knows; until then there is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

from zikao.stages.personnel.states import Done, RoomUse, SeatUse, Sitter, UnitDay

Units = Callable[[str], Sequence[UnitDay]]
Sittings = Callable[[], Sequence[tuple[str, str]]]
Rooms = Callable[[str, int], Sequence[RoomUse]]
Sites = Callable[[str, Collection[int]], Collection[int]]
Sitters = Callable[[str], Iterable[Sitter]]
Entered = Callable[[str, Collection[bytes], Collection[int]], Sequence[Sitter]]
Seats = Callable[[str, int, Collection[bytes], Collection[int]], Sequence[SeatUse]]
DoneAt = Callable[[str, int], Sequence[tuple[int, int]]]
Marked = Callable[[str], Sequence[Done]]

LATEST = 6
"""A comparison at once looks at so many sittings: a year has four."""
_units: list[Units] = []
_sittings: list[Sittings] = []
_rooms: list[Rooms] = []
_sites: list[Sites] = []
_sitters: list[Sitters] = []
_entered: list[Entered] = []
_seats: list[Seats] = []
_signed: list[DoneAt] = []
_marked: list[Marked] = []


def tells_units(tell: Units) -> Units:
    """Register who knows the units of a sitting and their days."""
    _units.append(tell)
    return tell


def tells_sittings(tell: Sittings) -> Sittings:
    """Register who knows the sittings: code and name, the latest first."""
    _sittings.append(tell)
    return tell


def tells_rooms(tell: Rooms) -> Rooms:
    """Register who knows the rooms of a site (its key) in which candidates sit."""
    _rooms.append(tell)
    return tell


def tells_sites(tell: Sites) -> Sites:
    """Register who knows in which of some sites (their keys) candidates sit."""
    _sites.append(tell)
    return tell


def tells_sitters(tell: Sitters) -> Sitters:
    """Register who knows the candidates with a standing entry in a sitting."""
    _sitters.append(tell)
    return tell


def tells_entered(tell: Entered) -> Entered:
    """Register who knows which of some ID numbers (keyed indexes) and candidates have a standing entry in a sitting."""
    _entered.append(tell)
    return tell


def tells_seats(tell: Seats) -> Seats:
    """Register who knows where, at a site, the holders of ID numbers (keyed indexes), or candidates by id, sit."""
    _seats.append(tell)
    return tell


def tells_signed(tell: DoneAt) -> DoneAt:
    """Register who knows the signed rooms of a site in a sitting: (person, unit number)."""
    _signed.append(tell)
    return tell


def tells_marked(tell: Marked) -> Marked:
    """Register who knows how much each marker of a sitting marked."""
    _marked.append(tell)
    return tell


def units_of(sitting_code: str) -> list[UnitDay]:
    """The units of a sitting in their order."""
    return [unit for tell in _units for unit in tell(sitting_code)]


def sittings() -> list[tuple[str, str]]:
    """The sittings: code and name, the latest first."""
    return [each for tell in _sittings for each in tell()]


def sittings_to_come(on: date) -> list[str]:
    """The codes of the latest sittings that are not over on a day: the last unit is then or later, or is not known."""
    return [code for code, _ in sittings()[:LATEST] if not all_days_over(code, on)]


def all_days_over(sitting_code: str, on: date) -> bool:
    """Whether the sitting has units and the last of them was before the day."""
    days = [unit.on for unit in units_of(sitting_code)]
    return bool(days) and max(days) < on


def rooms_used(sitting_code: str, site_id: int) -> list[RoomUse]:
    """The rooms of a site in which candidates sit, by unit; empty before the seats are drawn."""
    return [use for tell in _rooms for use in tell(sitting_code, site_id)]


def sites_used(sitting_code: str, site_ids: Collection[int]) -> set[int]:
    """Of these sites, those in which candidates sit; none before the seats are drawn."""
    return {site_id for tell in _sites for site_id in tell(sitting_code, site_ids)}


def sitters(sitting_code: str) -> Iterable[Sitter]:
    """The candidates with a standing entry in a sitting, in every agency."""
    for tell in _sitters:
        yield from tell(sitting_code)


def entered(sitting_code: str, id_indexes: Collection[bytes], candidate_ids: Collection[int]) -> list[Sitter]:
    """Of the holders of these ID numbers and of these candidates, those who entered the sitting."""
    return [each for tell in _entered for each in tell(sitting_code, id_indexes, candidate_ids)]


def seats_of(
    sitting_code: str, site_id: int, id_indexes: Collection[bytes], candidate_ids: Collection[int]
) -> list[SeatUse]:
    """Where at a site the holders of these ID numbers, and these candidates, sit."""
    if not id_indexes and not candidate_ids:
        return []
    return [use for tell in _seats for use in tell(sitting_code, site_id, id_indexes, candidate_ids)]


def signed_rooms(sitting_code: str, site_id: int) -> set[tuple[int, int]]:
    """Who signed for a room of a site in which unit: (person, unit number)."""
    return {found for tell in _signed for found in tell(sitting_code, site_id)}


def marked(sitting_code: str) -> list[Done]:
    """What the markers of a sitting marked."""
    return [found for tell in _marked for found in tell(sitting_code)]
