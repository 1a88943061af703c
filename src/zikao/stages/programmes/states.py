"""Levels, kinds of assessment, the life of a timetable, and the shapes in which plans and timetables are handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices


class Level(TextChoices):
    BACHELOR = "bachelor", "本科"
    JUNIOR = "junior", "专科"


class Assess(TextChoices):
    WRITTEN = "written", "笔试"
    PRACTICE = "practice", "实践考核"
    THESIS = "thesis", "毕业论文（设计）"


class TimetableState(TextChoices):
    DRAFTED = "drafted", "已拟定"
    FILED = "filed", "已报备案"
    ACKNOWLEDGED = "acknowledged", "已备案"
    PUBLISHED = "published", "已公布"


TIMETABLE_TRANSITIONS: Mapping[TimetableState, frozenset[TimetableState]] = {
    TimetableState.DRAFTED: frozenset({TimetableState.FILED}),
    TimetableState.FILED: frozenset({TimetableState.ACKNOWLEDGED, TimetableState.DRAFTED}),
    TimetableState.ACKNOWLEDGED: frozenset({TimetableState.PUBLISHED}),
    TimetableState.PUBLISHED: frozenset(),
}


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


@dataclass(frozen=True)
class PlanData:
    """A major's plan as a file states it."""

    major_code: str
    major_name: str
    level: Level
    version: str
    examining_school: str
    min_credits: int
    min_courses: int | None
    groups: tuple[GroupData, ...]
    courses: tuple[CourseData, ...]


@dataclass(frozen=True)
class UnitData:
    """An examination unit: its number, first and last instant."""

    number: int
    starts_at: datetime
    ends_at: datetime


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
    """A timetable of a sitting ("2026-10"): its units and its rows."""

    sitting_code: str
    units: tuple[UnitData, ...]
    slots: tuple[SlotData, ...]
