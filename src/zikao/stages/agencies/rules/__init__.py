"""Pure law of agencies: the tree, committees and groups, sites, rooms, what is accepted until a day, letters."""

from zikao.stages.agencies.rules.groups import (
    EMERGENCY_GROUP,
    RECORD_DEPARTMENT,
    RECORD_STAFF,
    RECORD_TRAINING,
    WORKING_GROUPS,
    is_phone,
)
from zikao.stages.agencies.rules.letters import LETTER_BEFORE, NEXT_SESSION, PREMISES_LETTER
from zikao.stages.agencies.rules.places import (
    COMMITTEE,
    FACILITY,
    ROOM,
    SECURE_ROOM,
    SECURE_ROOM_USABLE,
    VALIDITY,
    WARNED_FROM,
)
from zikao.stages.agencies.rules.sites import (
    SITE_ACCEPTANCE,
    SITE_CHANGE,
    SITE_INSPECTION,
    SITE_INSPECTORS,
    SITE_LOSS,
    SITE_PLACE,
    SITE_PROPOSAL,
    SITE_RETURN,
    SITE_USABLE,
)
from zikao.stages.agencies.rules.tree import (
    AGENCY_CODE,
    CLOSING,
    INVENTORY,
    NODE_ROOT,
    RECORDS_IN_CHARGE,
    SUCCESSOR,
)

__all__ = [
    "AGENCY_CODE",
    "CLOSING",
    "COMMITTEE",
    "EMERGENCY_GROUP",
    "FACILITY",
    "INVENTORY",
    "LETTER_BEFORE",
    "NEXT_SESSION",
    "NODE_ROOT",
    "PREMISES_LETTER",
    "RECORDS_IN_CHARGE",
    "RECORD_DEPARTMENT",
    "RECORD_STAFF",
    "RECORD_TRAINING",
    "ROOM",
    "SECURE_ROOM",
    "SECURE_ROOM_USABLE",
    "SITE_ACCEPTANCE",
    "SITE_CHANGE",
    "SITE_INSPECTION",
    "SITE_INSPECTORS",
    "SITE_LOSS",
    "SITE_PLACE",
    "SITE_PROPOSAL",
    "SITE_RETURN",
    "SITE_USABLE",
    "SUCCESSOR",
    "VALIDITY",
    "WARNED_FROM",
    "WORKING_GROUPS",
    "is_phone",
]
