"""The shapes in which plans and timetables are handed in, and in which a timetable travels between nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from zikao.foundation.clock import LOCAL
from zikao.foundation.errors import BadInput
from zikao.stages.programmes.states.lives import Assess, Level

_SITTING = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True)
class GroupData:
    """A choice group: its code and its rule (see `programmes.rules.groups`)."""

    code: str
    rule: Mapping[str, object]


@dataclass(frozen=True)
class CourseData:
    """A course of a plan: code, name, credits, how assessed, its group, the course that comes before it."""

    code: str
    name: str
    credits: int
    assess: Assess
    group: str | None = None
    after: str | None = None
    national: bool = False
    requires: tuple[str, ...] = ()
    min_passed: int | None = None
    last: bool = False
    replaceable: bool = True


@dataclass(frozen=True)
class SchoolData:
    """The examining school of one prefecture ("3201"), where a major has two."""

    prefecture: str
    school: str


@dataclass(frozen=True)
class ReplacementData:
    """Courses that stand for others (codes), from a day until a day, one way or both; and the document that says so."""

    from_codes: tuple[str, ...]
    to_codes: tuple[str, ...]
    since: date
    until: date | None
    both_ways: bool
    document: str

    @property
    def key(self) -> str:
        """The courses in words: "00012+00015→13000"."""
        return f"{'+'.join(sorted(self.from_codes))}→{'+'.join(sorted(self.to_codes))}"


@dataclass(frozen=True)
class PlanData:
    """A major's plan as a file states it; `beside`: courses (code, name) outside the plan that stand for its own.

    `says_national`: the file says of every course whether it is national; otherwise the register is left as it is.
    """

    major_code: str
    major_name: str
    level: Level
    version: str
    examining_school: str
    min_credits: int
    min_courses: int | None
    groups: tuple[GroupData, ...]
    courses: tuple[CourseData, ...]
    entry_condition: str = ""
    entry_evidence: str = ""
    schools: tuple[SchoolData, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    replacements: tuple[ReplacementData, ...] = ()
    says_national: bool = False


@dataclass(frozen=True)
class UnitData:
    """An examination unit: its number, first and last instant."""

    number: int
    starts_at: datetime
    ends_at: datetime

    @property
    def in_words(self) -> str:
        """When it is: "10月24日 09:00–11:30"."""
        begin, end = self.starts_at.astimezone(LOCAL), self.ends_at.astimezone(LOCAL)
        return f"{begin.month}月{begin.day}日 {begin:%H:%M}–{end:%H:%M}"


@dataclass(frozen=True)
class SlotData:
    """One row of a timetable: a course in a unit, and the majors that offer it (none in the centre's own file)."""

    course_code: str
    course_name: str
    national: bool
    unit_number: int
    major_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class TimetableData:
    """A timetable of a sitting ("2026-10"): its units and its rows, a course once."""

    sitting_code: str
    units: tuple[UnitData, ...]
    slots: tuple[SlotData, ...]

    @property
    def year_and_month(self) -> tuple[int, int]:
        """The year and the month of the sitting; raises BadInput."""
        match = _SITTING.fullmatch(self.sitting_code)
        if match is None:
            raise BadInput("sitting-code", field_errors={"sitting": "考次应写作“2026-10”的样子。"})
        return int(match[1]), int(match[2])

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong with the units and the rows, by place: times, months, rows without a unit."""
        year, month = self.year_and_month
        found = {}
        for unit in self.units:
            day = unit.starts_at.astimezone(LOCAL)
            if (day.year, day.month) != (year, month):
                found[f"units.{unit.number}"] = f"第{unit.number}单元的考试日期不在本考次的月份。"
            elif unit.ends_at <= unit.starts_at:
                found[f"units.{unit.number}"] = f"第{unit.number}单元的结束时间应晚于开考时间。"
        for earlier, later in pairwise(sorted(self.units, key=lambda unit: unit.starts_at)):
            if later.starts_at < earlier.ends_at:
                found[f"units.{later.number}"] = f"第{later.number}单元与第{earlier.number}单元的时间重叠。"
        if not self.slots:
            found["slots"] = "考试安排里没有课程。"
        return found

    @property
    def national_only(self) -> TimetableData:
        """The rows of the national courses, without majors: what the centre issues."""
        rows = (SlotData(s.course_code, s.course_name, True, s.unit_number) for s in self.slots if s.national)
        return TimetableData(self.sitting_code, self.units, tuple(rows))

    def as_body(self) -> dict[str, Any]:
        """The timetable as a message carries it: plain values, in a fixed order."""
        units = sorted(self.units, key=lambda unit: unit.number)
        return {
            "sitting": self.sitting_code,
            "units": [
                {"number": u.number, "starts_at": _written(u.starts_at), "ends_at": _written(u.ends_at)} for u in units
            ],
            "slots": [
                {
                    "course": s.course_code,
                    "name": s.course_name,
                    "national": s.national,
                    "unit": s.unit_number,
                    "majors": sorted(s.major_codes),
                }
                for s in sorted(self.slots, key=lambda slot: slot.course_code)
            ],
        }

    @classmethod
    def of_body(cls, body: Mapping[str, Any]) -> TimetableData:
        """The timetable that a message carries; raises BadInput where it is malformed."""
        try:
            units = tuple(_unit(unit) for unit in body["units"])
            slots = tuple(_slot(slot) for slot in body["slots"])
            return cls(str(body["sitting"]), units, slots)
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput(
                "timetable-malformed", facts={"fault": repr(error)}, message="考试安排的数据格式有误。"
            ) from error


def _written(at: datetime) -> str:
    """In local time, so that the same timetable has the same digest wherever it was read."""
    return at.astimezone(LOCAL).isoformat()


def _unit(raw: Mapping[str, Any]) -> UnitData:
    starts_at = datetime.fromisoformat(raw["starts_at"])
    ends_at = datetime.fromisoformat(raw["ends_at"])
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise ValueError("a unit's times need their zone")
    return UnitData(int(raw["number"]), starts_at, ends_at)


def _slot(raw: Mapping[str, Any]) -> SlotData:
    if not isinstance(raw["national"], bool):
        raise TypeError("national is true or false")
    majors = tuple(str(code) for code in raw["majors"])
    return SlotData(str(raw["course"]), str(raw["name"]), raw["national"], int(raw["unit"]), majors)
