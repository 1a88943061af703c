"""Plans as JSON: every fault is named by its place ("plans[2].courses[5].credits"), nothing is half-read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from zikao.foundation.errors import BadInput
from zikao.stages.programmes.rules import parse_group_rule
from zikao.stages.programmes.states import Assess, CourseData, GroupData, Level, PlanData

LEVELS = {"专升本": Level.BACHELOR, "本科": Level.BACHELOR, "专科": Level.JUNIOR}
_COURSE = re.compile(r"[0-9]{5}")
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
