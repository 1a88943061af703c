"""Levels, kinds of assessment, the life of a timetable, and the shapes of plans and timetables."""

from zikao.stages.programmes.states.lives import (
    TIMETABLE_TRANSITIONS,
    Assess,
    Level,
    TimetableState,
)
from zikao.stages.programmes.states.shapes import (
    CourseData,
    GroupData,
    PlanData,
    SlotData,
    TimetableData,
    UnitData,
)

__all__ = [
    "TIMETABLE_TRANSITIONS",
    "Assess",
    "CourseData",
    "GroupData",
    "Level",
    "PlanData",
    "SlotData",
    "TimetableData",
    "TimetableState",
    "UnitData",
]
