"""Accounts and appointments; what proves a person; where they are signed in; the journal of sign-ins."""

from zikao.foundation.access.models.accounts import Account, Appointment

__all__ = ["Account", "Appointment"]
