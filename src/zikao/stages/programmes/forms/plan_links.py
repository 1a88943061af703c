"""Whether the parts of one plan fit together: codes once, groups that can be met, an order that has a beginning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zikao.stages.programmes.forms.faults import Faults
from zikao.stages.programmes.states import CourseData, GroupData, PlanData

LONGEST_KEY = 200


def check_links(plan: PlanData, place: str, faults: Faults) -> None:
    """Add every fault of the links within a plan."""
    if not plan.courses and f"{place}.courses" not in faults.found:
        faults.found[f"{place}.courses"] = "计划里没有课程。"
    for found in (_courses(plan, place), _groups(plan, place), _order(plan, place), _replacements(plan, place)):
        for where, words in found:
            faults.found.setdefault(where, words)


def _courses(plan: PlanData, place: str) -> Iterator[tuple[str, str]]:
    codes, groups = [course.code for course in plan.courses], {group.code for group in plan.groups}
    for i, course in enumerate(plan.courses):
        here = f"{place}.courses[{i}]"
        if course.code and course.code in codes[:i]:
            yield f"{here}.code", f"课程 {course.code} 在计划中重复。"
        if course.group is not None and course.group not in groups:
            yield f"{here}.group", f"没有选考组“{course.group}”。"
        if course.after is not None and (course.after not in codes or course.after == course.code):
            yield f"{here}.after", f"先考课程 {course.after} 不在计划中。"
        if strange := [code for code in course.requires if code not in codes or code == course.code]:
            yield f"{here}.requires", f"先修课程 {'、'.join(strange)} 不在计划中。"
        if course.min_passed is not None and course.min_passed >= len(codes):
            yield f"{here}.min_passed", f"计划一共 {len(codes)} 门课程，不能要求先合格 {course.min_passed} 门。"
    if plan.min_courses is not None and plan.min_courses > len(codes):
        yield f"{place}.min_courses", f"计划一共 {len(codes)} 门课程，达不到 {plan.min_courses} 门。"


def _groups(plan: PlanData, place: str) -> Iterator[tuple[str, str]]:
    codes = [group.code for group in plan.groups]
    for i, group in enumerate(plan.groups):
        here = f"{place}.groups[{i}]"
        own = [course for course in plan.courses if course.group == group.code]
        if group.code and group.code in codes[:i]:
            yield f"{here}.id", f"选考组 {group.code} 重复。"
        elif not own:
            yield f"{here}.id", f"选考组 {group.code} 里没有课程。"
        else:
            yield from ((f"{here}.rule", words) for words in _unmeetable(group, own, codes))


def _unmeetable(group: GroupData, own: list[CourseData], codes: list[str]) -> Iterator[str]:
    asked = {name: value for name, value in group.rule.items() if isinstance(value, int)}
    other = group.rule.get("or_group") or group.rule.get("if_group_taken")
    fewest, points = asked.get("choose", asked.get("min_courses", 0)), sum(course.credits for course in own)
    if other is not None and (other not in codes or other == group.code):
        yield f"规则里的选考组“{other}”不在计划中。"
    if fewest < 1 or fewest > len(own):
        yield f"选考组 {group.code} 有 {len(own)} 门课程，不能要求选 {fewest} 门。"
    if asked.get("min_credits", 0) > points:
        yield f"选考组 {group.code} 一共 {points} 学分，达不到 {asked['min_credits']} 学分。"


def _order(plan: PlanData, place: str) -> Iterator[tuple[str, str]]:
    """Courses that wait for one another would never be taken."""
    before = {c.code: [code for code in (c.after, *c.requires) if code] for c in plan.courses}
    told: set[str] = set()
    for i, course in enumerate(plan.courses):
        circle = _circle(course.code, before)
        if circle and not told & set(circle):
            told |= set(circle)
            yield f"{place}.courses[{i}].after", f"先修关系成环：{' → '.join(circle)}。"


def _circle(start: str, before: Mapping[str, list[str]]) -> list[str]:
    """A way from a course over what comes before it back to itself; empty where there is none."""
    came: dict[str, str] = {}
    waiting = [start]
    while waiting:
        code = waiting.pop()
        for earlier in before.get(code, ()):
            if earlier == start:
                way = [code]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return [*reversed(way), start]
            if earlier not in came:
                came[earlier] = code
                waiting.append(earlier)
    return []


def _replacements(plan: PlanData, place: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for i, each in enumerate(plan.replacements):
        here = f"{place}.replacements[{i}]"
        if (each.key, each.since) in seen:
            yield f"{here}.since", f"顶替 {each.key} 同日写了两次。"
        if len(each.key) > LONGEST_KEY:
            yield f"{here}.from", f"一条顶替的课程太多（{len(each.from_codes) + len(each.to_codes)} 门）。"
        seen.add((each.key, each.since))
