"""Scores and their archive; how they are collected, by whom, where."""

from zikao.stages.results.models.collection import (
    CollectionRound,
    CollectionSession,
    CollectionWorker,
    GroupMember,
    Presence,
    ResponsiblePerson,
)
from zikao.stages.results.models.scores import (
    ArchiveBackup,
    ChangeList,
    Comparison,
    Correction,
    FilingWindow,
    Publication,
    Score,
    ScoreColumns,
    Segment,
    SegmentRequest,
    StagedScore,
)

__all__ = [
    "ArchiveBackup",
    "ChangeList",
    "CollectionRound",
    "CollectionSession",
    "CollectionWorker",
    "Comparison",
    "Correction",
    "FilingWindow",
    "GroupMember",
    "Presence",
    "Publication",
    "ResponsiblePerson",
    "Score",
    "ScoreColumns",
    "Segment",
    "SegmentRequest",
    "StagedScore",
]
