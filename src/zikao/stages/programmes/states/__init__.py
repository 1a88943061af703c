"""Levels, kinds of assessment, the lives of what is decided, and the shapes of plans and timetables."""

from zikao.stages.programmes.states.lives import (
    IMPORT_TRANSITIONS,
    PERMISSION_TRANSITIONS,
    TIMETABLE_TRANSITIONS,
    Assess,
    Evidence,
    ImportState,
    Level,
    PermissionKind,
    PermissionState,
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
    "PERMISSION_TRANSITIONS",
    "TIMETABLE_TRANSITIONS",
    "Assess",
    "CourseData",
    "Evidence",
    "GroupData",
    "ImportState",
    "Level",
    "PermissionKind",
    "PermissionState",
    "PlanData",
    "ReplacementData",
    "SchoolData",
    "Side",
    "SlotData",
    "TimetableData",
    "TimetableState",
    "UnitData",
]
