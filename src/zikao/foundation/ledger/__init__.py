"""The append-only log: one line a command, an SM3 Merkle tree, signed checkpoints."""

from zikao.foundation.ledger.checkpoints import checkpoint, prove_consistency, prove_inclusion, prove_inclusions
from zikao.foundation.ledger.lines import LineView, append, line_of_id, line_of_key, lines_about
from zikao.foundation.ledger.sequencer import LedgerBusy, LedgerMoved, rebase, sequence
from zikao.foundation.ledger.subtrees import fill_subtrees
from zikao.foundation.ledger.tree import Inclusion, leaf_hash, verify_consistency, verify_inclusion

__all__ = [
    "Inclusion",
    "LedgerBusy",
    "LedgerMoved",
    "LineView",
    "append",
    "checkpoint",
    "fill_subtrees",
    "leaf_hash",
    "line_of_id",
    "line_of_key",
    "lines_about",
    "prove_consistency",
    "prove_inclusion",
    "prove_inclusions",
    "rebase",
    "sequence",
    "verify_consistency",
    "verify_inclusion",
]
