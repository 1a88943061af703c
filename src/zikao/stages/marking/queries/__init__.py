"""Reading marking: papers with their balance, doubts, cards set aside, missing cards, keys, tasks."""

from zikao.stages.marking.queries.balance import (
    PaperBalance,
    card_balance,
    missing_cards,
    paper_balance,
    totalling_facts,
)
from zikao.stages.marking.queries.cards import cards_set_aside, doubt, open_doubts, set_aside_card
from zikao.stages.marking.queries.papers import (
    key_of,
    key_to_review,
    layout_of,
    marking_papers,
    objective_count,
    paper_of,
    task_in_hand,
)

__all__ = [
    "PaperBalance",
    "card_balance",
    "cards_set_aside",
    "doubt",
    "key_of",
    "key_to_review",
    "layout_of",
    "marking_papers",
    "missing_cards",
    "objective_count",
    "open_doubts",
    "paper_balance",
    "paper_of",
    "set_aside_card",
    "task_in_hand",
    "totalling_facts",
]
