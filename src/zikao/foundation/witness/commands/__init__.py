"""Every write of the witness room."""

from zikao.foundation.witness.commands.alarms import keep_told_alarm, settle_alarm
from zikao.foundation.witness.commands.cosignatures import keep_cosignature
from zikao.foundation.witness.commands.offering import offer_checkpoint
from zikao.foundation.witness.commands.renewals import renew_signatures
from zikao.foundation.witness.commands.restores import accept_restore, declare_restore, keep_restore, refuse_restore
from zikao.foundation.witness.commands.verifications import keep_verification
from zikao.foundation.witness.commands.witnessing import witness_checkpoint

__all__ = [
    "accept_restore",
    "declare_restore",
    "keep_cosignature",
    "keep_restore",
    "keep_told_alarm",
    "keep_verification",
    "offer_checkpoint",
    "refuse_restore",
    "renew_signatures",
    "settle_alarm",
    "witness_checkpoint",
]
