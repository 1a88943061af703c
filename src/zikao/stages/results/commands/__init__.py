"""Scores collected or handed in, signed, filed in a window of the archive, published; the custodians' segments."""

from zikao.stages.results.commands.collection import approve_scores, collect_scores, publish_results
from zikao.stages.results.commands.comparing import keep_comparison, order_comparison
from zikao.stages.results.commands.corrections import propose_correction
from zikao.stages.results.commands.filing import (
    approve_list,
    close_window,
    file_list,
    present_segment,
    request_window,
    withdraw_list,
)
from zikao.stages.results.commands.handed_in import ScoreRowsRefused, record_assessments, take_over_scores
from zikao.stages.results.commands.segments import ask_segment, change_segment, install_segment, set_segment

__all__ = [
    "ScoreRowsRefused",
    "approve_list",
    "approve_scores",
    "ask_segment",
    "change_segment",
    "close_window",
    "collect_scores",
    "file_list",
    "install_segment",
    "keep_comparison",
    "order_comparison",
    "present_segment",
    "propose_correction",
    "publish_results",
    "record_assessments",
    "request_window",
    "set_segment",
    "take_over_scores",
    "withdraw_list",
]
