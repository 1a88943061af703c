"""The audit of graduation over the real plans: candidates a second on one core, beside the rule asked one by one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from random import Random

import zikao
from bench import Line, best_of
from zikao.stages.graduation.rules import AUDIT, CompiledAudit
from zikao.stages.programmes.rules import parse_group_rule
from zikao.stages.records.rules import CourseFact, Held, PlanFact

ON = date(2026, 12, 1)
CANDIDATES = 100_000
BY_THE_RULE = 2_000
LEAST_A_SECOND = 20_000
PLANS = Path(zikao.__file__).parent / "world" / "data" / "plans" / "jiangsu-2024.json"

Work = list[tuple[PlanFact, list[Held]]]


def bench() -> list[Line]:
    """The prepared audit against its goal and against the rule; both answer the same for everybody compared."""
    work = _work(CANDIDATES)
    few = [(plan, held[: BY_THE_RULE // len(work)]) for plan, held in work]
    assert _prepared(few) == _by_rule(few)
    ours = CANDIDATES / best_of(3, lambda: _prepared(work))
    rule = sum(len(held) for _, held in few) / best_of(3, lambda: _by_rule(few))
    return [
        Line("graduation.audit", ours, None, "下限", None, LEAST_A_SECOND, "人/秒", CANDIDATES),
        Line("graduation.audit-by-rule", ours, rule, "逐人调用规则", ours / rule, 10, "人/秒", CANDIDATES),
    ]


def _prepared(work: Work) -> list[bool]:
    return [answer for plan, held in work for answer in CompiledAudit(plan, ON).granted(held)]


def _by_rule(work: Work) -> list[bool]:
    return [AUDIT(on=ON, plan=plan, held=each).granted for plan, held in work for each in held]


def _work(size: int) -> Work:
    rng = Random(20261201)
    plans = _plans()
    return [(plan, [_somebody(plan, rng) for _ in range(size // len(plans))]) for plan in plans]


def _plans() -> list[PlanFact]:
    return [_plan(raw) for raw in json.loads(PLANS.read_text(encoding="utf-8"))["plans"] if raw["min_credits"]]


def _plan(raw: dict[str, object]) -> PlanFact:
    level = "junior" if raw["level"] == "专科" else "bachelor"
    courses = tuple(CourseFact(c["code"], c["credits"], c["assess"], c["group"]) for c in raw["courses"])  # type: ignore[attr-defined]
    groups = {group["id"]: parse_group_rule(group["rule"]) for group in raw["groups"]}  # type: ignore[attr-defined]
    return PlanFact(level, courses, groups, raw["min_credits"], raw["min_courses"])  # type: ignore[arg-type]


def _somebody(plan: PlanFact, rng: Random) -> Held:
    """Half have finished; the others lack something, from one course to nearly all."""
    share = 1.0 if rng.random() < 0.5 else rng.random()
    passed = frozenset(course.code for course in plan.courses if rng.random() <= share)
    return Held(passed, len(passed), rng.random() < 0.05)
