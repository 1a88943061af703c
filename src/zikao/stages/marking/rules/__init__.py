"""The law of marking: keys, cards, marks, totals."""

from zikao.stages.marking.rules.cards import (
    ABSENCE_RULING,
    DATA_APPLIED,
    DATA_CONFIRMATION,
    DATA_CORRECTION,
    READINGS,
    RULING,
    SETTLED_VIEW,
    TOTALLING,
)
from zikao.stages.marking.rules.keys import KEY_COMPLETE, KEY_SIGNING
from zikao.stages.marking.rules.markers import APPOINTMENT, MARKING
from zikao.stages.marking.rules.scoring import COURSE_TOTAL, OBJECTIVE_SCORE, POINTS, QUESTION_SCORE, THIRD_MARK

__all__ = [
    "ABSENCE_RULING",
    "APPOINTMENT",
    "COURSE_TOTAL",
    "DATA_APPLIED",
    "DATA_CONFIRMATION",
    "DATA_CORRECTION",
    "KEY_COMPLETE",
    "KEY_SIGNING",
    "MARKING",
    "OBJECTIVE_SCORE",
    "POINTS",
    "QUESTION_SCORE",
    "READINGS",
    "RULING",
    "SETTLED_VIEW",
    "THIRD_MARK",
    "TOTALLING",
]
