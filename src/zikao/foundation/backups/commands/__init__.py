"""Every change to what is known of backups."""

from zikao.foundation.backups.commands.custody import (
    hand_over_custody,
    record_escrow,
    register_custody_key,
    set_destination,
)
from zikao.foundation.backups.commands.records import (
    declare_restored,
    record_backup,
    record_drill,
    record_failure,
    record_removal,
)

__all__ = [
    "declare_restored",
    "hand_over_custody",
    "record_backup",
    "record_drill",
    "record_escrow",
    "record_failure",
    "record_removal",
    "register_custody_key",
    "set_destination",
]
