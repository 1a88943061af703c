"""A file of plans: looked at first, brought in exactly as shown, or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.factories import programmes as make
from tests.factories.actors import head
from tests.factories.agencies import a_school
from zikao.foundation.errors import BadInput, Conflict, WrongState
from zikao.stages.programmes import commands, queries
from zikao.stages.programmes.forms import read_plans
from zikao.stages.programmes.models import Plan, PlanCourse, PlanImport, Prerequisite
from zikao.stages.programmes.states import PlanData, SchoolData

pytestmark = pytest.mark.django_db
SINCE = date(2027, 1, 1)


def newer() -> tuple[PlanData, ...]:
    """The next version of 汉语言文学: one course out, one in, one with other credits, a second school, a condition."""
    plan = next(p for p in read_plans(make.the_plan_file()) if p.major_code == "050101")
    courses = [replace(row, credits=5) if row.code == "00037" else row for row in plan.courses if row.code != "00814"]
    file = {
        "plans": [{
            "plan": "2027年版", "code": "050101", "name": "汉语言文学", "level": "专升本",
            "host_school": plan.examining_school, "min_credits": 72,
            "entry_condition": {"text": "限教育系统在职人员", "evidence": "in-service"},
            "schools": [{"prefecture": "3205", "school": "河海大学"}],
            "other_courses": [{"code": "00536", "name": "古代汉语"}, {"code": "09999", "name": "旧语言学"}],
            "replacements": [{"from": ["09999"], "to": ["00541"], "since": "2027-01-01", "until": "2029-01-01",
                              "both_ways": True, "document": "苏教考自〔2026〕12号"}],
            "courses": [
                {"code": "10001", "name": "新文科导论", "credits": 4, "assess": "written"},
            ],
        }]
    }  # fmt: skip
    read = read_plans(file)[0]
    first = replace(read.courses[0], requires=("00037",), min_passed=3)
    return (replace(read, groups=plan.groups, courses=(*courses, first)),)


def stage(plans: tuple[PlanData, ...], at: datetime, since: date = SINCE) -> PlanImport:
    return commands.stage_plans(plans=plans, since=since, file_name="2027.json", by=head(), at=at).value


def test_clerk_sees_exactly_what_a_new_version_changes_before_anything_is_done(at: datetime) -> None:
    make.the_plans(at)
    staged = stage(newer(), at)
    assert staged.problems == []
    change: dict[str, Any] = staged.changes[0]
    assert [(row["kind"], row["code"]) for row in change["rows"]] == [
        ("changed", "00037"), ("removed", "00814"), ("added", "10001"),
    ]  # fmt: skip
    assert change["rows"][0]["parts"] == [["学分", "6", "5"]]
    assert (change["ends"], change["same"]) == ("2024年版(2025年修订)", 16)
    assert ["最低学分", "76", "72"] in change["facts"]
    assert ["分地区主考学校", "", "3205 河海大学"] in change["facts"]
    limits = "2027-01-01 起，2029-01-01 止，双向，苏教考自〔2026〕12号"
    assert ["顶替 09999→00541", "", limits] in change["facts"]
    assert Plan.objects.filter(major__code="050101").count() == 1


def test_clerk_brings_in_what_was_shown_and_nothing_else(at: datetime) -> None:
    make.the_plans(at)
    staged = stage(newer(), at)
    commands.apply_plan_import(import_id=staged.pk, digest=staged.digest, by=head(), at=at)
    old, new = Plan.objects.filter(major__code="050101").order_by("since")
    assert (old.until, new.since, new.entry_evidence) == (SINCE, SINCE, "in-service")
    row = PlanCourse.objects.get(plan=new, course__code="10001")
    assert row.min_passed == 3
    assert Prerequisite.objects.get(plan_course=row).course.code == "00037"
    assert queries.examining_school_of(new, "320508").name == "河海大学"
    assert [sorted(each.sources) for each in queries.stands_for(new, SINCE)] == [["09999"]]
    with pytest.raises(WrongState):
        commands.apply_plan_import(import_id=staged.pk, digest=staged.digest, by=head(), at=at)


def test_replacement_that_is_published_otherwise_is_a_problem_and_a_backdated_version_too(at: datetime) -> None:
    make.the_plans(at)
    staged = stage(newer(), at)
    commands.apply_plan_import(import_id=staged.pk, digest=staged.digest, by=head(), at=at)
    (plan,) = newer()
    longer = replace(plan.replacements[0], until=date(2031, 1, 1))
    abroad = SchoolData("4401", plan.examining_school)
    again = replace(plan, version="2028年版", replacements=(longer,), schools=(abroad,))
    later = queries.changes_of([again], date(2028, 1, 1), at.date()).problems
    assert [each["reason"] for each in later] == [
        "分地区主考学校的地市代码 4401 不在本省。",
        "已登记为“2027-01-01 起，2029-01-01 止，双向，苏教考自〔2026〕12号”，与文件中的"
        "“2027-01-01 起，2031-01-01 止，双向，苏教考自〔2026〕12号”不同；变动的，请写新的起始日期。",
    ]
    reasons = [each["reason"] for each in queries.changes_of([again], date(2027, 6, 1), date(2027, 6, 1)).problems]
    told = replace(plan, version="2029年版", replacements=(), says_national=True)
    told = replace(told, courses=tuple(replace(c, national=c.code == "00037") for c in told.courses))
    found = queries.changes_of([told], date(2028, 1, 1), at.date())
    assert [each["place"] for each in found.problems] == [
        f"050101 汉语言文学 课程 {code}" for code in ("15040", "15043", "15044", "13000")
    ]
    assert [row["parts"] for row in found.changes[0]["rows"]] == [[["全国统考", "", "是"]]]
    assert "新版应自今天（2027-06-01）之后启用：此前注册的考生已经按原计划报考。" in reasons


def test_nothing_is_brought_in_when_the_plans_changed_since_the_rehearsal(at: datetime) -> None:
    make.the_plans(at)
    staged = stage(newer(), at)
    PlanCourse.objects.filter(plan__major__code="050101", course__code="00537").update(credits=9)
    with pytest.raises(Conflict):
        commands.apply_plan_import(import_id=staged.pk, digest=staged.digest, by=head(), at=at)
    other = stage(newer(), at)
    with pytest.raises(Conflict):
        commands.apply_plan_import(import_id=other.pk, digest="0" * 64, by=head(), at=at)
    assert Plan.objects.filter(major__code="050101").count() == 1


def test_every_problem_is_named_and_a_file_with_one_is_not_brought_in(at: datetime) -> None:
    make.the_plans(at)
    (plan,) = newer()
    bad = replace(
        plan,
        major_name="汉语言",
        examining_school="没有的大学",
        min_credits=60,
        courses=tuple(replace(row, name="美学概论") if row.code == "00037" else row for row in plan.courses),
        replacements=(replace(plan.replacements[0], from_codes=("08888",), to_codes=("10196",)),),
    )
    staged = stage((bad,), at, since=date(2024, 1, 1))
    text = "\n".join(f"{each['place']} {each['reason']}" for each in staged.problems)
    for words in ("没有的大学", "低于 70 学分", "考籍规定第十八条", "已登记为“050101", "应在其后", "美学概论",
                  "08888 没有登记", "10196 按考试计划不得顶替"):  # fmt: skip
        assert words in text
    with pytest.raises(BadInput):
        commands.apply_plan_import(import_id=staged.pk, digest=staged.digest, by=head(), at=at)
    commands.drop_plan_import(import_id=staged.pk, by=head(), at=at)
    assert PlanImport.objects.get().state == "dropped"


def test_a_bad_place_of_a_file_is_named_by_its_path() -> None:
    file = make.the_plan_file()
    plan = file["plans"][0]
    plan["courses"][0] |= {"requires": ["99999"], "last": "yes"}
    plan["entry_condition"] = {"text": "护士", "evidence": "badge"}
    plan["replacements"] = [{"from": ["1"], "to": [], "since": "2026-13-01", "document": ""}]
    with pytest.raises(BadInput) as refusal:
        read_plans(file)
    assert {place.removeprefix("plans[0].") for place in refusal.value.field_errors} >= {
        "courses[0].requires", "courses[0].last", "entry_condition.evidence", "replacements[0].from",
        "replacements[0].since", "replacements[0].document",
    }  # fmt: skip


def test_all_real_plans_come_in_whole_and_are_unchanged_when_read_again(at: datetime) -> None:
    raw = json.loads((Path(make.DATA) / "plans" / "jiangsu-2024.json").read_text("utf-8"))
    plans = read_plans(raw)
    for number, name in enumerate(sorted({plan.examining_school for plan in plans})):
        a_school(at, name, f"S{number:04d}")
    staged = stage(plans, at, since=date(2024, 1, 1))
    commands.apply_plan_import(import_id=staged.pk, digest=staged.digest, by=head(), at=at)
    again = queries.changes_of([replace(plan, version="再版") for plan in plans], SINCE, at.date())
    assert [change["rows"] for change in again.changes] == [[]] * 6
    assert again.problems == []
    assert again.counts == {"added": 0, "changed": 0, "removed": 0}
