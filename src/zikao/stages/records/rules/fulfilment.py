"""What a plan asks for and what of it a candidate has: the ground of graduation, transfer and progress.

Plain functions, no decision: each stage that asks puts its own clause to the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zikao.stages.programmes.rules import StandsFor, replaced
from zikao.stages.programmes.rules.groups import GroupState, groups_lacking


@dataclass(frozen=True)
class CourseFact:
    """A course of a plan: code, credits, how assessed ("written", "practice", "thesis"), its choice group."""

    code: str
    credits: int
    assess: str
    group: str | None = None


@dataclass(frozen=True)
class PlanFact:
    """A plan: its courses, the rules of its choice groups, and what they must add up to."""

    level: str
    courses: tuple[CourseFact, ...]
    groups: Mapping[str, Mapping[str, object]]
    min_credits: int
    min_courses: int | None = None
    replacements: tuple[StandsFor, ...] = ()

    def counted(self, passed: frozenset[str]) -> frozenset[str]:
        """The passed courses as this plan counts them: what others stand for is passed, and they are used up."""
        if not self.replacements:
            return passed
        codes = frozenset(course.code for course in self.courses)
        by_others = replaced(passed, self.replacements, codes)
        return passed.difference(*by_others.values()) | by_others.keys()


@dataclass(frozen=True)
class Held:
    """What a candidate has passed: course codes, how many in this province's own examinations, and the doubtful."""

    passed: frozenset[str] = frozenset()
    passed_here: int = 0
    transferred_in: bool = False
    invalid_exemptions: frozenset[str] = frozenset()


def missing(plan: PlanFact, passed: frozenset[str], *, practical: bool) -> list[str]:
    """The courses outside choice groups that are not passed: written ones, or practical parts and the thesis."""
    counted = plan.counted(passed)
    return [
        course.code
        for course in plan.courses
        if course.group is None and (course.assess != "written") == practical and course.code not in counted
    ]


def unmet_groups(plan: PlanFact, passed: frozenset[str]) -> dict[str, str]:
    """The choice groups whose rule is not met, each with its rule in words."""
    counted = plan.counted(passed)
    states = {
        code: GroupState(rule, {c.code: c.credits for c in plan.courses if c.group == code}, counted)
        for code, rule in plan.groups.items()
    }
    return groups_lacking(states)


def earned(plan: PlanFact, passed: frozenset[str]) -> tuple[int, int]:
    """Credits and number of the plan's courses that are passed."""
    counted = plan.counted(passed)
    done = [course for course in plan.courses if course.code in counted]
    return sum(course.credits for course in done), len(done)


def is_complete(plan: PlanFact, passed: frozenset[str]) -> bool:
    """Whether every course and group of the plan is passed (SR-A2.3.4, SR-18.1.1)."""
    required = missing(plan, passed, practical=False) or missing(plan, passed, practical=True)
    return not required and not unmet_groups(plan, passed)
