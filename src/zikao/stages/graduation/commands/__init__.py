"""Applications taken in, decided by three bodies, and certified in batches."""

from zikao.stages.graduation.commands.applications import (
    apply_for_graduation,
    decide_applications,
    postpone_application,
    return_application,
)
from zikao.stages.graduation.commands.certificates import hand_out_certificate, make_certificates

__all__ = [
    "apply_for_graduation",
    "decide_applications",
    "hand_out_certificate",
    "make_certificates",
    "postpone_application",
    "return_application",
]
