"""Batches, their rows, and the certificate as it is reported; what the public may know of it."""

from zikao.stages.registry.queries.batches import (
    batch,
    batches,
    batches_in,
    certificates_of,
    counts_of,
    dates_to_check,
    registrable,
    registrables,
    rejected_batches,
    row,
    rows,
)
from zikao.stages.registry.queries.verification import answers_public, look_up, look_up_number, look_up_token

__all__ = [
    "answers_public",
    "batch",
    "batches",
    "batches_in",
    "certificates_of",
    "counts_of",
    "dates_to_check",
    "look_up",
    "look_up_number",
    "look_up_token",
    "registrable",
    "registrables",
    "rejected_batches",
    "row",
    "rows",
]
