"""Every write of entries."""

from zikao.stages.entries.commands.bulk import enter_many
from zikao.stages.entries.commands.closing import close_entries
from zikao.stages.entries.commands.entering import enter_courses, examine, withdraw_entry
from zikao.stages.entries.commands.paying import record_payment, record_payments
from zikao.stages.entries.commands.windows import move_window, open_window

__all__ = [
    "close_entries",
    "enter_courses",
    "enter_many",
    "examine",
    "move_window",
    "open_window",
    "record_payment",
    "record_payments",
    "withdraw_entry",
]
