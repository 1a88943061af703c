"""Every write of personnel."""

from zikao.stages.personnel.commands.duties import (
    appoint_chief,
    assign_invigilator,
    assign_invigilators,
    hand_over_duty,
)
from zikao.stages.personnel.commands.linking import link_account
from zikao.stages.personnel.commands.register import (
    declare_interest,
    issue_certificate,
    issue_certificates,
    register_person,
    register_persons,
)

__all__ = [
    "appoint_chief",
    "assign_invigilator",
    "assign_invigilators",
    "declare_interest",
    "hand_over_duty",
    "issue_certificate",
    "issue_certificates",
    "link_account",
    "register_person",
    "register_persons",
]
