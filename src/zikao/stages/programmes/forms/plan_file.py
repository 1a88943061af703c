"""Plans as JSON: every fault is named by its place ("plans[2].courses[5].credits"), nothing is half-read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from zikao.foundation.errors import BadInput
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


class _Faults:
    """Collects what is wrong, by place."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def text(self, raw: Mapping[str, Any], name: str, place: str) -> str:
        value = raw.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.found[f"{place}.{name}"] = "没有填写。"
        return ""

    def number(self, raw: Mapping[str, Any], name: str, place: str) -> int:
        value = raw.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.found[f"{place}.{name}"] = "应为不小于0的整数。"
        return 0

    def codes(self, raw: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
        value = raw.get(name) or []
        if not isinstance(value, list) or not all(isinstance(c, str) and _COURSE.fullmatch(c) for c in value):
            self.found[f"{place}.{name}"] = "应为课程代码的列表。"
            return ()
        return tuple(value)

    def flag(self, raw: Mapping[str, Any], name: str, place: str, default: bool) -> bool:
        value = raw.get(name, default)
        if isinstance(value, bool):
            return value
        self.found[f"{place}.{name}"] = "应为 true 或 false。"
        return default

    def day(self, raw: Mapping[str, Any], name: str, place: str) -> date | None:
        try:
            return date.fromisoformat(str(raw[name])) if raw.get(name) is not None else None
        except ValueError:
            self.found[f"{place}.{name}"] = "日期应写作“2026-10-24”的样子。"
            return None

    def code(self, raw: Mapping[str, Any], name: str, place: str, shape: re.Pattern[str]) -> str:
        value = self.text(raw, name, place)
        if value and not shape.fullmatch(value):
            self.found[f"{place}.{name}"] = f"“{value}”不是正确的代码。"
        return value


def read_plans(payload: Mapping[str, Any]) -> tuple[PlanData, ...]:
    """The plans of a file {"national_courses": [codes], "plans": [...]}. Raises BadInput naming every bad place."""
    faults = _Faults()
    national = frozenset(payload.get("national_courses") or ())
    raws = payload.get("plans")
    if not isinstance(raws, list) or not raws:
        raise BadInput("plans-missing", field_errors={"plans": "文件里没有考试计划。"})
    plans = tuple(_plan(raw, f"plans[{i}]", national, faults) for i, raw in enumerate(raws))
    codes = [plan.major_code for plan in plans]
    for i, code in enumerate(codes):
        if code in codes[:i]:
            faults.found[f"plans[{i}].code"] = f"专业 {code} 在文件中重复。"
    if faults.found:
        raise BadInput("plans-faulty", field_errors=faults.found, message="考试计划文件有误，没有导入。")
    return plans


def _plan(raw: Mapping[str, Any], place: str, national: frozenset[str], faults: _Faults) -> PlanData:
    level = LEVELS.get(str(raw.get("level")))
    if level is None:
        faults.found[f"{place}.level"] = f"层次“{raw.get('level')}”应为专升本、本科或专科。"
    groups = tuple(_group(g, f"{place}.groups[{i}]", faults) for i, g in enumerate(raw.get("groups") or ()))
    courses = tuple(
        _course(c, f"{place}.courses[{i}]", national, faults) for i, c in enumerate(raw.get("courses") or ())
    )
    _check_links(courses, {group.code for group in groups}, place, faults)
    return PlanData(
        major_code=faults.code(raw, "code", place, _MAJOR),
        major_name=faults.text(raw, "name", place),
        level=level or Level.BACHELOR,
        version=faults.text(raw, "plan", place),
        examining_school=faults.text(raw, "host_school", place),
        min_credits=faults.number(raw, "min_credits", place),
        min_courses=None if raw.get("min_courses") is None else faults.number(raw, "min_courses", place),
        groups=groups,
        courses=courses,
        **_conditions(raw, place, faults),
        beside=tuple(
            _beside(each, f"{place}.other_courses[{i}]", faults)
            for i, each in enumerate(raw.get("other_courses") or ())
        ),
        replacements=tuple(
            _replacement(r, f"{place}.replacements[{i}]", faults) for i, r in enumerate(raw.get("replacements") or ())
        ),
    )


def _conditions(raw: Mapping[str, Any], place: str, faults: _Faults) -> dict[str, Any]:
    """The entry condition (a text, or text and evidence) and the schools of single prefectures."""
    condition: Any = raw.get("entry_condition") or ""
    evidence: Any = ""
    if isinstance(condition, dict):
        condition, evidence = condition.get("text") or "", condition.get("evidence") or ""
    if evidence and evidence not in Evidence.values:
        faults.found[f"{place}.entry_condition.evidence"] = f"“{evidence}”应为 {'、'.join(Evidence.values)}。"
        evidence = ""
    if not isinstance(condition, str) or len(condition) > 200 or (evidence and not condition):
        faults.found[f"{place}.entry_condition"] = "报考条件应为不超过200字的文字。"
        condition, evidence = "", ""
    schools = []
    for i, each in enumerate(raw.get("schools") or ()):
        here = f"{place}.schools[{i}]"
        area = faults.code(each, "prefecture", here, _PREFECTURE)
        schools.append(SchoolData(area, faults.text(each, "school", here)))
    if len({each.prefecture for each in schools}) < len(schools):
        faults.found[f"{place}.schools"] = "同一地市只能有一所主考学校。"
    return {"entry_condition": condition, "entry_evidence": evidence, "schools": tuple(schools)}


def _beside(raw: Mapping[str, Any], place: str, faults: _Faults) -> tuple[str, str]:
    return faults.code(raw, "code", place, _COURSE), faults.text(raw, "name", place)


def _replacement(raw: Mapping[str, Any], place: str, faults: _Faults) -> ReplacementData:
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
        document=faults.text(raw, "document", place),
    )


def _group(raw: Mapping[str, Any], place: str, faults: _Faults) -> GroupData:
    rule: dict[str, object] = {"choose": 1}
    try:
        rule = parse_group_rule(faults.text(raw, "rule", place))
    except ValueError:
        faults.found[f"{place}.rule"] = f"读不懂选考规则“{raw.get('rule')}”。"
    return GroupData(code=faults.text(raw, "id", place), rule=rule)


def _course(raw: Mapping[str, Any], place: str, national: frozenset[str], faults: _Faults) -> CourseData:
    assess = str(raw.get("assess"))
    if assess not in Assess.values:
        faults.found[f"{place}.assess"] = f"考核方式“{assess}”应为 {'、'.join(Assess.values)}。"
    code = faults.code(raw, "code", place, _COURSE)
    return CourseData(
        code=code,
        name=faults.text(raw, "name", place),
        credits=faults.number(raw, "credits", place),
        assess=Assess(assess) if assess in Assess.values else Assess.WRITTEN,
        group=raw.get("group"),
        after=raw.get("after"),
        national=code in national,
        requires=faults.codes(raw, "requires", place),
        min_passed=None if raw.get("min_passed") is None else faults.number(raw, "min_passed", place),
        last=faults.flag(raw, "last", place, assess == Assess.THESIS),
        replaceable=faults.flag(raw, "replaceable", place, assess != Assess.THESIS),
    )


def _check_links(courses: tuple[CourseData, ...], groups: set[str], place: str, faults: _Faults) -> None:
    codes = [course.code for course in courses]
    for i, course in enumerate(courses):
        here = f"{place}.courses[{i}]"
        if course.code in codes[:i]:
            faults.found[f"{here}.code"] = f"课程 {course.code} 在计划中重复。"
        if course.group is not None and course.group not in groups:
            faults.found[f"{here}.group"] = f"没有选考组“{course.group}”。"
        if course.after is not None and (course.after not in codes or course.after == course.code):
            faults.found[f"{here}.after"] = f"先考课程 {course.after} 不在计划中。"
        if strange := [code for code in course.requires if code not in codes or code == course.code]:
            faults.found[f"{here}.requires"] = f"先修课程 {'、'.join(strange)} 不在计划中。"
