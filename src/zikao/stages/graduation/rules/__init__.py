"""The law of graduation: the plan fulfilled, the materials complete, the date and number of the certificate."""

from zikao.stages.graduation.rules.audit import AUDIT
from zikao.stages.graduation.rules.certificate import (
    BATCH,
    CERTIFICATE_NUMBER,
    HANDING_OUT,
    ISSUE_DATE,
    LATER_BATCH,
    MATERIALS,
    REVIEWER,
)
from zikao.stages.graduation.rules.compiled import CompiledAudit

__all__ = [
    "AUDIT",
    "BATCH",
    "CERTIFICATE_NUMBER",
    "HANDING_OUT",
    "ISSUE_DATE",
    "LATER_BATCH",
    "MATERIALS",
    "REVIEWER",
    "CompiledAudit",
]
