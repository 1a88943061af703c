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
from zikao.stages.results.commands.rounds import close_round, confirm_round, draft_round, name_member, name_responsible
from zikao.stages.results.commands.segments import ask_segment, change_segment, install_segment, set_segment
from zikao.stages.results.commands.sessions import begin_session, end_session, join_session, leave_session
from zikao.stages.results.commands.workers import file_worker, record_training, recuse_worker, sign_pledge, vet_worker

__all__ = [
    "ScoreRowsRefused",
    "approve_list",
    "approve_scores",
    "ask_segment",
    "begin_session",
    "change_segment",
    "close_round",
    "close_window",
    "collect_scores",
    "confirm_round",
    "draft_round",
    "end_session",
    "file_list",
    "file_worker",
    "install_segment",
    "join_session",
    "keep_comparison",
    "leave_session",
    "name_member",
    "name_responsible",
    "order_comparison",
    "present_segment",
    "propose_correction",
    "publish_results",
    "record_assessments",
    "record_training",
    "recuse_worker",
    "request_window",
    "set_segment",
    "sign_pledge",
    "take_over_scores",
    "vet_worker",
    "withdraw_list",
]
