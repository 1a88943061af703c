"""The centre's timetable taken over, and the province's own drafted around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, Conflict, WrongState
from zikao.foundation.regulation import all_of
from zikao.stages.programmes import policies, queries, rules
from zikao.stages.programmes.commands.sittings import locked_sitting, make_sitting, put_units
from zikao.stages.programmes.models import Course, Major, Paper, PaperMajor, Sitting, Timetable
from zikao.stages.programmes.states import SlotData, TimetableData, TimetableState, UnitData

CLEARED = "全国统考安排的考试时间与原草稿不同，原草稿已清空，请按全国统考安排重新拟定。"


@command(
    writes="programmes.national-timetable-taken-over",
    clauses=("EA-22.1", "EA-22.2"),
    posts=policies.TIMETABLE_TAKERS,
)
def take_over_timetable(*, body: Mapping[str, Any], by: Actor, at: datetime) -> Outcome[Timetable]:
    """Take the centre's timetable of national courses over: its sitting, units and papers, before the province drafts.

    Source:  EA-22.1, EA-22.2
    Writes:  programmes.national-timetable-taken-over
    Raises:  NotPermitted, BadInput, Conflict, Refused
    """
    data = TimetableData.of_body(body)
    year, month = data.year_and_month
    rules.NATIONAL_ISSUE(
        on=local_day(at), month=month, all_national=all(slot.national for slot in data.slots)
    ).require()
    sitting = Sitting.objects.select_for_update().filter(year=year, month=month).first()
    sitting = sitting or make_sitting(year, month, at)
    timetable, _ = Timetable.objects.get_or_create(sitting=sitting, defaults={"drafted_at": at})
    if timetable.national_digest or timetable.state != TimetableState.DRAFTED:
        raise Conflict("timetable-taken-over", message="这一考次的全国统考安排已经接收。")
    _check_whole(data)
    cleared = _give_way(sitting, data)
    put_units(sitting, data.units)
    courses = _courses(data.slots)
    Course.objects.filter(code__in=courses).update(national=True)
    papers = _papers(sitting, data.slots, courses)
    units = {unit.number: unit for unit in sitting.units.all()}
    for slot in data.slots:
        paper = papers[slot.course_code]
        paper.unit, paper.issued_unit = units[slot.unit_number], slot.unit_number
    Paper.objects.bulk_update(papers.values(), ["unit", "issued_unit"])
    digest = sm3(canonical(data.as_body())).hex()
    timetable.national_digest, timetable.drafted_at = digest, at
    timetable.returned_reason = CLEARED if cleared else ""
    timetable.save(update_fields=["national_digest", "drafted_at", "returned_reason"])
    return Outcome(
        timetable,
        facts={"sitting": sitting.code, "papers": len(data.slots), "digest": digest, "cleared": cleared},
    )


def _check_whole(data: TimetableData) -> None:
    if data.faults:
        raise BadInput("units-faulty", field_errors=data.faults, message=" ".join(data.faults.values()))


def _give_way(sitting: Sitting, data: TimetableData) -> int:
    """Clear a draft whose units are at other times than the centre's; the number of rows that were in it."""
    own = {unit.number: unit for unit in sitting.units.all()}
    kept = tuple(UnitData(n, u.starts_at, u.ends_at) for n, u in own.items() if n not in {x.number for x in data.units})
    moved = any((own[u.number].starts_at, own[u.number].ends_at) != (u.starts_at, u.ends_at)
                for u in data.units if u.number in own)  # fmt: skip
    if not moved and not replace(data, units=(*data.units, *kept)).faults:
        return 0
    rows = sitting.papers.count()
    PaperMajor.objects.filter(paper__sitting=sitting).delete()
    sitting.papers.all().delete()
    sitting.units.all().delete()
    return rows


@command(
    writes="programmes.timetable-drafted",
    clauses=("EA-22.1", "EA-22.2", "EA-22.3"),
    posts=policies.TIMETABLE_DRAFTERS,
)
def draft_timetable(*, data: TimetableData, by: Actor, at: datetime) -> Outcome[Timetable]:
    """Draft the province's timetable: provincial courses, and the majors that offer each course; replaces the draft.

    National courses stay where the centre put them. The sitting must be open and its majors registered.

    Source:  EA-22.1, EA-22.2, EA-22.3
    Writes:  programmes.timetable-drafted
    Raises:  NotPermitted, NotFound, BadInput, WrongState, Refused
    """
    sitting = locked_sitting(data.sitting_code)
    timetable, _ = Timetable.objects.get_or_create(sitting=sitting, defaults={"drafted_at": at})
    if timetable.state != TimetableState.DRAFTED:
        raise WrongState("timetable-not-draft", message="考试安排已报备案，不能再改。")
    _check_whole(data)
    _check_courses(data.slots)
    courses = _courses(data.slots)
    majors = _majors(data.slots)
    _check_slots(sitting, data.slots, courses, at)
    put_units(sitting, data.units)
    PaperMajor.objects.filter(paper__sitting=sitting).delete()
    sitting.papers.filter(issued_unit__isnull=True).delete()
    papers = _papers(sitting, data.slots, courses)
    _settle(sitting, papers, data.slots)
    PaperMajor.objects.bulk_create(
        PaperMajor(paper=papers[slot.course_code], major=majors[code])
        for slot in data.slots
        for code in slot.major_codes
    )
    timetable.drafted_at, timetable.returned_reason = at, ""
    timetable.save(update_fields=["drafted_at", "returned_reason"])
    national = sum(courses[slot.course_code].national for slot in data.slots)
    facts = {"sitting": sitting.code, "papers": len(data.slots), "national": national}
    return Outcome(timetable, facts=facts)


def _check_slots(sitting: Sitting, slots: Iterable[SlotData], courses: Mapping[str, Course], at: datetime) -> None:
    """Each row under the law: a national course only where the centre put or approved it, with the centre's paper."""
    day = local_day(at)
    issued = dict(sitting.papers.filter(issued_unit__isnull=False).values_list("course__code", "issued_unit"))
    approved, own = queries.approved_units(sitting.code), queries.courses_with_own_paper(sitting.code)
    decisions = []
    for slot in slots:
        code, national = slot.course_code, courses[slot.course_code].national
        decisions.append(
            rules.SLOT(
                on=day,
                course=code,
                national=national,
                month=sitting.month,
                unit=slot.unit_number,
                issued_unit=issued.get(code),
                approved_unit=approved.get(code),
            )
        )
        set_here = national and not slot.national
        decisions.append(rules.NATIONAL_PAPER(on=day, course=code, national=set_here, act="set", permitted=code in own))
    all_of(*decisions).require()


def _settle(sitting: Sitting, papers: Mapping[str, Paper], slots: Iterable[SlotData]) -> None:
    """Put the centre's courses where the draft has them (elsewhere only by approval), and say who sets the paper."""
    wanted = {slot.course_code: slot for slot in slots}
    units = {unit.number: unit for unit in sitting.units.all()}
    for code, paper in papers.items():
        slot = wanted.get(code)
        own = slot is not None and paper.course.national and not slot.national
        number = slot.unit_number if slot is not None else paper.issued_unit
        paper.unit, paper.own_paper = units[number or paper.unit.number], own
    Paper.objects.bulk_update(papers.values(), ["unit", "own_paper"])


def _check_courses(slots: Iterable[SlotData]) -> None:
    """A course of the plans or of the centre must be called by its name, and national only where it is."""
    rows = {slot.course_code: slot for slot in slots}
    firm = Course.objects.filter(Q(national=True) | Q(in_plans__isnull=False), code__in=rows).distinct()
    faults: dict[str, str] = {}
    for course in firm:
        row = rows[course.code]
        if row.course_name != course.name:
            faults[f"课程 {course.code}"] = f"已登记为“{course.name}”，与文件中的“{row.course_name}”不同。"
        elif row.national and not course.national:
            faults[f"课程 {course.code}"] = f"“{course.name}”由本省命题，不是全国统考课程。"
    if faults:
        raise BadInput("courses-differ", field_errors=faults, message="课程与登记的不同，没有导入。")


def _courses(slots: Iterable[SlotData]) -> dict[str, Course]:
    """The courses of the rows by code; those not known yet are made with the name and kind that the row states."""
    rows = {slot.course_code: slot for slot in slots}
    known = Course.objects.in_bulk(rows, field_name="code")
    Course.objects.bulk_create(
        Course(code=code, name=row.course_name, national=row.national)
        for code, row in rows.items()
        if code not in known
    )
    return Course.objects.in_bulk(rows, field_name="code")


def _majors(slots: Iterable[SlotData]) -> dict[str, Major]:
    codes = {code for slot in slots for code in slot.major_codes}
    found = Major.objects.in_bulk(codes, field_name="code")
    if missing := sorted(codes - found.keys()):
        raise BadInput("major-not-found", field_errors={code: f"专业 {code} 没有登记。" for code in missing})
    return found


def _papers(sitting: Sitting, slots: Iterable[SlotData], courses: Mapping[str, Course]) -> dict[str, Paper]:
    rows = list(slots)
    units = {unit.number: unit for unit in sitting.units.all()}
    if missing := sorted({slot.unit_number for slot in rows} - units.keys()):
        raise BadInput("unit-not-found", field_errors={f"units.{n}": "没有这个考试单元。" for n in missing})
    standing = {paper.course_id for paper in sitting.papers.all()}
    Paper.objects.bulk_create(
        Paper(sitting=sitting, course=courses[slot.course_code], unit=units[slot.unit_number])
        for slot in rows
        if courses[slot.course_code].pk not in standing
    )
    return {paper.course.code: paper for paper in sitting.papers.select_related("course", "unit", "sitting")}
