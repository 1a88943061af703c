"""The law of records: when one is opened, what earns a certificate, what a plan still lacks, who consults."""

from zikao.stages.records.rules.consulting import CONSULTATION_LETTER, CONSULTATION_TIME, READING, SCORES_READ
from zikao.stages.records.rules.fulfilment import CourseFact, Held, PlanFact, earned, is_complete, missing, unmet_groups
from zikao.stages.records.rules.opening import OPENING, PASS_CERTIFICATE

__all__ = [
    "CONSULTATION_LETTER",
    "CONSULTATION_TIME",
    "OPENING",
    "PASS_CERTIFICATE",
    "READING",
    "SCORES_READ",
    "CourseFact",
    "Held",
    "PlanFact",
    "earned",
    "is_complete",
    "missing",
    "unmet_groups",
]
