"""Every write of candidates."""

from zikao.stages.candidates.commands.account import set_candidate_password
from zikao.stages.candidates.commands.bulk import RowsRefused, register_many
from zikao.stages.candidates.commands.file import (
    accept_pledge,
    accept_pledges,
    impose_suspension,
    issue_card,
    record_integrity,
)
from zikao.stages.candidates.commands.needs import (
    apply_accommodation,
    decide_accommodation,
    withdraw_accommodation,
)
from zikao.stages.candidates.commands.registration import register_candidate

__all__ = [
    "RowsRefused",
    "accept_pledge",
    "accept_pledges",
    "apply_accommodation",
    "decide_accommodation",
    "impose_suspension",
    "issue_card",
    "record_integrity",
    "register_candidate",
    "register_many",
    "set_candidate_password",
    "withdraw_accommodation",
]
