"""A person ends one of their own sessions elsewhere."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.access import policies, sessions
from zikao.foundation.access.models import LiveSession
from zikao.foundation.access.states import SessionEnd
from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import NotFound, NotPermitted


@command(writes="access.session-ended", clauses=("EA-47",), posts=policies.OWNERS)
def end_session(*, session_id: int, by: Actor, at: datetime) -> Outcome[None]:
    """End a sign-in of one's own, there and at once.

    Source:  EA-47
    Writes:  access.session-ended
    Raises:  NotPermitted, NotFound (not one's own, or over already)
    """
    if by.account_id is None:
        raise NotPermitted("nobody", message="没有登录的账号。")
    mine = sessions.open_sessions(by.account_id).select_related("account")
    found: LiveSession | None = mine.filter(pk=session_id).first()
    if found is None:
        raise NotFound("no-session", message="没有这一处登录，或已经结束。")
    sessions.end(found, SessionEnd.BY_OWNER, at=at)
    return Outcome(None, on=f"access.account:{by.account_id}", facts={"session": session_id})
