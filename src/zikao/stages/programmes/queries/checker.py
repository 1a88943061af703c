"""Which majors have two courses in one unit, and how many of their candidates that concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.db.models import Exists, OuterRef

from zikao.foundation import clock
from zikao.foundation.crypto import canonical, sm3
from zikao.stages.programmes.models import (
    DemandCount,
    Major,
    Paper,
    PaperMajor,
    Plan,
    PlanCourse,
    ReplacementCourse,
    Sitting,
)
from zikao.stages.programmes.queries.demand import Demand, demand_for, how_many_people

LIVE = 1_000
"""So many candidates are counted while the reader waits; more than that are counted by the queue."""
Pair = tuple[str, str]


@dataclass(frozen=True)
class UnitClash:
    """A unit in which a major has several courses; `candidates`: who need two of them, pair by pair, once counted."""

    unit: int
    courses: tuple[str, ...]
    candidates: int | None


@dataclass(frozen=True)
class MajorClashes:
    """All clashes of a major. `unavoidable`: pairs that no timetable of so few units could part."""

    major: Major
    registered: int | None
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
    def candidates(self) -> int | None:
        """How many candidates need both of a pair, over all pairs; None while nobody has counted."""
        return None if self.registered is None else sum(each.candidates or 0 for each in self.units)


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
    """The papers of a sitting with the majors that offer them, and the demand (None: not counted)."""

    def __init__(self, of: Sitting, demand: Demand | None) -> None:
        self.numbers = tuple(of.units.order_by("number").values_list("number", flat=True))
        rows = Paper.objects.filter(sitting=of, majors__isnull=False).distinct().select_related("course", "unit")
        self.papers = list(rows.order_by("course__code"))
        offered = PaperMajor.objects.filter(paper__sitting=of).values_list("major_id", "paper_id")
        by_id = {paper.pk: paper for paper in self.papers}
        self.of_major: dict[int, list[Paper]] = defaultdict(list)
        for major_id, paper_id in offered.order_by("major__code", "paper__course__code"):
            self.of_major[major_id].append(by_id[paper_id])
        self.majors = Major.objects.in_bulk(self.of_major)
        self.demand = demand

    def weight(self, major: int, one: Paper, other: Paper) -> int:
        """The candidates of a major who need both; 1 where nobody is registered, so that every pair counts."""
        return max(self.demand.of(major, one.course_id, other.course_id), 1) if self.demand else 1


def courses_offered(of: Sitting) -> list[int]:
    """The ids of the courses that some major offers in a sitting, in a fixed order."""
    rows = Paper.objects.filter(sitting=of, majors__isnull=False).order_by("course_id")
    return list(rows.values_list("course_id", flat=True).distinct())


def digest_of_courses(of: Sitting) -> str:
    """What binds a count to the courses that it counted for; where they stand does not matter."""
    return sm3(canonical(courses_offered(of))).hex()


def clashes_by_major(of: Sitting) -> list[MajorClashes]:
    """The majors with clashes, the one that concerns most candidates first; counted now, of those the reader sees."""
    return _clashes(_Table(of, demand_for(courses_offered(of))))


def _clashes(table: _Table) -> list[MajorClashes]:
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
            found.append(MajorClashes(table.majors[major_id], _registered(table, major_id), units, least))
    return sorted(found, key=lambda each: (-(each.candidates or 0), -each.pairs, each.major.code))


def clashes_seen(of: Sitting, agency_code: str) -> tuple[list[MajorClashes], datetime | None]:
    """The clashes as a reader below an agency sees them, and when their candidates were counted.

    A few candidates are counted at once; very many by the queue, when somebody asked for it: until then the clashes
    stand without candidates, and the time is None.
    """
    if not counts_in_the_queue():
        return clashes_by_major(of), clock.now()
    kept = DemandCount.objects.filter(sitting=of, agency_code=agency_code, courses=digest_of_courses(of)).first()
    demand = Demand.of_plain(kept.body) if kept is not None else None
    return _clashes(_Table(of, demand)), kept.counted_at if kept is not None else None


def counts_in_the_queue() -> bool:
    """Whether the candidates that the reader sees are too many to be counted while they wait."""
    return how_many_people(LIVE + 1) > LIVE


def _registered(table: _Table, major_id: int) -> int | None:
    return table.demand.registered.get(major_id, 0) if table.demand is not None else None


def _concerned(table: _Table, major_id: int, papers: Sequence[Paper]) -> int | None:
    demand = table.demand
    if demand is None:
        return None
    return sum(demand.of(major_id, a.course_id, b.course_id) for a, b in combinations(papers, 2))


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
    return _problem(_Table(of, demand_for(courses_offered(of))))


def problem_digest(of: Sitting) -> str:
    """The digest of the problem, for which nobody need be counted."""
    return _problem(_Table(of, None)).digest


def _problem(table: _Table) -> Problem:
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
