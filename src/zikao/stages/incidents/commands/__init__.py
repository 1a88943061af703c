"""Every write about incidents."""

from zikao.stages.incidents.commands.calling import record_call
from zikao.stages.incidents.commands.following import close_incident, follow_up, withdraw_incident
from zikao.stages.incidents.commands.receiving import acknowledge_incident, record_step
from zikao.stages.incidents.commands.reporting import report_incident

__all__ = [
    "acknowledge_incident",
    "close_incident",
    "follow_up",
    "record_call",
    "record_step",
    "report_incident",
    "withdraw_incident",
]
