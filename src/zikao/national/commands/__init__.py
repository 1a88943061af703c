"""What the centre does: accounts, suspensions, certificates, transfer files, timetables."""

from zikao.national.commands.accounts import gather_passes, gather_registrations
from zikao.national.commands.certificates import register_certificates, revoke_certificate
from zikao.national.commands.courses import announce_course_kind
from zikao.national.commands.detailed_rules import answer_rules_filing, record_rules_filing
from zikao.national.commands.filings import record_timetable_filing
from zikao.national.commands.incidents import acknowledge_national_incident, pass_on, receive_incident_report
from zikao.national.commands.letters import receive_letter
from zikao.national.commands.permissions import answer_permission, record_permission_request
from zikao.national.commands.reports import ask_for_report, record_report, send_report, take_report_demand
from zikao.national.commands.reviews import propose_merging, propose_unlinking
from zikao.national.commands.suspensions import lift_national_suspension, take_national_suspension
from zikao.national.commands.timetables import (
    drop_correction,
    issue_correction,
    issue_timetable,
    send_timetable_again,
    stage_correction,
)
from zikao.national.commands.transfers import receive_outcome, receive_transfer_file

__all__ = [
    "acknowledge_national_incident",
    "announce_course_kind",
    "answer_permission",
    "answer_rules_filing",
    "ask_for_report",
    "drop_correction",
    "gather_passes",
    "gather_registrations",
    "issue_correction",
    "issue_timetable",
    "lift_national_suspension",
    "pass_on",
    "propose_merging",
    "propose_unlinking",
    "receive_incident_report",
    "receive_letter",
    "receive_outcome",
    "receive_transfer_file",
    "record_permission_request",
    "record_report",
    "record_rules_filing",
    "record_timetable_filing",
    "register_certificates",
    "revoke_certificate",
    "send_report",
    "send_timetable_again",
    "stage_correction",
    "take_national_suspension",
    "take_report_demand",
]
