"""Who enters and signs keys, reads cards, rules on doubts, marks, totals, and who sees what."""

from __future__ import annotations

from zikao.foundation.actors import Post

QUESTION_KEEPERS = frozenset({Post.KEY_CLERK})
KEY_CLERKS = frozenset({Post.KEY_CLERK})
KEY_REVIEWERS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_CLERK, Post.GROUP_LEADER})
HEADS = frozenset({Post.EXAM_AFFAIRS_HEAD})
READER_OPERATORS = frozenset({Post.READER_OPERATOR})
RULERS = frozenset({Post.READER_OPERATOR, Post.PROVINCE_CLERK})
DATA_CONFIRMERS = frozenset({Post.READER_OPERATOR, Post.PROVINCE_CLERK, Post.EXAM_AFFAIRS_HEAD})
LOG_READERS = DATA_CONFIRMERS | {Post.PROVINCE_HEAD, Post.AUDITOR}
MARKER_APPOINTERS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_CLERK})
MARKERS = frozenset({Post.MARKER})
TOTALLERS = frozenset({Post.TOTALS_REVIEWER})
RUBRIC_MAKERS = frozenset({Post.GROUP_LEADER})
RUBRIC_READERS = RUBRIC_MAKERS | MARKERS
READERS = (
    QUESTION_KEEPERS | KEY_REVIEWERS | READER_OPERATORS | RULERS | MARKER_APPOINTERS | TOTALLERS | {Post.PROVINCE_HEAD}
)
