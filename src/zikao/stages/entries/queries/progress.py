"""The plan's progress beside the choice: passed, entered, missing, by group; and what was granted (EA-52)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zikao.foundation.clock import local_day
from zikao.foundation.regulation import parameter
from zikao.stages.candidates.models import Candidate
from zikao.stages.entries.models import EntryWindow
from zikao.stages.entries.queries.entering import own_entries, plans_of
from zikao.stages.entries.queries.periods import accommodation
from zikao.stages.programmes import queries as programmes
from zikao.stages.programmes.models import Plan
from zikao.stages.programmes.queries import CourseStanding


@dataclass(frozen=True)
class CourseLine:
    """A course of the plan: `state` passed | entered | offered | missing."""

    code: str
    name: str
    credits: int
    state: str


@dataclass(frozen=True)
class GroupLines:
    """A part of the plan with its rule in words and whether it is met."""

    title: str
    met: bool
    lines: tuple[CourseLine, ...]


@dataclass(frozen=True)
class Progress:
    """Where a candidate is in their plan, with this sitting's entries."""

    plan: Plan
    groups: tuple[GroupLines, ...]
    passed: int
    entered: int
    missing: int
    credits: int


def progress_of(candidate: Candidate, window: EntryWindow, at: datetime) -> Progress | None:
    """The progress in the candidate's own plan, in the newer version once its transition is over; None without one."""
    day = local_day(at)
    plan = next(iter(plans_of(candidate, day)), None)
    if plan is None:
        return None
    found = programmes.progress_in(plan, programmes.passes_by_candidate((candidate.pk,)).get(candidate.pk, {}), day)
    entered = set(own_entries(candidate.pk, window.sitting.code).values_list("paper__course_id", flat=True))
    offered = set(
        plan.major.papers.filter(paper__sitting_id=window.sitting_id).values_list("paper__course_id", flat=True)
    )
    parts = [("必考课程", not found.missing, found.required)]
    parts += [(group.words, group.met, group.courses) for group in found.groups]
    groups = tuple(
        GroupLines(title, met, tuple(_line(each, entered, offered) for each in rows))
        for title, met, rows in parts
        if rows
    )
    states = [line.state for group in groups for line in group.lines]
    return Progress(
        plan,
        groups,
        passed=states.count("passed"),
        entered=states.count("entered"),
        missing=len(found.missing) - sum(each.course.course_id in entered for each in found.missing),
        credits=found.credits,
    )


def _line(each: CourseStanding, entered: set[int], offered: set[int]) -> CourseLine:
    course = each.course.course
    state = "passed" if each.done else "entered" if course.pk in entered else ""
    return CourseLine(
        course.code, course.name, each.course.credits, state or ("offered" if course.pk in offered else "missing")
    )


def granted_words(candidate_id: int, at: datetime) -> list[str]:
    """The accommodations granted to the candidate, in words; empty where none."""
    granted = accommodation(candidate_id, at)
    if granted is None:
        return []
    names = parameter("accommodation-kinds").on(local_day(at))
    return [names[kind] for kind in names if kind in granted.kinds]
