"""Accounts, passwords, appointments, second factors and their reset, sessions ended by their owner."""

from zikao.foundation.access.commands.accounts import change_password, close_account, open_account, reset_password
from zikao.foundation.access.commands.appointments import appoint, end_appointment
from zikao.foundation.access.commands.factors import (
    add_passkey,
    remove_passkey,
    remove_totp,
    renew_recovery_codes,
    set_up_totp,
)
from zikao.foundation.access.commands.resets import ask_factor_reset, confirm_factor_reset, refuse_factor_reset
from zikao.foundation.access.commands.sessions import end_session

__all__ = [
    "add_passkey",
    "appoint",
    "ask_factor_reset",
    "change_password",
    "close_account",
    "confirm_factor_reset",
    "end_appointment",
    "end_session",
    "open_account",
    "refuse_factor_reset",
    "remove_passkey",
    "remove_totp",
    "renew_recovery_codes",
    "reset_password",
    "set_up_totp",
]
