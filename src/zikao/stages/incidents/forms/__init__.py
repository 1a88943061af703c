"""Shapes of what is handed in about an incident."""

from zikao.stages.incidents.forms.acts import CallForm, CloseForm, WithdrawForm
from zikao.stages.incidents.forms.reports import FollowUpForm, ReportForm, follow_up_arguments, report_arguments

__all__ = [
    "CallForm",
    "CloseForm",
    "FollowUpForm",
    "ReportForm",
    "WithdrawForm",
    "follow_up_arguments",
    "report_arguments",
]
