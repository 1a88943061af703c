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
from zikao.stages.records.queries.versions import Passage, StandIn, passage_of, stand_ins

__all__ = [
    "CourseProgress",
    "GroupProgress",
    "Passage",
    "Progress",
    "SittingFacts",
    "StandIn",
    "certificate",
    "certificate_of",
    "certificates_of",
    "consultation",
    "consultations",
    "consultations_of",
    "held_by",
    "own_certificate",
    "own_record",
    "passage_of",
    "plan_fact",
    "progress_of",
    "record",
    "records",
    "replacement_of",
    "sittings_of",
    "slip_of",
    "stand_ins",
    "statement_line",
    "to_attend",
    "to_read",
    "without_record",
]
