"""Reading marking: papers with their balance, doubts, cards set aside, missing cards, keys, tasks."""

from zikao.stages.marking.queries.balance import (
    PaperBalance,
    card_balance,
    missing_cards,
    paper_balance,
    totalling_facts,
)
from zikao.stages.marking.queries.cards import cards_set_aside, doubt, open_doubts, set_aside_card
from zikao.stages.marking.queries.corrections import (
    corrections_to_confirm,
    data_correction,
    data_corrections,
    work_log,
)
from zikao.stages.marking.queries.desk import marked_by, task_in_hand, task_of_marker, waiting_for_marker
from zikao.stages.marking.queries.papers import (
    key_of,
    key_to_review,
    layout_of,
    marking_papers,
    objective_count,
    paper_of,
    seat_id_of,
)

__all__ = [
    "PaperBalance",
    "card_balance",
    "cards_set_aside",
    "corrections_to_confirm",
    "data_correction",
    "data_corrections",
    "doubt",
    "key_of",
    "key_to_review",
    "layout_of",
    "marked_by",
    "marking_papers",
    "missing_cards",
    "objective_count",
    "open_doubts",
    "paper_balance",
    "paper_of",
    "seat_id_of",
    "set_aside_card",
    "task_in_hand",
    "task_of_marker",
    "totalling_facts",
    "waiting_for_marker",
    "work_log",
]
