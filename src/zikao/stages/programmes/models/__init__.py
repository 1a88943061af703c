"""Majors and their plans; sittings with units, papers and their timetable; what the centre approved; imports."""

from zikao.stages.programmes.models.corrections import (
    NationalEdition,
    TimetableCorrection,
    TimetableEdition,
)
from zikao.stages.programmes.models.detailed_rules import (
    DetailedRules,
    DetailedSetting,
)
from zikao.stages.programmes.models.imports import (
    PlanImport,
)
from zikao.stages.programmes.models.permissions import (
    PaperChange,
    Permission,
)
from zikao.stages.programmes.models.plans import (
    ChoiceGroup,
    Course,
    CourseKind,
    Major,
    Plan,
    PlanCourse,
    PlanSchool,
    Prerequisite,
    Replacement,
    ReplacementCourse,
)
from zikao.stages.programmes.models.proposals import (
    DemandCount,
    TimetableProposal,
)
from zikao.stages.programmes.models.sittings import (
    Paper,
    PaperMajor,
    Sitting,
    Timetable,
    Unit,
)

__all__ = [
    "ChoiceGroup",
    "Course",
    "CourseKind",
    "DemandCount",
    "DetailedRules",
    "DetailedSetting",
    "Major",
    "NationalEdition",
    "Paper",
    "PaperChange",
    "PaperMajor",
    "Permission",
    "Plan",
    "PlanCourse",
    "PlanImport",
    "PlanSchool",
    "Prerequisite",
    "Replacement",
    "ReplacementCourse",
    "Sitting",
    "Timetable",
    "TimetableCorrection",
    "TimetableEdition",
    "TimetableProposal",
    "Unit",
]
