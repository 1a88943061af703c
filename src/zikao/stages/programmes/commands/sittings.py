"""Sittings and their examination units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import BadInput, Conflict, NotFound, WrongState
from zikao.stages.programmes import policies, rules
from zikao.stages.programmes.models import Sitting, Timetable, Unit
from zikao.stages.programmes.states import TimetableState, UnitData


@command(writes="programmes.sitting-opened", clauses=("EA-22.1", "EA-22.3", "EA-14"), posts=policies.SITTING_OPENERS)
def open_sitting(*, year: int, month: int, by: Actor, at: datetime) -> Outcome[Sitting]:
    """Open a sitting; only the months of the regulation have one.

    Source:  EA-22.1, EA-22.3, EA-14
    Writes:  programmes.sitting-opened
    Raises:  NotPermitted, Conflict, Refused
    """
    if Sitting.objects.filter(year=year, month=month).exists():
        raise Conflict("sitting-open", facts={"sitting": f"{year}-{month:02d}"}, message="这一考次已经设立。")
    sitting = make_sitting(year, month, at)
    return Outcome(sitting, facts={"sitting": sitting.code, "digit": sitting.digit})


def make_sitting(year: int, month: int, at: datetime) -> Sitting:
    """A new sitting's row; part of the commands that open one or take the centre's timetable over."""
    day = local_day(at)
    rules.SITTING_MONTH(on=day, month=month).require()
    return Sitting.objects.create(
        code=f"{year}-{month:02d}",
        year=year,
        month=month,
        digit=rules.SITTING_DIGIT(on=day, month=month),
        opened_at=at,
    )


def locked_sitting(code: str) -> Sitting:
    """The sitting, locked against other changes of its timetable; NotFound where there is none."""
    sitting = Sitting.objects.select_for_update().filter(code=code).first()
    if sitting is None:
        raise NotFound("sitting-not-found", facts={"sitting": code}, message=f"没有设立考次 {code}。")
    return sitting


@command(writes="programmes.units-defined", clauses=("EA-22.1",), posts=policies.SITTING_OPENERS)
def define_units(*, sitting_code: str, units: Sequence[UnitData], by: Actor, at: datetime) -> Outcome[list[Unit]]:
    """Add units to a sitting; one that is there already (the centre's, too) must be given with the same times.

    Source:  EA-22.1
    Writes:  programmes.units-defined
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    sitting = locked_sitting(sitting_code)
    timetable = Timetable.objects.filter(sitting=sitting).first()
    if timetable is not None and timetable.state != TimetableState.DRAFTED:
        raise WrongState("timetable-not-draft", message="考试安排已报备案，不能再改考试单元。")
    made = put_units(sitting, units)
    return Outcome(made, on=sitting, facts={"sitting": sitting.code, "units": [unit.number for unit in made]})


def put_units(sitting: Sitting, units: Sequence[UnitData]) -> list[Unit]:
    """Make the sitting's units that are not there yet. Raises BadInput where one differs, overlaps or is elsewhere."""
    standing = {unit.number: unit for unit in sitting.units.all()}
    faults: dict[str, str] = {}
    for unit in units:
        known = standing.get(unit.number)
        if known is not None and (known.starts_at, known.ends_at) != (unit.starts_at, unit.ends_at):
            faults[f"units.{unit.number}"] = "与已定的考试时间不同。"
        if unit.ends_at <= unit.starts_at:
            faults[f"units.{unit.number}"] = "结束时间应晚于开考时间。"
        if (local_day(unit.starts_at).year, local_day(unit.starts_at).month) != (sitting.year, sitting.month):
            faults[f"units.{unit.number}"] = "考试日期不在本考次的月份。"
    times = {number: (unit.starts_at, unit.ends_at) for number, unit in standing.items()}
    times |= {unit.number: (unit.starts_at, unit.ends_at) for unit in units}
    order = sorted(times.items(), key=lambda item: item[1])
    for (_, earlier), (number, later) in pairwise(order):
        if later[0] < earlier[1]:
            faults[f"units.{number}"] = "与另一个考试单元的时间重叠。"
    if faults or len({unit.number for unit in units}) != len(units):
        raise BadInput("units-faulty", field_errors=faults or {"units": "单元号重复。"})
    return make_units(sitting, [unit for unit in units if unit.number not in standing])


def make_units(sitting: Sitting, new: Sequence[UnitData]) -> list[Unit]:
    """Make units that were looked at before."""
    return Unit.objects.bulk_create(
        Unit(sitting=sitting, number=unit.number, starts_at=unit.starts_at, ends_at=unit.ends_at) for unit in new
    )
