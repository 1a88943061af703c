"""A plan as people read it: its courses by group, theory beside practice, who examines, what comes before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zikao.foundation import clock
from zikao.stages.programmes import rules
from zikao.stages.programmes.models import Plan, PlanCourse, Replacement
from zikao.stages.programmes.queries.kinds import Kinds, kinds_on
from zikao.stages.programmes.queries.plans import (
    plan_courses_in_full,
    plan_schools,
    replacements_of,
    versions_of,
)
from zikao.stages.programmes.states import Assess, Side


@dataclass(frozen=True)
class SheetRow:
    """A course of the sheet: who examines it, what comes before it in words; `paired` below its theory part."""

    course: PlanCourse
    examiner: str
    before: str
    paired: bool
    national: bool


@dataclass(frozen=True)
class SheetSection:
    """The required courses, or one choice group with its rule in words."""

    title: str
    words: str
    rows: tuple[SheetRow, ...]

    @property
    def credits(self) -> int:
        """The credits of all its courses."""
        return sum(row.course.credits for row in self.rows)


@dataclass(frozen=True)
class ReplacementRow:
    """A replacement in words: which courses stand for which, which way, until when."""

    sources: str
    targets: str
    row: Replacement


@dataclass(frozen=True)
class PlanSheet:
    """A whole plan: sections, replacements, versions of the major, schools of single prefectures."""

    plan: Plan
    sections: tuple[SheetSection, ...]
    replacements: tuple[ReplacementRow, ...]
    versions: tuple[Plan, ...]
    schools: tuple[tuple[str, str], ...]

    @property
    def courses(self) -> int:
        """How many courses the plan names."""
        return sum(len(section.rows) for section in self.sections)

    @property
    def credits(self) -> int:
        """The credits of all courses, chosen or not."""
        return sum(section.credits for section in self.sections)


def sheet_of(plan: Plan, on: date | None = None) -> PlanSheet:
    """The sheet of a plan with the replacements in force on a day (all, without one); a fixed number of queries."""
    rows, kinds = plan_courses_in_full(plan), kinds_on(on or clock.today())
    sections = [SheetSection("必考课程", "", _rows(rows, None, kinds))]
    for group in plan.groups.all():
        sections.append(
            SheetSection(f"选考 {group.code} 组", rules.describe_group(group.rule), _rows(rows, group.pk, kinds))
        )
    return PlanSheet(
        plan=plan,
        sections=tuple(section for section in sections if section.rows),
        replacements=tuple(map(_replacement, replacements_of(plan.major_id, on))),
        versions=tuple(versions_of(plan.major_id)),
        schools=tuple((each.agency_code, each.school.name) for each in plan_schools(plan)),
    )


def _rows(rows: list[PlanCourse], group: int | None, kinds: Kinds) -> tuple[SheetRow, ...]:
    """The rows of a section in the plan's order, each practical part right after its theory."""
    own = [row for row in rows if row.group_id == group]
    theories = {row.course_id for row in own}
    parts: dict[int, list[PlanCourse]] = {}
    for row in own:
        if row.assess == Assess.PRACTICE and row.after_id in theories:
            parts.setdefault(row.after_id or 0, []).append(row)
    paired = {row.pk for some in parts.values() for row in some}
    ordered = [each for row in own if row.pk not in paired for each in (row, *parts.get(row.course_id, ()))]
    return tuple(_row(row, kinds, row.pk in paired) for row in ordered)


def _row(row: PlanCourse, kinds: Kinds, paired: bool) -> SheetRow:
    national = kinds.is_national(row.course)
    examiner = "主考学校" if row.assess != Assess.WRITTEN else "全国统考" if national else "省级命题"
    return SheetRow(row, examiner, _before(row), paired, national)


def _before(row: PlanCourse) -> str:
    named = [row.after.code] if row.after else []
    named += [each.course.code for each in row.prerequisites.all()]
    words = [f"{'、'.join(named)} 合格"] if named else []
    if row.min_passed:
        words.append(f"计划内先合格 {row.min_passed} 门")
    if row.last:
        words.append("其他课程全部合格")
    return "；".join(words)


def _replacement(row: Replacement) -> ReplacementRow:
    said = {side: "、".join(str(c.course) for c in row.courses.all() if c.side == side) for side in Side}
    return ReplacementRow(said[Side.FROM], said[Side.TO], row)
