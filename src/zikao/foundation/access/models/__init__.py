"""Accounts and appointments; what proves a person; where they are signed in; the journal of sign-ins."""

from zikao.foundation.access.models.accounts import Account, Appointment, Proof
from zikao.foundation.access.models.factors import FactorReset, Passkey, RecoveryCode, TotpDevice
from zikao.foundation.access.models.sessions import LiveSession, OldPassword, SignIn, Tries

__all__ = [
    "Account",
    "Appointment",
    "FactorReset",
    "LiveSession",
    "OldPassword",
    "Passkey",
    "Proof",
    "RecoveryCode",
    "SignIn",
    "TotpDevice",
    "Tries",
]
