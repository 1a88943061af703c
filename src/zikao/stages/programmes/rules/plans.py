"""Plans as they bind a candidate: which version, on what condition, in which order, and what stands for what."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

PLAN_OPEN = Rule("programmes.plan-open", title="可以依据的专业考试计划")
MAJOR_ENTRY = Rule("programmes.major-entry", title="确有特殊要求的专业的报考条件")
ORDER = Rule("programmes.order", title="计划内课程的先后")
REPLACEMENT = Rule("programmes.replacement", title="课程顶替关系的公布")


def transition_over(until: date, province: str | None) -> date:
    """The first day on which a version that ended on `until` can no longer be gone by; by the law of that day."""
    months = int(parameter("plan-transition").on(max(until, IN_FORCE), province=province))
    return _months_after(until, months)


@PLAN_OPEN.version("SR-18.1.1", since=IN_FORCE)
def _(*, since: date, until: date | None, registered_on: date, province: str | None, on: date) -> Decision:
    over = transition_over(until, province) if until is not None else None
    known_before = until is None or registered_on < until
    return all_of(
        decide("SR-18.1.1", on >= since, "plan-not-yet", since=since),
        decide("SR-18.1.1", known_before, "plan-ended-before-registration", until=until, registered=registered_on),
        decide("SR-18.1.1", over is None or on < over, "plan-transition-over", until=until, over=over),
    )


@MAJOR_ENTRY.version("EA-12.1", since=IN_FORCE)
def _(*, condition: str, evidence: str, shown: frozenset[str]) -> Decision:
    met = not condition or (evidence in shown if evidence else bool(shown))
    return decide("EA-12.1", met, "major-condition-unmet", condition=condition)


@dataclass(frozen=True)
class Before:
    """What comes before a course: named courses, a number of the plan's courses, or all the others."""

    named: tuple[str, ...] = ()
    min_passed: int | None = None
    others: tuple[str, ...] = ()

    def lacking(self, passed: Collection[str], plan_codes: Collection[str]) -> list[str]:
        """The codes of the courses that are still to be passed first; for a number, those not passed yet."""
        lacking = [code for code in (*self.named, *self.others) if code not in passed]
        if self.min_passed is not None and len(set(plan_codes) & set(passed)) < self.min_passed:
            lacking += [code for code in plan_codes if code not in passed and code not in lacking]
        return lacking


@ORDER.version(("SR-18.1.1", "SR-18.1.2"), since=IN_FORCE)
def _(*, course: str, assess: str, before: Before, passed: frozenset[str], plan_codes: tuple[str, ...]) -> Decision:
    clause = "SR-18.1.1" if assess == "written" else "SR-18.1.2"
    named = [code for code in before.named if code not in passed]
    others = [code for code in before.others if code not in passed]
    done = len(passed & set(plan_codes))
    return all_of(
        decide(clause, not named, "course-out-of-order", course=course, first="、".join(named)),
        decide(
            clause,
            before.min_passed is None or done >= before.min_passed,
            "too-few-passed-before",
            course=course,
            passed=done,
            needed=before.min_passed,
        ),
        decide(clause, not others, "course-comes-last", course=course, count=len(others)),
    )


@REPLACEMENT.version("SR-18.1.5", since=IN_FORCE)
def _(*, from_codes: frozenset[str], to_codes: frozenset[str], never: frozenset[str]) -> Decision:
    return all_of(
        decide("SR-18.1.5", bool(from_codes) and bool(to_codes), "replacement-empty"),
        decide(
            "SR-18.1.5",
            not from_codes & to_codes,
            "replacement-of-itself",
            courses="、".join(sorted(from_codes & to_codes)),
        ),
        decide("SR-18.1.5", not to_codes & never, "never-replaced", courses="、".join(sorted(to_codes & never))),
    )


@dataclass(frozen=True)
class StandsFor:
    """A replacement as a plan applies it, already in its direction: all of `sources` passed count as `targets`."""

    sources: frozenset[str]
    targets: frozenset[str]


def replaced(
    passed: frozenset[str], replacements: Iterable[StandsFor], plan_codes: Collection[str]
) -> dict[str, frozenset[str]]:
    """Which courses of the plan are passed by others, and by which; in the order in which they were published.

    A course of the plan counts as itself and stands for nothing else; one course stands for others once.
    """
    codes = frozenset(plan_codes)
    free = passed - codes
    found: dict[str, frozenset[str]] = {}
    for each in replacements:
        gained = (each.targets & codes) - passed - found.keys()
        if gained and each.sources <= free:
            free -= each.sources
            found |= dict.fromkeys(gained, each.sources)
    return found


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
