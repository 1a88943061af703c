"""Scores collected, approved, published; scores taken over from elsewhere; assessments recorded."""

from zikao.stages.results.commands.collection import approve_scores, collect_scores, publish_results
from zikao.stages.results.commands.handed_in import ScoreRowsRefused, record_assessments, take_over_scores

__all__ = [
    "ScoreRowsRefused",
    "approve_scores",
    "collect_scores",
    "publish_results",
    "record_assessments",
    "take_over_scores",
]
