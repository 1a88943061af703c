"""Rounds set, people readied, places begun and ended, everybody signed in by their own hand."""

from zikao.stages.collecting.commands.rounds import (
    close_round,
    confirm_round,
    draft_round,
    name_member,
    name_responsible,
)
from zikao.stages.collecting.commands.sessions import begin_session, end_session, join_session, leave_session
from zikao.stages.collecting.commands.workers import (
    file_workers,
    record_training,
    recuse_worker,
    sign_pledge,
    vet_workers,
)

__all__ = [
    "begin_session",
    "close_round",
    "confirm_round",
    "draft_round",
    "end_session",
    "file_workers",
    "join_session",
    "leave_session",
    "name_member",
    "name_responsible",
    "record_training",
    "recuse_worker",
    "sign_pledge",
    "vet_workers",
]
