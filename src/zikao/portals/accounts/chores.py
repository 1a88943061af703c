"""What accounts leave to the caretaker: counts that hold nobody up and expired sessions are dropped."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore

from zikao.foundation import clock
from zikao.foundation.access import lockout
from zikao.foundation.jobs.caretaker import chore
from zikao.foundation.secrecy import sealed_field

# access lies below the register of sealed columns, so its one such column is entered from here
TOTP_SECRET = sealed_field("access.TotpDevice", "secret_sealed", title="动态码密钥", bound_to=("account_id",))


@chore("forget-failures", every_seconds=600)
def forget_failures() -> int:
    """Drop the counts of failures that are over, so that guessers do not fill the table."""
    return lockout.forget_old(clock.now())


@chore("clear-sessions", every_seconds=3600)
def clear_sessions() -> None:
    """Drop the browser sessions that are over; the rows that say who was signed in where stay."""
    SessionStore.clear_expired()
