"""Whether everything that a plan asks for has been passed (SR-18.1)."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter
from zikao.stages.records.rules import Held, PlanFact, earned, missing, unmet_groups

IN_FORCE = date(2020, 9, 27)

AUDIT = Rule("graduation.audit", title="专业考试计划的全部要求已经完成")


@AUDIT.version(
    ("SR-18.1.1", "SR-18.1.2", "SR-18.1.3", "SR-18.1.5", "SR-A2.4.3"),
    since=IN_FORCE,
)
def _(*, plan: PlanFact, held: Held, on: date) -> Decision:
    points, courses = earned(plan, held.passed)
    needed_here = int(parameter("graduation-destination-passes").on(on)[plan.level]) if held.transferred_in else 0
    return all_of(
        _missing(plan, held.passed, "SR-18.1.1", "courses-missing", practical=False),
        _missing(plan, held.passed, "SR-18.1.2", "practical-missing", practical=True),
        _groups(plan, held.passed),
        decide("SR-18.1.3", points >= plan.min_credits, "credits-short", credits=points, needed=plan.min_credits),
        decide(
            "SR-18.1.1",
            plan.min_courses is None or courses >= plan.min_courses,
            "courses-too-few",
            courses=courses,
            needed=plan.min_courses,
        ),
        decide(
            "SR-18.1.5",
            not held.invalid_exemptions,
            "exemption-invalid",
            courses="、".join(sorted(held.invalid_exemptions)),
        ),
        decide(
            "SR-A2.4.3", held.passed_here >= needed_here, "passes-here-short", here=held.passed_here, needed=needed_here
        ),
    )


def _missing(plan: PlanFact, passed: frozenset[str], clause: str, code: str, *, practical: bool) -> Decision:
    courses = missing(plan, passed, practical=practical)
    return decide(clause, not courses, code, courses="、".join(courses))


def _groups(plan: PlanFact, passed: frozenset[str]) -> Decision:
    unmet = unmet_groups(plan, passed)
    words = "；".join(f"{code}组：{rule}" for code, rule in unmet.items())
    return decide("SR-18.1.1", not unmet, "group-unmet", groups=words)
