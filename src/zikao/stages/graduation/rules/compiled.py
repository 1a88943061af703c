"""The audit of a plan for many candidates: the plan is prepared once, each candidate costs a few set operations.

It says only yes or no. The rule `AUDIT` is the law and gives the findings; a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from zikao.foundation.regulation import parameter
from zikao.stages.graduation.rules.audit import AUDIT
from zikao.stages.records.rules import Held, PlanFact

Passed = frozenset[str]
Test = Callable[[Passed], bool]


class CompiledAudit:
    """A plan prepared for a day: `grants(held)` is `AUDIT(plan=plan, held=held, on=on).granted`.

    Raises NotInForce for a day on which the rule has no version.
    """

    def __init__(self, plan: PlanFact, on: date) -> None:
        AUDIT.version_on(on)
        self._required = frozenset(course.code for course in plan.courses if course.group is None)
        self._credits = {course.code: course.credits for course in plan.courses}
        self._codes = frozenset(self._credits)
        self._groups = _tests_of(plan)
        self._min_credits = plan.min_credits
        self._min_courses = plan.min_courses or 0
        self._needed_here = int(parameter("graduation-destination-passes").on(on)[plan.level])
        self._counted = plan.counted
        self._sources = frozenset(code for each in plan.replacements for code in each.sources)
        self._plain = len(self._codes) == len(plan.courses)
        self._courses = plan.courses

    def grants(self, held: Held) -> bool:
        """Whether the candidate has everything that the plan asks for."""
        passed = held.passed
        if not self._sources.isdisjoint(passed):
            passed = self._counted(passed)
        if not self._required <= passed or held.invalid_exemptions:
            return False
        if held.transferred_in and held.passed_here < self._needed_here:
            return False
        if not all(test(passed) for test in self._groups):
            return False
        points, courses = self._earned(passed)
        return points >= self._min_credits and courses >= self._min_courses

    def granted(self, many: Iterable[Held]) -> list[bool]:
        """The answers for many candidates, in their order."""
        grants = self.grants
        return [grants(held) for held in many]

    def _earned(self, passed: Passed) -> tuple[int, int]:
        if not self._plain:  # a plan that names a course twice counts it twice, as the rule does
            done = [course.credits for course in self._courses if course.code in passed]
            return sum(done), len(done)
        codes = self._codes & passed
        return sum(map(self._credits.__getitem__, codes)), len(codes)


def _tests_of(plan: PlanFact) -> list[Test]:
    members: dict[str, dict[str, int]] = {code: {} for code in plan.groups}
    for course in plan.courses:
        if course.group in members:
            members[course.group][course.code] = course.credits
    return [_test_of(rule, members[code], members) for code, rule in plan.groups.items()]


def _test_of(rule: Mapping[str, object], own: Mapping[str, int], members: Mapping[str, Mapping[str, int]]) -> Test:
    codes = frozenset(own)
    if "choose" in rule:
        number, other = _whole(rule["choose"]), members.get(str(rule.get("or_group", "")))
        if other is None:
            return lambda passed: len(codes & passed) >= number
        instead = frozenset(other)
        return lambda passed: len(codes & passed) >= number or instead <= passed
    asked = members.get(str(rule["if_group_taken"]))
    if asked is None:
        return lambda passed: codes <= passed
    return _either(own, frozenset(asked), _whole(rule["min_courses"]), _whole(rule["min_credits"]))


def _either(own: Mapping[str, int], asked: Passed, min_courses: int, min_credits: int) -> Test:
    codes = frozenset(own)

    def test(passed: Passed) -> bool:
        if asked.isdisjoint(passed):
            return codes <= passed
        taken = codes & passed
        return len(taken) >= min_courses and sum(map(own.__getitem__, taken)) >= min_credits

    return test


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a whole number is needed, not {value!r}")
    return value
