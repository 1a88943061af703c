"""States and plain values of the draw of seats."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

WITHOUT_WISHES = "zikao-seating-1"
ALGORITHM = "zikao-seating-2"
"""What a new draw commits to; draws that committed to the first algorithm are made and verified by it."""
ALGORITHMS = (WITHOUT_WISHES, ALGORITHM)

Group = tuple[str, int, str, str, bool, str]
"""Entries that are ordered together: area, unit, course, site wished for, a room of their own, tutoring institution."""


class DrawState(TextChoices):
    COMMITTED = "committed", "已提交承诺"
    REVEALED = "revealed", "密数已公开"
    DRAWN = "drawn", "已编排"
    ISSUED = "issued", "通知单已发放"


TRANSITIONS: dict[DrawState, frozenset[DrawState]] = {
    DrawState.COMMITTED: frozenset({DrawState.REVEALED}),
    DrawState.REVEALED: frozenset({DrawState.DRAWN}),
    DrawState.DRAWN: frozenset({DrawState.ISSUED}),
    DrawState.ISSUED: frozenset(),
}


@dataclass(frozen=True, order=True)
class RoomFacts:
    """A room as the draw sees it; rooms are filled in this order: area, site, number."""

    area: str
    site: str
    number: int
    seats: int
    id: int = 0
    agency_code: str = ""
    premises: str = ""

    @property
    def label(self) -> str:
        """The room's public name: site code and number of three digits."""
        return f"{self.site}-{self.number:03d}"


@dataclass(frozen=True, order=True)
class Demand:
    """How many entries a course has in an area and unit, with the same wish for a site or without one."""

    area: str
    unit: int
    course: str
    count: int
    site: str = ""
    alone: bool = False
    tutor: str = ""

    @property
    def group(self) -> Group:
        """Who they are."""
        return self.area, self.unit, self.course, self.site, self.alone, self.tutor


@dataclass(frozen=True)
class Block:
    """A run of neighbouring seats of one room for one course: ranks `first_rank`.. of the course's order (from 1).

    `site` is the wish of those who sit here; the ranks are those of the course's entries with that wish.
    """

    area: str
    unit: int
    course: str
    room: RoomFacts
    first_rank: int
    count: int
    first_seat: int
    site: str = ""
    alone: bool = False
    tutor: str = ""

    @property
    def group(self) -> Group:
        """Whose ranks these are."""
        return self.area, self.unit, self.course, self.site, self.alone, self.tutor


@dataclass(frozen=True)
class Shortfall:
    """An area and unit whose rooms have fewer seats than entries."""

    area: str
    unit: int
    needed: int
    seats: int

    def __str__(self) -> str:
        missing = self.needed - self.seats
        return f"考区 {self.area} 第{self.unit}单元：{self.needed} 科次，座位 {self.seats} 个，缺 {missing} 个"


@dataclass(frozen=True)
class Lack:
    """Entries of an area and unit that a plan could not seat as the law asks: `tutor` is their institution, if any."""

    area: str
    unit: int
    count: int
    alone: bool = False
    tutor: str = ""

    def __str__(self) -> str:
        whose = f"（助学机构 {self.tutor}）" if self.tutor else ""
        return f"考区 {self.area} 第{self.unit}单元：{self.count} 科次{whose}"


@dataclass(frozen=True)
class PublicEntry:
    """An entry of the closed list as the draw's public record shows it."""

    admission_number: str
    course: str
    area: str
    unit: int
    site: str = ""
    alone: bool = False
    tutor: str = ""

    @property
    def group(self) -> Group:
        """Who they are."""
        return self.area, self.unit, self.course, self.site, self.alone, self.tutor

    @property
    def key(self) -> str:
        """What is drawn: course code and admission number, 17 digits; also the barcode of the candidate's card."""
        return self.course + self.admission_number


@dataclass(frozen=True)
class PlacedSeat:
    """An entry's key and its seat."""

    key: str
    room: str
    number: int


@dataclass(frozen=True)
class PublicCommitment:
    """An official's commitment as the public record shows it; digest and secret in hexadecimal."""

    order: int
    official: str
    digest: str
    committed_at: str
    secret: str
