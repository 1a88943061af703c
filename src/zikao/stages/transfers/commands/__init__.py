"""Transfers out, transfers in, and the substitutions that a province publishes."""

from zikao.stages.transfers.commands.arriving import complete_transfer, receive_file, refuse_file, review_file
from zikao.stages.transfers.commands.forms import issue_form
from zikao.stages.transfers.commands.leaving import (
    apply_to_leave,
    confirm_leaving,
    take_in_outcome,
    upload_file,
    withdraw_application,
)
from zikao.stages.transfers.commands.moves import apply_to_move, decide_move
from zikao.stages.transfers.commands.substitutions import publish_substitution

__all__ = [
    "apply_to_leave",
    "apply_to_move",
    "complete_transfer",
    "confirm_leaving",
    "decide_move",
    "issue_form",
    "publish_substitution",
    "receive_file",
    "refuse_file",
    "review_file",
    "take_in_outcome",
    "upload_file",
    "withdraw_application",
]
