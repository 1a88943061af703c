"""The prepared audit of a plan says what the rule says, for any plan and anybody."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zikao.foundation.regulation import NotInForce
from zikao.stages.graduation.rules import AUDIT, CompiledAudit
from zikao.stages.graduation.rules.certificate import check_digit
from zikao.stages.records.rules import CourseFact, Held, PlanFact

ON = date(2026, 12, 1)
CODES = [f"{number:05d}" for number in range(1, 13)]
GROUPS = ["A", "B", "C"]
group_rules = st.one_of(
    st.fixed_dictionaries({"choose": st.integers(0, 4)}),
    st.fixed_dictionaries({"choose": st.integers(0, 4), "or_group": st.sampled_from([*GROUPS, "Z"])}),
    st.fixed_dictionaries(
        {
            "if_group_taken": st.sampled_from([*GROUPS, "Z"]),
            "min_courses": st.integers(0, 4),
            "min_credits": st.integers(0, 20),
            "else": st.just("all"),
        }
    ),
)
courses = st.builds(
    CourseFact,
    code=st.sampled_from(CODES),
    credits=st.integers(0, 12),
    assess=st.sampled_from(["written", "practice", "thesis"]),
    group=st.sampled_from([None, None, *GROUPS]),
)
plans = st.builds(
    PlanFact,
    level=st.sampled_from(["bachelor", "junior"]),
    courses=st.lists(courses, max_size=10).map(tuple),
    groups=st.dictionaries(st.sampled_from(GROUPS), group_rules),
    min_credits=st.integers(0, 60),
    min_courses=st.one_of(st.none(), st.integers(0, 12)),
)
somebody = st.builds(
    Held,
    passed=st.one_of(st.frozensets(st.sampled_from(CODES)), st.just(frozenset(CODES))),
    passed_here=st.integers(0, 8),
    transferred_in=st.booleans(),
    invalid_exemptions=st.one_of(st.just(frozenset()), st.frozensets(st.sampled_from(CODES), max_size=1)),
)


@settings(max_examples=1500, deadline=None)
@given(plan=plans, held=somebody)
def test_prepared_audit_agrees_with_the_rule(plan: PlanFact, held: Held) -> None:
    assert CompiledAudit(plan, ON).grants(held) is AUDIT(plan=plan, held=held, on=ON).granted


@given(plan=plans, many=st.lists(somebody, max_size=5))
def test_many_are_answered_in_their_order(plan: PlanFact, many: list[Held]) -> None:
    prepared = CompiledAudit(plan, ON)
    assert prepared.granted(many) == [prepared.grants(held) for held in many]


@given(plan=plans, held=somebody, more=st.frozensets(st.sampled_from(CODES)))
def test_passing_another_course_never_loses_what_a_choose_rule_granted(
    plan: PlanFact, held: Held, more: frozenset[str]
) -> None:
    chosen = {code: rule for code, rule in plan.groups.items() if "choose" in rule}
    simple = PlanFact(plan.level, plan.courses, chosen, plan.min_credits, plan.min_courses)
    richer = Held(held.passed | more, held.passed_here, held.transferred_in, held.invalid_exemptions)
    prepared = CompiledAudit(simple, ON)
    assert not prepared.grants(held) or prepared.grants(richer)


def test_prepared_audit_is_not_in_force_before_the_rule() -> None:
    with pytest.raises(NotInForce):
        CompiledAudit(PlanFact("junior", (), {}, 0), date(2020, 9, 26))


@given(st.text("0123456789", min_size=1, max_size=18))
def test_check_digit_closes_the_sum_and_finds_a_wrong_digit(body: str) -> None:
    def remainder(number: str) -> int:
        product = 10
        for digit in number[:-1]:
            product = ((product + int(digit)) % 10 or 10) * 2 % 11
        return (product + int(number[-1])) % 10

    number = body + check_digit(body)
    assert remainder(number) == 1
    wrong = str((int(number[0]) + 1) % 10) + number[1:]
    assert remainder(wrong) != 1
