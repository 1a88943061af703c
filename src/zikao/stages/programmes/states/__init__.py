"""Levels, kinds of assessment, the life of a timetable, and the shapes of plans and timetables."""

from zikao.stages.programmes.states.lives import (
    IMPORT_TRANSITIONS,
    TIMETABLE_TRANSITIONS,
    Assess,
    Evidence,
    ImportState,
    Level,
    Side,
    TimetableState,
)
from zikao.stages.programmes.states.shapes import (
    CourseData,
    GroupData,
    PlanData,
    ReplacementData,
    SchoolData,
    SlotData,
    TimetableData,
    UnitData,
)

__all__ = [
    "IMPORT_TRANSITIONS",
    "TIMETABLE_TRANSITIONS",
    "Assess",
    "CourseData",
    "Evidence",
    "GroupData",
    "ImportState",
    "Level",
    "PlanData",
    "ReplacementData",
    "SchoolData",
    "Side",
    "SlotData",
    "TimetableData",
    "TimetableState",
    "UnitData",
]
