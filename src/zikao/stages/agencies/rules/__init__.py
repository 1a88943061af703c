"""Pure law of agencies: codes, committees, sites, rooms, secure rooms."""

from zikao.stages.agencies.rules.places import (
    AGENCY_CODE,
    COMMITTEE,
    ROOM,
    SECURE_ROOM,
    SECURE_ROOM_USABLE,
)
from zikao.stages.agencies.rules.sites import (
    SITE_ACCEPTANCE,
    SITE_INSPECTION,
    SITE_PROPOSAL,
    SITE_USABLE,
)

__all__ = [
    "AGENCY_CODE",
    "COMMITTEE",
    "ROOM",
    "SECURE_ROOM",
    "SECURE_ROOM_USABLE",
    "SITE_ACCEPTANCE",
    "SITE_INSPECTION",
    "SITE_PROPOSAL",
    "SITE_USABLE",
]
