"""Batches reported to the centre, and what the centre answers."""

from zikao.stages.registry.commands.answers import take_in_answer, take_in_revocation
from zikao.stages.registry.commands.reporting import approve_batch, check_batch, resend_rejected, send_batch

__all__ = ["approve_batch", "check_batch", "resend_rejected", "send_batch", "take_in_answer", "take_in_revocation"]
