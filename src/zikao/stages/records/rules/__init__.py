"""The law of records: when one is opened, what earns a certificate, what a plan still lacks."""

from zikao.stages.records.rules.fulfilment import CourseFact, Held, PlanFact, earned, is_complete, missing, unmet_groups
from zikao.stages.records.rules.opening import OPENING, PASS_CERTIFICATE

__all__ = [
    "OPENING",
    "PASS_CERTIFICATE",
    "CourseFact",
    "Held",
    "PlanFact",
    "earned",
    "is_complete",
    "missing",
    "unmet_groups",
]
