"""Records, what is in them, and how far they are."""

from zikao.stages.records.queries.consultations import (
    consultation,
    consultations,
    consultations_of,
    slip_of,
    to_attend,
    to_read,
)
from zikao.stages.records.queries.papers import certificate_of, replacement_of, statement_line
from zikao.stages.records.queries.plan_progress import (
    CourseProgress,
    GroupProgress,
    Progress,
    plan_in_force,
    progress_of,
)
from zikao.stages.records.queries.progress import held_by, plan_fact
from zikao.stages.records.queries.records import (
    SittingFacts,
    certificate,
    certificates_of,
    own_certificate,
    own_record,
    record,
    records,
    sittings_of,
    without_record,
)

__all__ = [
    "CourseProgress",
    "GroupProgress",
    "Progress",
    "SittingFacts",
    "certificate",
    "certificate_of",
    "certificates_of",
    "consultation",
    "consultations",
    "consultations_of",
    "held_by",
    "own_certificate",
    "own_record",
    "plan_fact",
    "plan_in_force",
    "progress_of",
    "record",
    "records",
    "replacement_of",
    "sittings_of",
    "slip_of",
    "statement_line",
    "to_attend",
    "to_read",
    "without_record",
]
