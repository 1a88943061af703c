"""What later stages tell of an agency: rounds that run there, persons on record there, who is on duty at a site.

@runs_rounds
def open_windows(agency_code: str, on: date) -> list[str]: ...

@counts_people
def candidates_on_record(agency_code: str) -> int: ...

@names_staff
def on_duty(site_id: int, sitting_code: str) -> list[StaffLine]: ...
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from zikao.stages.agencies.states import StaffLine

Rounds = Callable[[str, date], list[str]]
People = Callable[[str], int]
Staff = Callable[[int, str], list[StaffLine]]

Q = TypeVar("Q")

_rounds: list[Rounds] = []
_people: list[People] = []
_staff: list[Staff] = []


def runs_rounds(query: Rounds) -> Rounds:
    """Register what runs at an agency (and below) on a day: each named in a few words."""
    return _kept(_rounds, query)


def counts_people(query: People) -> People:
    """Register how many persons are on record at an agency and below."""
    return _kept(_people, query)


def names_staff(query: Staff) -> Staff:
    """Register who is on duty at a site in a sitting."""
    return _kept(_staff, query)


def running_rounds(agency_code: str, on: date) -> tuple[str, ...]:
    """Everything that runs at the agency and below."""
    return tuple(each for query in _rounds for each in query(agency_code, on))


def people_on_record(agency_code: str) -> int:
    """How many persons are on record at the agency and below."""
    return sum(query(agency_code) for query in _people)


def staff_of(site_id: int, sitting_code: str) -> list[StaffLine]:
    """Everybody on duty at the site in the sitting."""
    return [line for query in _staff for line in query(site_id, sitting_code)]


def _kept(table: list[Q], query: Q) -> Q:
    if query not in table:
        table.append(query)
    return query
