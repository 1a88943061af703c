"""How far a candidate is in a plan, and what comes before a course; what is passed is said by a later stage.

The results come later in the order of stages, so they register what they know:

    from zikao.stages.programmes.queries.progress import answer_passes
    answer_passes(lambda candidate_ids: {candidate_id: {course_code: how_obtained}})
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from zikao.foundation import clock
from zikao.foundation.regulation import Decision
from zikao.stages.programmes import rules
from zikao.stages.programmes.models import Paper, Plan, PlanCourse
from zikao.stages.programmes.queries.plans import plan_courses_in_full, stands_for

Passes = Mapping[str, str]
Answer = Callable[[Collection[int]], Mapping[int, Passes]]
EXEMPTION = "exemption"
_answers: list[Answer] = []


def answer_passes(answer: Answer) -> None:
    """Register the query that gives, by candidate, the codes of passed courses and how each was obtained."""
    _answers[:] = [answer]


def passes_by_candidate(candidate_ids: Collection[int]) -> Mapping[int, Passes]:
    """The passed courses by candidate id; empty while nobody answers."""
    return _answers[0](candidate_ids) if _answers else {}


@dataclass(frozen=True)
class CourseStanding:
    """A course of the plan as a candidate stands in it. `way`: passed, exempted, replaced, or missing."""

    course: PlanCourse
    way: str
    replaced_by: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the plan has this course of the candidate."""
        return self.way != "missing"


@dataclass(frozen=True)
class GroupStanding:
    """A choice group: its code, its rule in words, whether it is satisfied, its courses."""

    code: str
    words: str
    met: bool
    courses: tuple[CourseStanding, ...]


@dataclass(frozen=True)
class PlanProgress:
    """A candidate in a plan: required courses, groups, credits and number of courses earned and asked for."""

    plan: Plan
    required: tuple[CourseStanding, ...]
    groups: tuple[GroupStanding, ...]
    credits: int
    courses: int

    @property
    def every(self) -> tuple[CourseStanding, ...]:
        """All courses of the plan, the required ones first."""
        return (*self.required, *(course for group in self.groups for course in group.courses))

    @property
    def missing(self) -> tuple[CourseStanding, ...]:
        """The required courses that are missing; those of groups are chosen (see `groups`)."""
        return tuple(each for each in self.required if not each.done)

    @property
    def complete(self) -> bool:
        """Whether every required course, every group, the credits and the number of courses are there."""
        enough = self.credits >= self.plan.min_credits and self.courses >= (self.plan.min_courses or 0)
        return enough and not self.missing and all(group.met for group in self.groups)


def plan_progress(candidate_id: int, plan: Plan, on: date | None = None) -> PlanProgress:
    """How far a candidate is in a plan, by the scores that are published; a fixed number of queries."""
    return progress_in(plan, passes_by_candidate((candidate_id,)).get(candidate_id, {}), on or clock.today())


def counted_in(plan: Plan, passed: frozenset[str], on: date) -> frozenset[str]:
    """The passed courses (codes) with those of the plan for which they stand on a day."""
    codes = frozenset(plan.courses.values_list("course__code", flat=True))
    return passed | rules.replaced(passed, stands_for(plan, on), codes).keys()


def progress_in(plan: Plan, passes: Passes, on: date) -> PlanProgress:
    """How far these passed courses (code to how) lead in a plan on a day, replacements counted."""
    rows = plan_courses_in_full(plan)
    codes = frozenset(row.course.code for row in rows)
    by_others = rules.replaced(frozenset(passes), stands_for(plan, on), codes)
    standing = [_standing(row, passes, by_others) for row in rows]
    done = frozenset(each.course.course.code for each in standing if each.done)
    groups = list(plan.groups.all())
    states = {
        group.code: rules.GroupState(
            group.rule, {row.course.code: row.credits for row in rows if row.group_id == group.pk}, done
        )
        for group in groups
    }
    lacking = rules.groups_lacking(states)
    return PlanProgress(
        plan=plan,
        required=tuple(each for each in standing if each.course.group_id is None),
        groups=tuple(
            GroupStanding(
                group.code,
                rules.describe_group(group.rule),
                group.code not in lacking,
                tuple(each for each in standing if each.course.group_id == group.pk),
            )
            for group in groups
        ),
        credits=sum(each.course.credits for each in standing if each.done),
        courses=len(done),
    )


def _standing(row: PlanCourse, passes: Passes, by_others: Mapping[str, frozenset[str]]) -> CourseStanding:
    code = row.course.code
    if code in passes:
        return CourseStanding(row, "exempted" if passes[code] == EXEMPTION else "passed")
    if code in by_others:
        return CourseStanding(row, "replaced", tuple(sorted(by_others[code])))
    return CourseStanding(row, "missing")


def what_comes_before(row: PlanCourse, siblings: Iterable[PlanCourse]) -> rules.Before:
    """What the plan puts before a course; `siblings` are all courses of the plan (`plan_courses_in_full`)."""
    named = ([row.after.code] if row.after else []) + [each.course.code for each in row.prerequisites.all()]
    others = [each.course.code for each in siblings if each.pk != row.pk and each.group_id is None and not each.last]
    return rules.Before(tuple(dict.fromkeys(named)), row.min_passed, tuple(others) if row.last else ())


def unmet_prerequisites(plan_course: PlanCourse, passed_codes: Collection[str]) -> list[str]:
    """The codes of the courses that are to be passed before this one and are not; empty when it may be taken."""
    siblings = plan_courses_in_full(plan_course.plan)
    codes = tuple(row.course.code for row in siblings)
    return what_comes_before(plan_course, siblings).lacking(passed_codes, codes)


def order_of(plan: Plan, course_code: str, passed: frozenset[str], on: date) -> Decision | None:
    """What the plan's order says to taking a course now; None where the course is not in the plan."""
    siblings = plan_courses_in_full(plan)
    row = next((each for each in siblings if each.course.code == course_code), None)
    if row is None:
        return None
    return rules.ORDER(
        on=on,
        course=course_code,
        assess=row.assess,
        before=what_comes_before(row, siblings),
        passed=passed,
        plan_codes=tuple(each.course.code for each in siblings),
    )


def clashes(papers: Iterable[Paper]) -> list[tuple[int, list[str]]]:
    """The units that hold more than one of these papers, each with the course codes; papers need course and unit."""
    in_unit: dict[int, list[str]] = defaultdict(list)
    for paper in papers:
        in_unit[paper.unit.number].append(paper.course.code)
    return [(number, sorted(codes)) for number, codes in sorted(in_unit.items()) if len(codes) > 1]
