"""A timetable as a grid of days and units, each course marked where a major clashes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from zikao.foundation.clock import local_day
from zikao.foundation.errors import NotFound
from zikao.stages.programmes.models import Course, PaperMajor, Sitting, TimetableProposal, Unit


@dataclass(frozen=True)
class GridCourse:
    """A course in a unit: how many majors have another course beside it; `moved`: it stood elsewhere before."""

    course: Course
    national: bool
    majors: int
    clashing: int
    moved: bool

    @property
    def mark(self) -> str:
        """How many majors meet a clash in it."""
        return f"冲突 {self.clashing} 个专业"


@dataclass(frozen=True)
class GridCell:
    """A unit with its courses, those with most clashes first."""

    unit: Unit
    courses: tuple[GridCourse, ...]

    @property
    def clashing(self) -> int:
        """How many of its courses clash for some major."""
        return sum(each.clashing > 0 for each in self.courses)


def unit_grid(of: Sitting, units: Mapping[str, int] | None = None) -> list[tuple[date, list[GridCell]]]:
    """The days of a sitting with their units; `units` (course code to unit) shows a proposal instead of the draft."""
    rows = PaperMajor.objects.filter(paper__sitting=of).select_related("paper__course", "paper__unit")
    majors: dict[Course, set[int]] = defaultdict(set)
    stood: dict[Course, int] = {}
    national: dict[Course, bool] = {}
    for row in rows:
        majors[row.paper.course].add(row.major_id)
        stood[row.paper.course], national[row.paper.course] = row.paper.unit.number, row.paper.national
    place = {course: (units or {}).get(course.code, number) for course, number in stood.items()}
    load: dict[tuple[int, int], int] = defaultdict(int)
    for course, number in place.items():
        for major_id in majors[course]:
            load[number, major_id] += 1
    in_unit: dict[int, list[GridCourse]] = defaultdict(list)
    for course, number in place.items():
        clashing = sum(load[number, major_id] > 1 for major_id in majors[course])
        moved = stood[course] != number
        in_unit[number].append(GridCourse(course, national[course], len(majors[course]), clashing, moved))
    days: dict[date, list[GridCell]] = defaultdict(list)
    for unit in of.units.order_by("number"):
        courses = sorted(in_unit[unit.number], key=lambda each: (-each.clashing, each.course.code))
        days[local_day(unit.starts_at)].append(GridCell(unit, tuple(courses)))
    return list(days.items())


def proposals_of(of: Sitting) -> QuerySet[TimetableProposal]:
    """The proposals for a sitting, the newest first."""
    return TimetableProposal.objects.filter(sitting=of).defer("units")


def proposal(proposal_id: int) -> TimetableProposal:
    """One proposal; NotFound where there is none."""
    found = TimetableProposal.objects.select_related("sitting").filter(pk=proposal_id).first()
    if found is None:
        raise NotFound("proposal-not-found", facts={"proposal": proposal_id})
    return found
