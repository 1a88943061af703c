"""What is entered about scores and about how they are collected."""

from zikao.stages.results.forms.collecting import (
    MemberForm,
    ResponsibleForm,
    RoundForm,
    SessionEndForm,
    SessionForm,
    TrainingForm,
    VettingForm,
    member_arguments,
    responsible_arguments,
    round_arguments,
)
from zikao.stages.results.forms.scores import (
    HEADS,
    MOST_ROWS,
    NEEDED,
    SAMPLE,
    AskSegmentForm,
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
    "CorrectionForm",
    "MemberForm",
    "ResponsibleForm",
    "RoundForm",
    "ScoresForm",
    "SegmentForm",
    "SessionEndForm",
    "SessionForm",
    "TrainingForm",
    "VettingForm",
    "correction_arguments",
    "member_arguments",
    "parse_scores_csv",
    "responsible_arguments",
    "round_arguments",
]
