"""What only the centre keeps: the register of certificates, the files of the transfer platform, filings."""

from zikao.national.models.accounts import (
    AccountCounter,
    AccountReview,
    GatheredFrom,
    LearningAccount,
    LinkedNumber,
    NationalSuspension,
)
from zikao.national.models.certificates import RegisteredCertificate
from zikao.national.models.detailed_rules import RulesFiling
from zikao.national.models.incidents import (
    IncidentCall,
    IncidentReport,
    IncidentStep,
    IncidentTold,
    ReportedIncident,
)
from zikao.national.models.letters import ReceivedLetter
from zikao.national.models.permissions import PermissionRequest
from zikao.national.models.reports import ReportAnswer, ReportDemand, ReportSent, ReportTask
from zikao.national.models.timetables import CourseNotice, IssuedCorrection, IssuedTimetable, TimetableFiling
from zikao.national.models.transfers import TransferFile

__all__ = [
    "AccountCounter",
    "AccountReview",
    "CourseNotice",
    "GatheredFrom",
    "IncidentCall",
    "IncidentReport",
    "IncidentStep",
    "IncidentTold",
    "IssuedCorrection",
    "IssuedTimetable",
    "LearningAccount",
    "LinkedNumber",
    "NationalSuspension",
    "PermissionRequest",
    "ReceivedLetter",
    "RegisteredCertificate",
    "ReportAnswer",
    "ReportDemand",
    "ReportSent",
    "ReportTask",
    "ReportedIncident",
    "RulesFiling",
    "TimetableFiling",
    "TransferFile",
]
