"""Scores and their archive."""

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
    "Comparison",
    "Correction",
    "FilingWindow",
    "Publication",
    "Score",
    "ScoreColumns",
    "Segment",
    "SegmentRequest",
    "StagedScore",
]
