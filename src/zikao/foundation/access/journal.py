"""The journal of sign-ins: one line for each coming, failing and going."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.access.models import Account, LiveSession, SignIn
from zikao.foundation.access.states import SignInEvent
from zikao.foundation.access.where import Where


def note(
    event: SignInEvent,
    *,
    account: Account | None,
    where: Where,
    at: datetime,
    factor: str = "",
    session: LiveSession | None = None,
) -> None:
    """Write one line. What was typed is never kept: a name that nobody has may be a password in the wrong field."""
    SignIn.objects.create(
        at=at,
        account_id=account.pk if account else None,
        agency_code=account.agency_code if account else "",
        event=event,
        factor=factor,
        address=where.address,
        device=where.device,
        session_id=session.pk if session else None,
    )


def note_end(session: LiveSession, event: SignInEvent, at: datetime) -> None:
    """Write that a session is over; the place is where it was opened."""
    note(
        event,
        account=session.account,
        where=Where(session.address, session.device),
        at=at,
        factor=session.factor,
        session=session,
    )
