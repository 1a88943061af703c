"""Which majors have two courses in one unit, and how many of their candidates that concerns."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.core.cache import cache
from django.db.models import Exists, OuterRef

from zikao.foundation import clock
from zikao.foundation.crypto import canonical, sm3
from zikao.stages.programmes.models import Major, Paper, PaperMajor, Plan, PlanCourse, ReplacementCourse, Sitting
from zikao.stages.programmes.queries.demand import Demand, demand_for

QUICK_SECONDS = 0.4
KEPT_SECONDS = 600
Pair = tuple[str, str]


@dataclass(frozen=True)
class UnitClash:
    """A unit in which a major has several courses; `candidates`: who need two of them, counted pair by pair."""

    unit: int
    courses: tuple[str, ...]
    candidates: int


@dataclass(frozen=True)
class MajorClashes:
    """All clashes of a major. `unavoidable`: pairs that no timetable of so few units could part."""

    major: Major
    registered: int
    units: tuple[UnitClash, ...]
    unavoidable: int

    @property
    def code(self) -> str:
        """The major's code."""
        return self.major.code

    @property
    def pairs(self) -> int:
        """How many pairs of courses stand in one unit."""
        return sum(len(each.courses) * (len(each.courses) - 1) // 2 for each in self.units)

    @property
    def candidates(self) -> int:
        """How many candidates need both of a pair, over all pairs."""
        return sum(each.candidates for each in self.units)


@dataclass(frozen=True)
class Problem:
    """What a solver is given: units, courses that stay, the others, the weight of each pair; all by codes."""

    units: tuple[int, ...]
    fixed: Mapping[str, int]
    free: tuple[str, ...]
    weights: Mapping[Pair, int]
    present: Mapping[str, int]
    least: int

    @property
    def digest(self) -> str:
        """What binds a proposal to the draft it was made from; candidates who come in meanwhile do not matter."""
        said = {
            "units": list(self.units),
            "fixed": dict(self.fixed),
            "present": dict(self.present),
            "pairs": [list(pair) for pair in sorted(self.weights)],
        }
        return sm3(canonical(said)).hex()

    def cost(self, units: Mapping[str, int]) -> int:
        """The candidates concerned, pair by pair, when the courses stand in these units."""
        return sum(weight for (one, other), weight in self.weights.items() if units[one] == units[other])


class _Table:
    """The papers of a sitting with the majors that offer them, and the demand; five queries, whatever the size."""

    def __init__(self, of: Sitting) -> None:
        self.numbers = tuple(of.units.order_by("number").values_list("number", flat=True))
        rows = Paper.objects.filter(sitting=of, majors__isnull=False).distinct().select_related("course", "unit")
        self.papers = list(rows.order_by("course__code"))
        offered = PaperMajor.objects.filter(paper__sitting=of).values_list("major_id", "paper_id")
        by_id = {paper.pk: paper for paper in self.papers}
        self.of_major: dict[int, list[Paper]] = defaultdict(list)
        for major_id, paper_id in offered.order_by("major__code", "paper__course__code"):
            self.of_major[major_id].append(by_id[paper_id])
        self.majors = Major.objects.in_bulk(self.of_major)
        self.demand = demand_for([paper.course_id for paper in self.papers])

    def weight(self, major: int, one: Paper, other: Paper) -> int:
        """The candidates of a major who need both; 1 where nobody is registered, so that every pair counts."""
        return max(self.demand.of(major, one.course_id, other.course_id), 1)


def clashes_by_major(of: Sitting) -> list[MajorClashes]:
    """The majors with clashes, the one that concerns most candidates first."""
    table = _Table(of)
    found = []
    for major_id, papers in table.of_major.items():
        in_unit: dict[int, list[Paper]] = defaultdict(list)
        for paper in papers:
            in_unit[paper.unit.number].append(paper)
        units = tuple(
            UnitClash(number, tuple(p.course.code for p in some), _concerned(table, major_id, some))
            for number, some in sorted(in_unit.items())
            if len(some) > 1
        )
        if units:
            least = unavoidable_pairs(len(papers), len(table.numbers))
            found.append(MajorClashes(table.majors[major_id], _registered(table.demand, major_id), units, least))
    return sorted(found, key=lambda each: (-each.candidates, -each.pairs, each.major.code))


def recent_clashes(of: Sitting, agency_code: str) -> tuple[list[MajorClashes], datetime]:
    """The clashes as a reader below an agency sees them, and when they were counted.

    What takes long, with very many candidates, is kept for a while, as long as nothing of the timetable is moved.
    """
    offered = PaperMajor.objects.filter(paper__sitting=of).order_by("pk").values_list("pk", "paper__unit_id")
    key = f"programmes.clashes:{agency_code}:{sm3(canonical([list(row) for row in offered])).hex()}"
    kept: tuple[list[MajorClashes], datetime] | None = cache.get(key)
    if kept is not None:
        return kept
    began = time.perf_counter()
    found = clashes_by_major(of), clock.now()
    if time.perf_counter() - began > QUICK_SECONDS:
        cache.set(key, found, KEPT_SECONDS)
    return found


def _registered(demand: Demand, major_id: int) -> int:
    return demand.registered.get(major_id, 0)


def _concerned(table: _Table, major_id: int, papers: Sequence[Paper]) -> int:
    return sum(table.demand.of(major_id, a.course_id, b.course_id) for a, b in combinations(papers, 2))


def offered_outside_plans(of: Sitting) -> list[PaperMajor]:
    """The rows of a timetable that offer a course to a major none of whose plans has it, nor any replacement."""
    planned = PlanCourse.objects.filter(plan__major_id=OuterRef("major_id"), course_id=OuterRef("paper__course_id"))
    standing = ReplacementCourse.objects.filter(
        replacement__major_id=OuterRef("major_id"), course_id=OuterRef("paper__course_id")
    )
    rows = PaperMajor.objects.filter(
        ~Exists(planned), ~Exists(standing), Exists(Plan.objects.filter(major_id=OuterRef("major_id"))),
        paper__sitting=of,
    )  # fmt: skip
    return list(rows.select_related("major", "paper__course").order_by("major__code", "paper__course__code"))


def unavoidable_pairs(courses: int, units: int) -> int:
    """The fewest pairs that share a unit when so many courses are spread over so many units."""
    if units == 0:
        return 0
    each, more = divmod(courses, units)
    return (units - more) * (each * (each - 1) // 2) + more * (each * (each + 1) // 2)


def solver_problem(of: Sitting) -> Problem:
    """The timetable as a solver sees it: the centre's courses and what it approved stay, provincial ones may move."""
    table = _Table(of)
    weights: dict[Pair, int] = defaultdict(int)
    least = 0
    for major_id, papers in table.of_major.items():
        own = {}
        for one, other in combinations(papers, 2):
            own[one.course.code, other.course.code] = table.weight(major_id, one, other)
        for pair, weight in own.items():
            weights[pair] += weight
        least += sum(sorted(own.values())[: unavoidable_pairs(len(papers), len(table.numbers))])
    present = {paper.course.code: paper.unit.number for paper in table.papers}
    fixed = {paper.course.code: paper.unit.number for paper in table.papers if paper.national}
    free = tuple(code for code in present if code not in fixed)
    return Problem(table.numbers, fixed, free, dict(weights), present, least)
