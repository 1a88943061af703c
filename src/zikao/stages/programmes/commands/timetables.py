"""The province's own timetable, drafted around the centre's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import WrongState
from zikao.stages.programmes import policies, queries
from zikao.stages.programmes.commands.demand import ask_for_count
from zikao.stages.programmes.commands.rows import (
    check_courses,
    check_slots,
    check_whole,
    courses_of,
    majors_of,
    papers_of_rows,
)
from zikao.stages.programmes.commands.sittings import locked_sitting, put_units
from zikao.stages.programmes.models import Paper, PaperMajor, Sitting, Timetable
from zikao.stages.programmes.states import SlotData, TimetableData, TimetableState


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
    check_whole(data)
    check_courses(sitting, data.slots)
    courses = courses_of(data.slots)
    majors = majors_of(data.slots)
    check_slots(sitting, data.slots, courses, at)
    put_units(sitting, data.units)
    PaperMajor.objects.filter(paper__sitting=sitting).delete()
    sitting.papers.filter(issued_unit__isnull=True).delete()
    papers = papers_of_rows(sitting, data.slots, courses)
    _settle(sitting, papers, data.slots)
    PaperMajor.objects.bulk_create(
        PaperMajor(paper=papers[slot.course_code], major=majors[code])
        for slot in data.slots
        for code in slot.major_codes
    )
    if queries.counts_in_the_queue():
        ask_for_count(sitting, by, at)
    timetable.drafted_at, timetable.returned_reason = at, ""
    timetable.save(update_fields=["drafted_at", "returned_reason"])
    national = sum(paper.national for paper in papers.values())
    facts = {"sitting": sitting.code, "papers": len(data.slots), "national": national}
    return Outcome(timetable, facts=facts)


def _settle(sitting: Sitting, papers: Mapping[str, Paper], slots: Iterable[SlotData]) -> None:
    """Put the centre's courses where the draft has them (elsewhere only by approval), and say who sets the paper."""
    wanted = {slot.course_code: slot for slot in slots}
    units = {unit.number: unit for unit in sitting.units.all()}
    for code, paper in papers.items():
        slot = wanted.get(code)
        own = slot is not None and paper.national and not slot.national
        number = slot.unit_number if slot is not None else paper.issued_unit
        paper.unit, paper.own_paper = units[number or paper.unit.number], own
    Paper.objects.bulk_update(papers.values(), ["unit", "own_paper"])
