"""Plans as JSON: every fault is named by its place ("plans[2].courses[5].credits"), nothing is half-read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from zikao.foundation.errors import BadInput
from zikao.stages.programmes.forms.faults import Faults, Raw
from zikao.stages.programmes.forms.plan_links import check_links
from zikao.stages.programmes.rules import parse_group_rule
from zikao.stages.programmes.states import (
    Assess,
    CourseData,
    Evidence,
    GroupData,
    Level,
    PlanData,
    ReplacementData,
    SchoolData,
)

LEVELS = {"专升本": Level.BACHELOR, "本科": Level.BACHELOR, "专科": Level.JUNIOR}
_COURSE = re.compile(r"[0-9]{5}")
_PREFECTURE = re.compile(r"[0-9]{4}")
_MAJOR = re.compile(r"[0-9]{6}[KT]?")
MOST_PLANS = 2000
FILE = {"source", "assumptions", "since", "national_courses", "majors", "plans"}
PLAN = {
    "province", "plan", "code", "local_code", "name", "level", "host_school", "min_credits", "min_courses", "groups",
    "entry_condition", "note", "courses", "schools", "other_courses", "replacements",
}  # fmt: skip
COURSE = {
    "code", "name", "credits", "assess", "group", "after", "requires", "min_passed", "last", "replaceable",
}  # fmt: skip
REPLACEMENT = {"from", "to", "since", "until", "both_ways", "document"}


def read_plans(payload: Mapping[str, Any]) -> tuple[PlanData, ...]:
    """The plans of a file {"national_courses": [codes], "plans": [...]}. Raises BadInput naming every bad place."""
    faults = Faults()
    raws = payload.get("plans")
    if not isinstance(raws, list) or not raws:
        raise BadInput("plans-missing", field_errors={"plans": "文件里没有考试计划。"})
    if len(raws) > MOST_PLANS:
        raise BadInput("plans-missing", field_errors={"plans": f"有 {len(raws)} 份计划，一次最多 {MOST_PLANS} 份。"})
    faults.only(payload, FILE, "文件")
    national = frozenset(faults.codes(payload, "national_courses", "文件"))
    plans = [_plan(raw, place, national, faults) for place, raw in faults.objects(payload, "plans", "")]
    codes = [plan.major_code for plan in plans]
    for i, code in enumerate(codes):
        if code and code in codes[:i]:
            faults.found[f"plans[{i}].code"] = f"专业 {code} 在文件中重复。"
    faults.require_none()
    return tuple(replace(plan, says_national="national_courses" in payload) for plan in plans)


def _plan(raw: Raw, place: str, national: frozenset[str], faults: Faults) -> PlanData:
    faults.only(raw, PLAN, place)
    level = LEVELS.get(str(raw.get("level")))
    if level is None:
        faults.found[f"{place}.level"] = f"层次“{str(raw.get('level'))[:20]}”应为专升本、本科或专科。"
    plan = PlanData(
        major_code=faults.code(raw, "code", place, _MAJOR),
        major_name=faults.text(raw, "name", place, 60),
        level=level or Level.BACHELOR,
        version=faults.text(raw, "plan", place, 40),
        examining_school=faults.text(raw, "host_school", place, 60),
        min_credits=faults.number(raw, "min_credits", place),
        min_courses=faults.count(raw, "min_courses", place),
        groups=tuple(_group(row, here, faults) for here, row in faults.objects(raw, "groups", f"{place}.")),
        courses=tuple(
            _course(row, here, national, faults) for here, row in faults.objects(raw, "courses", f"{place}.")
        ),
        schools=_schools(raw, place, faults),
        beside=tuple(
            (faults.code(row, "code", here, _COURSE), faults.text(row, "name", here, 60))
            for here, row in faults.objects(raw, "other_courses", f"{place}.")
        ),
        replacements=tuple(
            _replacement(row, here, faults) for here, row in faults.objects(raw, "replacements", f"{place}.")
        ),
        **_condition(raw, place, faults),
    )
    check_links(plan, place, faults)
    return plan


def _condition(raw: Raw, place: str, faults: Faults) -> dict[str, Any]:
    """The entry condition: a text, or a text and what is shown for it."""
    condition: Any = raw.get("entry_condition") or ""
    evidence: Any = ""
    if isinstance(condition, dict):
        condition, evidence = condition.get("text") or "", condition.get("evidence") or ""
    if evidence and evidence not in Evidence.values:
        faults.found[f"{place}.entry_condition.evidence"] = f"“{str(evidence)[:20]}”应为 {'、'.join(Evidence.values)}。"
        evidence = ""
    if not condition and not evidence:
        return {"entry_condition": "", "entry_evidence": ""}
    words = faults.text({"entry_condition": condition}, "entry_condition", place, 200)
    return {"entry_condition": words, "entry_evidence": evidence if words else ""}


def _schools(raw: Raw, place: str, faults: Faults) -> tuple[SchoolData, ...]:
    """The schools of single prefectures."""
    found = []
    for here, each in faults.objects(raw, "schools", f"{place}."):
        area = faults.code(each, "prefecture", here, _PREFECTURE)
        found.append(SchoolData(area, faults.text(each, "school", here, 60)))
    if len({each.prefecture for each in found}) < len(found):
        faults.found[f"{place}.schools"] = "同一地市只能有一所主考学校。"
    return tuple(found)


def _replacement(raw: Raw, place: str, faults: Faults) -> ReplacementData:
    faults.only(raw, REPLACEMENT, place)
    since, until = faults.day(raw, "since", place), faults.day(raw, "until", place)
    if since is None and f"{place}.since" not in faults.found:
        faults.found[f"{place}.since"] = "没有填写起始日期。"
    if since is not None and until is not None and until <= since:
        faults.found[f"{place}.until"] = "截止日期应晚于起始日期。"
    return ReplacementData(
        from_codes=faults.codes(raw, "from", place),
        to_codes=faults.codes(raw, "to", place),
        since=since or date.min,
        until=until,
        both_ways=faults.flag(raw, "both_ways", place, False),
        document=faults.text(raw, "document", place, 60),
    )


def _group(raw: Raw, place: str, faults: Faults) -> GroupData:
    faults.only(raw, ("id", "rule"), place)
    words, rule = faults.text(raw, "rule", place, 100), {}
    try:
        rule = parse_group_rule(words) if words else {}
    except ValueError:
        faults.found[f"{place}.rule"] = f"读不懂选考规则“{words}”。"
    return GroupData(code=faults.text(raw, "id", place, 10), rule=rule or {"choose": 1})


def _course(raw: Raw, place: str, national: frozenset[str], faults: Faults) -> CourseData:
    faults.only(raw, COURSE, place)
    assess = str(raw.get("assess"))
    if assess not in Assess.values:
        faults.found[f"{place}.assess"] = f"考核方式“{assess[:20]}”应为 {'、'.join(Assess.values)}。"
    code = faults.code(raw, "code", place, _COURSE)
    return CourseData(
        code=code,
        name=faults.text(raw, "name", place, 60),
        credits=faults.number(raw, "credits", place),
        assess=Assess(assess) if assess in Assess.values else Assess.WRITTEN,
        group=faults.option(raw, "group", place, 10),
        after=faults.course(raw, "after", place),
        national=code in national,
        requires=faults.codes(raw, "requires", place),
        min_passed=faults.count(raw, "min_passed", place),
        last=faults.flag(raw, "last", place, assess == Assess.THESIS),
        replaceable=faults.flag(raw, "replaceable", place, assess != Assess.THESIS),
    )
