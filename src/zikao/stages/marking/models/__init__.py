"""Questions and keys; batches, cards, readings and doubts; scripts, tasks, marks and totals."""

from zikao.stages.marking.models.cards import Card, CardRuling, Doubt, DoubtRuling, Reading, ScanBatch
from zikao.stages.marking.models.corrections import DataConfirmation, DataCorrection
from zikao.stages.marking.models.keys import AnswerKey, KeySignature, Question
from zikao.stages.marking.models.marks import Mark, Marker, MarkingTask, ObjectiveScore, QuestionScore, Script, Total
from zikao.stages.marking.models.rubrics import Rubric

__all__ = [
    "AnswerKey",
    "Card",
    "CardRuling",
    "DataConfirmation",
    "DataCorrection",
    "Doubt",
    "DoubtRuling",
    "KeySignature",
    "Mark",
    "Marker",
    "MarkingTask",
    "ObjectiveScore",
    "Question",
    "QuestionScore",
    "Reading",
    "Rubric",
    "ScanBatch",
    "Script",
    "Total",
]
