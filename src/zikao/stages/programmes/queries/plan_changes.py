"""What a file of plans would change, line by line, and everything in it that the law or the register does not take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.conf import settings

from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.regulation import Decision, clause
from zikao.stages.agencies.models import School
from zikao.stages.programmes import rules
from zikao.stages.programmes.models import Course, Major, Plan, PlanCourse, Replacement
from zikao.stages.programmes.queries.kinds import kinds_on
from zikao.stages.programmes.queries.plans import plan_courses_in_full
from zikao.stages.programmes.states import Assess, CourseData, PlanData, ReplacementData

Json = dict[str, Any]


@dataclass(frozen=True)
class PlanChanges:
    """What each plan of a file changes, what cannot be taken (place and reason), and the digest of it all."""

    changes: list[Json]
    problems: list[Json]
    digest: str

    @property
    def counts(self) -> dict[str, int]:
        """How many courses are added, changed and removed over all plans."""
        rows = [row["kind"] for change in self.changes for row in change["rows"]]
        return {kind: rows.count(kind) for kind in ("added", "changed", "removed")}


def school_names(plan: PlanData) -> list[str]:
    """The names of all examining schools of a plan."""
    return [plan.examining_school, *(each.school for each in plan.schools)]


def changes_of(plans: Sequence[PlanData], since: date, on: date) -> PlanChanges:
    """Compare a file with the plans that are there: nothing is written."""
    known = _Known(plans, since)
    problems = [{"place": place, "reason": reason} for place, reason in _problems(plans, since, on, known)]
    changes = [_change(plan, known.plan_before(plan.major_code), known) for plan in plans]
    said = {"plans": [plain(plan) for plan in plans], "since": since.isoformat(), "changes": changes}
    return PlanChanges(changes, problems, sm3(canonical(said)).hex())


def plain(plan: PlanData) -> Json:
    """A plan as JSON holds it."""
    return {name: _plainly(value) for name, value in asdict(plan).items()}


def _plainly(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plainly(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plainly(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


class _Known:
    """What the register holds of everything that the file names."""

    def __init__(self, plans: Sequence[PlanData], since: date) -> None:
        self.kinds = kinds_on(since)
        rows = [row for plan in plans for row in plan.courses]
        beside = [pair for plan in plans for pair in plan.beside]
        codes = {row.code for row in rows} | {code for code, _ in beside}
        codes |= {code for plan in plans for each in plan.replacements for code in (*each.from_codes, *each.to_codes)}
        self.courses = Course.objects.in_bulk(codes, field_name="code")
        self.majors = Major.objects.in_bulk({plan.major_code for plan in plans}, field_name="code")
        names = {name for plan in plans for name in school_names(plan)}
        self.schools = School.objects.in_bulk(names, field_name="name")
        self.named = {row.code: row.name for row in rows} | dict(beside)
        rows_of = Plan.objects.filter(major__in=self.majors.values()).select_related("major", "examining_school")
        self.plans: dict[str, list[Plan]] = {}
        self.replacements = {
            (row.major.code, row.key, row.since): _limits(row)
            for row in Replacement.objects.filter(major__in=self.majors.values()).select_related("major")
        }
        for plan in rows_of.order_by("since"):
            self.plans.setdefault(plan.major.code, []).append(plan)

    def is_national(self, row: CourseData) -> bool:
        """Whether the course is national once the file is in: an import takes that from no course."""
        return row.national or self.stands_as_national(row.code)

    def stands_as_national(self, code: str) -> bool:
        """Whether the register has the course as national on the day of the file."""
        standing = self.courses.get(code)
        return standing is not None and self.kinds.is_national(standing)

    def plan_before(self, major_code: str) -> Plan | None:
        """The major's newest plan."""
        return self.plans.get(major_code, [None])[-1]


def _problems(plans: Sequence[PlanData], since: date, on: date, known: _Known) -> Iterable[tuple[str, str]]:
    for plan in plans:
        here = f"{plan.major_code} {plan.major_name}"
        for name in school_names(plan):
            if name not in known.schools:
                yield here, f"主考学校“{name}”没有登记。"
        yield from ((here, text) for text in _refusals(_minimum(plan, on)))
        yield from ((here, text) for text in _against_register(plan, since, on, known))
        yield from _course_problems(plan, here, known)
        yield from _replacement_problems(plan, here, on, known)


def _minimum(plan: PlanData, on: date) -> Decision:
    return rules.PLAN_MINIMUM(
        on=on,
        level=plan.level,
        courses=len(plan.courses),
        min_credits=plan.min_credits,
        total_credits=sum(course.credits for course in plan.courses),
    )


def _refusals(decision: Decision) -> Iterable[str]:
    return (f"{each.message}（{clause(each.clause).citation}）" for each in decision.refusals)


def _against_register(plan: PlanData, since: date, on: date, known: _Known) -> Iterable[str]:
    major, before = known.majors.get(plan.major_code), known.plans.get(plan.major_code, [])
    if major is not None and (major.name, major.level) != (plan.major_name, plan.level):
        yield f"专业已登记为“{major}”，与文件不同。"
    if any(each.version == plan.version for each in before):
        yield f"版本“{plan.version}”已经有了；计划有变动的，请编为新版。"
    if any(each.since >= since for each in before):
        yield f"已有 {before[-1].since.isoformat()} 启用的计划，新版的启用日期应在其后。"
    elif before and since <= on:
        yield f"新版应自今天（{on.isoformat()}）之后启用：此前注册的考生已经按原计划报考。"
    strange = [each.prefecture for each in plan.schools if not each.prefecture.startswith(settings.ZIKAO_NODE_CODE)]
    if strange:
        yield f"分地区主考学校的地市代码 {'、'.join(strange)} 不在本省。"


def _course_problems(plan: PlanData, here: str, known: _Known) -> Iterable[tuple[str, str]]:
    for row in plan.courses:
        standing = known.courses.get(row.code)
        if standing is not None and standing.name != row.name:
            yield f"{here} 课程 {row.code}", f"已登记为“{standing.name}”，与文件中的“{row.name}”不同。"
        elif known.named[row.code] != row.name:
            yield f"{here} 课程 {row.code}", f"文件中另有名称“{known.named[row.code]}”。"
        if plan.says_national and known.stands_as_national(row.code) and not row.national:
            yield f"{here} 课程 {row.code}", "已登记为全国统考课程，文件中不是；全国统考课程由教育部考试中心确定。"
    for code, name in plan.beside:
        if code in known.courses and known.courses[code].name != name:
            yield f"{here} 课程 {code}", f"已登记为“{known.courses[code].name}”，与文件中的“{name}”不同。"


def _replacement_problems(plan: PlanData, here: str, on: date, known: _Known) -> Iterable[tuple[str, str]]:
    never = frozenset(row.code for row in plan.courses if not row.replaceable)
    for each in plan.replacements:
        place = f"{here} 顶替 {each.key}"
        sides = {"from_codes": frozenset(each.from_codes), "to_codes": frozenset(each.to_codes)}
        yield from ((place, text) for text in _refusals(rules.REPLACEMENT(on=on, never=never, **sides)))
        for code in (*each.from_codes, *each.to_codes):
            if code not in known.courses and code not in known.named:
                yield place, f"课程 {code} 没有登记，也不在文件的课程里。"
        standing = known.replacements.get((plan.major_code, each.key, each.since))
        if standing is not None and standing != _limits(each):
            yield place, f"已登记为“{standing}”，与文件中的“{_limits(each)}”不同；变动的，请写新的起始日期。"


def _limits(row: ReplacementData | Replacement) -> str:
    """Which way, until when and by which document."""
    until = f"{row.until.isoformat()} 止，" if row.until else ""
    return f"{row.since.isoformat()} 起，{until}{'双向' if row.both_ways else '单向'}，{row.document}"


def _change(plan: PlanData, before: Plan | None, known: _Known) -> Json:
    old = (
        {row.course.code: _row_of(row, known.kinds.is_national(row.course)) for row in plan_courses_in_full(before)}
        if before is not None
        else {}
    )
    new = {row.code: _row_in_file(row, known.is_national(row)) for row in plan.courses}
    names = {row.code: row.name for row in plan.courses}
    rows = []
    for code in sorted(old.keys() | new.keys()):
        was, becomes = old.get(code), new.get(code)
        if was == becomes:
            continue
        kind = "added" if was is None else "removed" if becomes is None else "changed"
        name = names.get(code) or (was or {}).get("name", "")
        rows.append({"kind": kind, "code": code, "name": name, "parts": _parts(was, becomes)})
    return {
        "major": plan.major_code,
        "name": plan.major_name,
        "level": str(plan.level),
        "kind": "new-version" if before is not None else "first-plan",
        "version": plan.version,
        "ends": before.version if before is not None else "",
        "facts": [
            *_parts(_facts_of(before) if before is not None else None, _facts_in_file(plan)),
            *(
                [f"顶替 {each.key}", "", _limits(each)]
                for each in plan.replacements
                if (plan.major_code, each.key, each.since) not in known.replacements
            ),
        ],
        "rows": rows,
        "same": len(old.keys() & new.keys()) - sum(row["kind"] == "changed" for row in rows),
    }


def _parts(was: Mapping[str, str] | None, becomes: Mapping[str, str] | None) -> list[list[str]]:
    """[label, old, new] of every part that differs."""
    labels = (becomes or was or {}).keys() - {"name"}
    found = [[label, (was or {}).get(label, ""), (becomes or {}).get(label, "")] for label in labels]
    return sorted(part for part in found if part[1] != part[2])


def _row_of(row: PlanCourse, national: bool) -> dict[str, str]:
    named = [row.after.code] if row.after else []
    named += [each.course.code for each in row.prerequisites.all()]
    group = row.group.code if row.group else ""
    said = _row(row.course.name, row.credits, row.assess, group, named, row.min_passed, row.last, row.replaceable)
    return {**said, "全国统考": "是" if national else ""}


def _row_in_file(row: CourseData, national: bool) -> dict[str, str]:
    named = [*([row.after] if row.after else []), *row.requires]
    group = row.group or ""
    said = _row(row.name, row.credits, row.assess, group, named, row.min_passed, row.last, row.replaceable)
    return {**said, "全国统考": "是" if national else ""}


def _row(
    name: str, points: int, assess: str, group: str, named: list[str], least: int | None, last: bool, replaceable: bool
) -> dict[str, str]:
    return {
        "name": name,
        "学分": str(points),
        "考核方式": str(Assess(assess).label),
        "选考组": group,
        "先修课程": "、".join(named),
        "先合格门数": str(least or ""),
        "放在最后": "是" if last else "",
        "不得顶替": "" if replaceable else "是",
    }


def _facts_of(plan: Plan) -> dict[str, str]:
    schools = [(each.agency_code, each.school.name) for each in plan.schools.select_related("school")]
    groups = {group.code: rules.describe_group(group.rule) for group in plan.groups.all()}
    return _facts(plan.examining_school.name, plan.min_credits, plan.min_courses, plan.entry_condition, schools, groups)


def _facts_in_file(plan: PlanData) -> dict[str, str]:
    schools = [(each.prefecture, each.school) for each in plan.schools]
    groups = {group.code: rules.describe_group(group.rule) for group in plan.groups}
    return _facts(plan.examining_school, plan.min_credits, plan.min_courses, plan.entry_condition, schools, groups)


def _facts(
    school: str,
    points: int,
    least: int | None,
    condition: str,
    schools: Sequence[tuple[str, str]],
    groups: Mapping[str, str],
) -> dict[str, str]:
    return {
        "主考学校": school,
        "最低学分": str(points),
        "最少课程门数": str(least or ""),
        "报考条件": condition,
        "分地区主考学校": "、".join(f"{area} {name}" for area, name in sorted(schools)),
        **{f"选考组 {code}": words for code, words in groups.items()},
    }
