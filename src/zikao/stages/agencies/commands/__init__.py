"""Every write of agencies."""

from zikao.stages.agencies.commands.institutions import (
    name_school_clerk,
    register_school,
    register_secure_room,
    register_tutoring_institution,
)
from zikao.stages.agencies.commands.sites import (
    accept_site,
    add_rooms,
    approve_exception,
    inspect_site,
    propose_site,
    suspend_site,
)
from zikao.stages.agencies.commands.tree import open_agency, set_committee

__all__ = [
    "accept_site",
    "add_rooms",
    "approve_exception",
    "inspect_site",
    "name_school_clerk",
    "open_agency",
    "propose_site",
    "register_school",
    "register_secure_room",
    "register_tutoring_institution",
    "set_committee",
    "suspend_site",
]
