"""Scores as staff and candidates may read them; before publication a candidate reads none of the sitting's."""

from zikao.stages.results.queries.rows import Known, known_of, row_problems
from zikao.stages.results.queries.scores import (
    all_scores,
    awaited_sittings,
    current_scores,
    passed_course_codes,
    passes_of,
    published_scores,
    scores_of,
    unpublished_sittings,
)
from zikao.stages.results.queries.sittings import (
    CourseResults,
    SittingResults,
    awaiting,
    collected_rows,
    course_results,
    digest_of_scores,
    evidence_counts,
    list_of,
    publication_of,
    publications,
    sitting,
    sitting_results,
    sittings,
    sittings_over,
)
from zikao.stages.results.queries.statement import statement_of

__all__ = [
    "CourseResults",
    "Known",
    "SittingResults",
    "all_scores",
    "awaited_sittings",
    "awaiting",
    "collected_rows",
    "course_results",
    "current_scores",
    "digest_of_scores",
    "evidence_counts",
    "known_of",
    "list_of",
    "passed_course_codes",
    "passes_of",
    "publication_of",
    "publications",
    "published_scores",
    "row_problems",
    "scores_of",
    "sitting",
    "sitting_results",
    "sittings",
    "sittings_over",
    "statement_of",
    "unpublished_sittings",
]
