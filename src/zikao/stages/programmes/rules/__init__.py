"""Pure law of programmes: plans, choice groups, sittings, timetables."""

from zikao.stages.programmes.rules.groups import (
    GroupRule,
    GroupState,
    describe_group,
    groups_lacking,
    parse_group_rule,
)
from zikao.stages.programmes.rules.timetables import (
    NATIONAL_ISSUE,
    PLAN_MINIMUM,
    PUBLICATION,
    SITTING_DIGIT,
    SITTING_MONTH,
    SLOT,
)

__all__ = [
    "NATIONAL_ISSUE",
    "PLAN_MINIMUM",
    "PUBLICATION",
    "SITTING_DIGIT",
    "SITTING_MONTH",
    "SLOT",
    "GroupRule",
    "GroupState",
    "describe_group",
    "groups_lacking",
    "parse_group_rule",
]
