"""Transfers, what may move, as what a course counts here, and what the forms hold."""

from zikao.stages.transfers.queries.form import form_of
from zikao.stages.transfers.queries.moves import (
    areas_moved_to,
    move,
    moves,
    moves_are_asked_for,
    moves_asked_for,
    own_moves,
)
from zikao.stages.transfers.queries.moving import Fate, Proposal, fates_of, moving_scores, out_facts, proposals
from zikao.stages.transfers.queries.transfers import (
    courses_of,
    own_transfers,
    substitutions,
    transfer,
    transfers,
    waiting_in,
)

__all__ = [
    "Fate",
    "Proposal",
    "areas_moved_to",
    "courses_of",
    "fates_of",
    "form_of",
    "move",
    "moves",
    "moves_are_asked_for",
    "moves_asked_for",
    "moving_scores",
    "out_facts",
    "own_moves",
    "own_transfers",
    "proposals",
    "substitutions",
    "transfer",
    "transfers",
    "waiting_in",
]
