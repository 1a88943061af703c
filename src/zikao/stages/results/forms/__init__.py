"""What is entered about scores."""

from zikao.stages.results.forms.scores import (
    HEADS,
    MOST_ROWS,
    NEEDED,
    SAMPLE,
    AskSegmentForm,
    CheckForm,
    CorrectionForm,
    ScoresForm,
    SegmentForm,
    correction_arguments,
    parse_scores_csv,
)

__all__ = [
    "HEADS",
    "MOST_ROWS",
    "NEEDED",
    "SAMPLE",
    "AskSegmentForm",
    "CheckForm",
    "CorrectionForm",
    "ScoresForm",
    "SegmentForm",
    "correction_arguments",
    "parse_scores_csv",
]
