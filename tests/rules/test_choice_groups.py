"""Choice groups of the real plans, and the check digit of a resident ID, by property."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zikao
from zikao.stages.personnel.rules import id_number_fault
from zikao.stages.programmes.rules import GroupState, describe_group, groups_lacking, parse_group_rule

PLANS = json.loads((Path(zikao.__file__).parent / "world/data/plans/jiangsu-2024.json").read_text("utf-8"))["plans"]
GROUPED = [plan for plan in PLANS if plan["groups"]]
GOOD_ID = "11010519491231002X"


def standing(plan: dict, passed: set[str]) -> dict[str, GroupState]:
    return {
        group["id"]: GroupState(
            parse_group_rule(group["rule"]),
            {course["code"]: course["credits"] for course in plan["courses"] if course["group"] == group["id"]},
            frozenset(passed),
        )
        for group in plan["groups"]
    }


@given(st.data())
def test_passing_one_more_course_never_unsettles_a_plan(data):
    plan = data.draw(st.sampled_from(GROUPED))
    codes = [course["code"] for course in plan["courses"]]
    passed = data.draw(st.sets(st.sampled_from(codes)))
    if not groups_lacking(standing(plan, passed)):
        more = passed | {data.draw(st.sampled_from(codes))}
        assert groups_lacking(standing(plan, more)) == {}


@given(st.sampled_from(GROUPED))
def test_all_courses_satisfy_every_group_and_none_satisfies_no_plan(plan):
    everything = {course["code"] for course in plan["courses"]}
    assert groups_lacking(standing(plan, everything)) == {}
    assert groups_lacking(standing(plan, set()))


def test_every_rule_of_the_real_plans_is_read_and_told():
    told = {describe_group(parse_group_rule(group["rule"])) for plan in PLANS for group in plan["groups"]}
    assert told == {
        "选考1门",
        "选考1门（2026-10起）",
        "选考1门；EL组全部合格的可以不选",
        "FL组已选考的，至少3门且不少于14学分；否则全部选考",
    }


def test_a_rule_in_other_words_is_an_error():
    with pytest.raises(ValueError, match="no group rule"):
        parse_group_rule("choose some")


@pytest.mark.parametrize(
    ("passed", "lacking"),
    [
        ({"A"}, {"EL"}),
        ({"X", "Y", "Z"}, set()),
        ({"X", "Y"}, {"FL", "EL"}),
        ({"A", "X"}, {"EL"}),
        ({"A", "X", "Y"}, set()),
    ],
)
def test_groups_that_lean_on_each_other(passed, lacking):
    foreign = {"choose": 1, "or_group": "EL"}
    elective = {"if_group_taken": "FL", "min_courses": 2, "min_credits": 5, "else": "all"}
    groups = {
        "FL": GroupState(foreign, {"A": 7, "B": 7}, frozenset(passed)),
        "EL": GroupState(elective, {"X": 2, "Y": 3, "Z": 4}, frozenset(passed)),
    }
    assert set(groups_lacking(groups)) == lacking


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_of_an_id_number_is_found(place, shift):
    digit = str((int(GOOD_ID[place]) + shift) % 10)
    assert id_number_fault(GOOD_ID) is None
    assert id_number_fault(GOOD_ID[:place] + digit + GOOD_ID[place + 1 :]) is not None


@pytest.mark.parametrize("number", ["", "1", "11010519491231002x", "1101051949123100２X", "110105194902300029"])
def test_an_id_number_of_the_wrong_shape_is_found(number):
    assert id_number_fault(number) is not None
