"""Pure law of programmes: plans, choice groups, sittings, timetables."""

from zikao.stages.programmes.rules.corrections import CORRECTION
from zikao.stages.programmes.rules.detailed import DETAILED_SINCE, DETAILED_VALUE, in_words
from zikao.stages.programmes.rules.groups import (
    GroupRule,
    GroupState,
    describe_group,
    groups_lacking,
    parse_group_rule,
)
from zikao.stages.programmes.rules.kinds import COURSE_KIND
from zikao.stages.programmes.rules.plans import (
    MAJOR_ENTRY,
    ORDER,
    PLAN_OPEN,
    REPLACEMENT,
    Before,
    StandsFor,
    replaced,
    transition_over,
)
from zikao.stages.programmes.rules.timetables import (
    NATIONAL_ISSUE,
    NATIONAL_PAPER,
    NATIONAL_UNIT,
    PLAN_MINIMUM,
    PUBLICATION,
    SITTING_DIGIT,
    SITTING_MONTH,
    SLOT,
)

__all__ = [
    "CORRECTION",
    "COURSE_KIND",
    "DETAILED_SINCE",
    "DETAILED_VALUE",
    "MAJOR_ENTRY",
    "NATIONAL_ISSUE",
    "NATIONAL_PAPER",
    "NATIONAL_UNIT",
    "ORDER",
    "PLAN_MINIMUM",
    "PLAN_OPEN",
    "PUBLICATION",
    "REPLACEMENT",
    "SITTING_DIGIT",
    "SITTING_MONTH",
    "SLOT",
    "Before",
    "GroupRule",
    "GroupState",
    "StandsFor",
    "describe_group",
    "groups_lacking",
    "in_words",
    "parse_group_rule",
    "replaced",
    "transition_over",
]
