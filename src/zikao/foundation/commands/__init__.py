"""The one way to write: permission, state, law, change and ledger line in one transaction."""

from zikao.foundation.commands.apart import check_apart, keeps_apart
from zikao.foundation.commands.bulk import copied_in
from zikao.foundation.commands.changes import Outcome, Receipt, check_transition, snapshot
from zikao.foundation.commands.mechanism import CommandInfo, all_commands, command, set_authoriser
from zikao.foundation.commands.rows import all_rows, as_told, asked_as_owner, asked_of_all_rows, rows_of
from zikao.foundation.commands.scope import access, scoped

__all__ = [
    "CommandInfo",
    "Outcome",
    "Receipt",
    "access",
    "all_commands",
    "all_rows",
    "as_told",
    "asked_as_owner",
    "asked_of_all_rows",
    "check_apart",
    "check_transition",
    "command",
    "copied_in",
    "keeps_apart",
    "rows_of",
    "scoped",
    "set_authoriser",
    "snapshot",
]
