"""Agencies, sites, schools, registers of what is accepted until a day, and who is reached."""

from zikao.stages.agencies.models.institutions import (
    SCHOOL_PHONE,
    School,
    SchoolClerk,
    SupportingSchool,
    TutoringInstitution,
)
from zikao.stages.agencies.models.letters import PremisesLetter
from zikao.stages.agencies.models.people import (
    DUTY_PHONE,
    EMERGENCY_PHONE,
    DutyPhone,
    EmergencyMember,
    RecordDepartment,
    RecordStaff,
)
from zikao.stages.agencies.models.places import Facility, SecureRoom
from zikao.stages.agencies.models.sites import (
    GROUP_PHONE,
    GroupMember,
    Inspection,
    InspectionItem,
    MinistryConsent,
    Room,
    Site,
    SiteApproval,
)
from zikao.stages.agencies.models.tree import Agency, AgencyPeriod, CommitteeMember, Succession

__all__ = [
    "DUTY_PHONE",
    "EMERGENCY_PHONE",
    "GROUP_PHONE",
    "SCHOOL_PHONE",
    "Agency",
    "AgencyPeriod",
    "CommitteeMember",
    "DutyPhone",
    "EmergencyMember",
    "Facility",
    "GroupMember",
    "Inspection",
    "InspectionItem",
    "MinistryConsent",
    "PremisesLetter",
    "RecordDepartment",
    "RecordStaff",
    "Room",
    "School",
    "SchoolClerk",
    "SecureRoom",
    "Site",
    "SiteApproval",
    "Succession",
    "SupportingSchool",
    "TutoringInstitution",
]
