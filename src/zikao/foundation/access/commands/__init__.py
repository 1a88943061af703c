"""Accounts opened and closed, passwords changed, appointments made and ended."""

from zikao.foundation.access.commands.accounts import change_password, close_account, open_account, reset_password
from zikao.foundation.access.commands.appointments import appoint, end_appointment

__all__ = ["appoint", "change_password", "close_account", "end_appointment", "open_account", "reset_password"]
