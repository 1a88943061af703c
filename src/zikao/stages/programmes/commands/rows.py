"""The rows of a timetable held against the register and the law, and written as papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q

from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput
from zikao.foundation.regulation import all_of
from zikao.stages.programmes import queries, rules
from zikao.stages.programmes.models import Course, Major, Paper, Sitting
from zikao.stages.programmes.states import SlotData, TimetableData


def check_whole(data: TimetableData) -> None:
    """Raise BadInput where units or rows are wrong in themselves."""
    if data.faults:
        raise BadInput("units-faulty", field_errors=data.faults, message=" ".join(data.faults.values()))


def check_slots(sitting: Sitting, slots: Iterable[SlotData], courses: Mapping[str, Course], at: datetime) -> None:
    """Each row under the law: a national course only where the centre put or approved it, with the centre's paper."""
    day = local_day(at)
    issued = dict(sitting.papers.filter(issued_unit__isnull=False).values_list("course__code", "issued_unit"))
    approved, own = queries.approved_units(sitting.code), queries.courses_with_own_paper(sitting.code)
    kinds = queries.kinds_in(sitting)
    decisions = []
    for slot in slots:
        code, national = slot.course_code, kinds.is_national(courses[slot.course_code])
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


def check_courses(sitting: Sitting, slots: Iterable[SlotData]) -> None:
    """A course of the plans or of the centre must be called by its name, and national only where it is."""
    rows, kinds = {slot.course_code: slot for slot in slots}, queries.kinds_in(sitting)
    firm = Course.objects.filter(Q(national=True) | Q(in_plans__isnull=False), code__in=rows).distinct()
    faults: dict[str, str] = {}
    for course in firm:
        row = rows[course.code]
        if row.course_name != course.name:
            faults[f"课程 {course.code}"] = f"已登记为“{course.name}”，与文件中的“{row.course_name}”不同。"
        elif row.national and not kinds.is_national(course):
            faults[f"课程 {course.code}"] = f"“{course.name}”由本省命题，不是全国统考课程。"
    if faults:
        raise BadInput("courses-differ", field_errors=faults, message="课程与登记的不同，没有导入。")


def courses_of(slots: Iterable[SlotData]) -> dict[str, Course]:
    """The courses of the rows by code; those not known yet are made with the name and kind that the row states."""
    rows = {slot.course_code: slot for slot in slots}
    known = Course.objects.in_bulk(rows, field_name="code")
    Course.objects.bulk_create(
        Course(code=code, name=row.course_name, national=row.national)
        for code, row in rows.items()
        if code not in known
    )
    return Course.objects.in_bulk(rows, field_name="code")


def majors_of(slots: Iterable[SlotData]) -> dict[str, Major]:
    """The majors of the rows by code. Raises BadInput for one that is not registered."""
    codes = {code for slot in slots for code in slot.major_codes}
    found = Major.objects.in_bulk(codes, field_name="code")
    if missing := sorted(codes - found.keys()):
        raise BadInput("major-not-found", field_errors={code: f"专业 {code} 没有登记。" for code in missing})
    return found


def papers_of_rows(sitting: Sitting, slots: Iterable[SlotData], courses: Mapping[str, Course]) -> dict[str, Paper]:
    """All papers of the sitting by course code; those of rows that have none yet are made. Raises BadInput."""
    rows = list(slots)
    units = {unit.number: unit for unit in sitting.units.all()}
    if missing := sorted({slot.unit_number for slot in rows} - units.keys()):
        raise BadInput("unit-not-found", field_errors={f"units.{n}": "没有这个考试单元。" for n in missing})
    standing, kinds = {paper.course_id for paper in sitting.papers.all()}, queries.kinds_in(sitting)
    new = [(courses[slot.course_code], units[slot.unit_number]) for slot in rows]
    Paper.objects.bulk_create(
        Paper(sitting=sitting, course=course, unit=unit, national=kinds.is_national(course))
        for course, unit in new
        if course.pk not in standing
    )
    return {paper.course.code: paper for paper in sitting.papers.select_related("course", "unit", "sitting")}
