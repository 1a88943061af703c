"""What is kept registered and moved, time started, holds placed and released, things destroyed by the one path."""

from zikao.foundation.retention.commands.destroying import (
    carry_out_destruction,
    propose_destruction,
    witness_destruction,
)
from zikao.foundation.retention.commands.holding import place_hold, release_hold
from zikao.foundation.retention.commands.keeping import (
    begin_keeping,
    move_holding,
    note_publication,
    register_holding,
    start_clock,
)

__all__ = [
    "begin_keeping",
    "carry_out_destruction",
    "move_holding",
    "note_publication",
    "place_hold",
    "propose_destruction",
    "register_holding",
    "release_hold",
    "start_clock",
    "witness_destruction",
]
