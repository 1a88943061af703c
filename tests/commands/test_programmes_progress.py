"""How far a candidate is in a plan: order, replacements, versions in transition, clashes."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.factories import programmes as make
from zikao.stages.programmes import queries
from zikao.stages.programmes.models import (
    Course,
    Major,
    Paper,
    Plan,
    PlanCourse,
    PlanSchool,
    Replacement,
    ReplacementCourse,
)
from zikao.stages.records.queries import plan_fact
from zikao.stages.records.rules import earned, missing

pytestmark = pytest.mark.django_db
ON = date(2026, 8, 20)


def plan_of(code: str) -> Plan:
    return Plan.objects.select_related("major", "examining_school").get(major__code=code)


def stand_for(major: str, sources: list[str], targets: list[str], *, both_ways: bool = False) -> None:
    made = Replacement.objects.create(
        major=Major.objects.get(code=major), document="苏教考自〔2026〕9号", since=date(2026, 1, 1),
        until=date(2027, 1, 1), both_ways=both_ways, key=f"{sources}→{targets}",
    )  # fmt: skip
    for side, codes in (("from", sources), ("to", targets)):
        for code in codes:
            course, _ = Course.objects.get_or_create(code=code, defaults={"name": f"课程{code}"})
            ReplacementCourse.objects.create(replacement=made, course=course, side=side)


def test_practice_waits_for_its_theory_and_the_thesis_for_everything(at: datetime) -> None:
    make.the_plans(at)
    plan = plan_of("080901")
    practice = PlanCourse.objects.get(plan=plan, course__code="13004")
    assert queries.unmet_prerequisites(practice, set()) == ["13003"]
    assert queries.unmet_prerequisites(practice, {"13003"}) == []
    thesis = PlanCourse.objects.get(plan=plan, assess="thesis")
    lacking = queries.unmet_prerequisites(thesis, {"13003"})
    assert "13004" in lacking
    assert not {"13017", thesis.course.code} & set(lacking)
    decision = queries.order_of(plan, thesis.course.code, frozenset(), ON)
    assert decision is not None
    assert [each.code for each in decision.refusals] == ["course-comes-last"]


def test_progress_tells_passed_exempted_replaced_and_missing_apart(
    at: datetime, django_assert_num_queries: object
) -> None:
    make.the_plans(at)
    plan = plan_of("080901")
    stand_for("080901", ["02331", "02325"], ["13003", "13015"])
    passes = {"15040": "written", "13000": "exemption", "02331": "written", "02325": "written", "04751": "written"}
    with django_assert_num_queries(6):  # type: ignore[operator]
        progress = queries.progress_in(plan, passes, ON)
    ways = {each.course.course.code: each.way for each in progress.every}
    assert (ways["15040"], ways["13000"], ways["13003"], ways["13015"]) == (
        "passed", "exempted", "replaced", "replaced",
    )  # fmt: skip
    assert ways["15043"] == "missing"
    assert progress.credits == 3 + 7 + 4 + 4 + 3
    assert [(group.code, group.met) for group in progress.groups] == [("NET", True)]
    assert not progress.complete


def test_replacement_counts_with_the_credits_of_what_it_stands_for_until_its_last_day(at: datetime) -> None:
    make.the_plans(at)
    plan = plan_of("120402")
    stand_for("120402", ["00312"], ["14660"])
    passed = frozenset({"00312"})
    fact = plan_fact(plan, date(2026, 12, 31))
    assert earned(fact, passed) == (6, 1)
    assert "14660" not in missing(fact, passed, practical=False)
    assert earned(plan_fact(plan, date(2027, 1, 1)), passed) == (0, 0)


def test_replacement_works_the_other_way_only_where_it_says_so_and_never_for_firm_courses(at: datetime) -> None:
    make.the_plans(at)
    plan = plan_of("120402")
    stand_for("120402", ["14660"], ["00312"])
    assert queries.stands_for(plan, ON) == ()
    Replacement.objects.update(both_ways=True)
    assert [each.targets for each in queries.stands_for(plan, ON)] == [{"14660"}]
    PlanCourse.objects.filter(plan=plan, course__code="14660").update(replaceable=False)
    assert queries.stands_for(plan, ON) == ()


def test_candidate_of_an_old_version_may_go_by_it_for_two_years(at: datetime) -> None:
    make.the_plans(at)
    old = plan_of("050101")
    Plan.objects.filter(pk=old.pk).update(until=date(2026, 1, 1))
    new = Plan.objects.create(
        major=old.major, version="2026年版", examining_school=old.examining_school, min_credits=70,
        since=date(2026, 1, 1),
    )  # fmt: skip
    before, after = date(2025, 12, 31), date(2026, 1, 1)
    assert queries.open_plans(old.major_id, before, date(2027, 12, 31), "32") == [old, new]
    assert queries.open_plans(old.major_id, before, date(2028, 1, 1), "32") == [new]
    assert queries.open_plans(old.major_id, after, after, "32") == [new]


def test_two_schools_share_a_major_by_prefecture(at: datetime) -> None:
    make.the_plans(at)
    plan = plan_of("050101")
    other = plan_of("590206").examining_school
    PlanSchool.objects.create(plan=plan, agency_code="3205", school=other)
    assert queries.examining_school_of(plan, "320508") == other
    assert queries.examining_school_of(plan, "320102") == plan.examining_school


def test_papers_of_one_unit_clash(at: datetime) -> None:
    make.a_drafted_timetable(at)
    papers = list(Paper.objects.select_related("course", "unit").filter(majors__major__code="080901"))
    found = dict(queries.clashes(papers))
    assert sorted(map(len, found.values())) == [3, 3, 3, 5]
    assert queries.clashes(papers[:1]) == []
