"""Sessions of accounts: opened at sign-in, looked at on every request, ended by the clock, by law or by their owner."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest

from zikao.foundation.access.journal import note, note_end
from zikao.foundation.access.models import Account, LiveSession
from zikao.foundation.access.rules import SECOND_FACTOR, SESSION, session_group
from zikao.foundation.access.states import AccountKind, SessionEnd, SignInEvent
from zikao.foundation.access.where import where_of
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.crypto import sm3
from zikao.foundation.regulation import parameter

SEEN_EVERY = timedelta(seconds=60)


def digest_of(request: HttpRequest) -> bytes:
    """The digest by which a request's session is known; the key itself stands nowhere but in Django's own table."""
    return sm3((request.session.session_key or "").encode())


def open_sessions(account_id: int) -> QuerySet[LiveSession]:
    """Where an account is signed in now, the newest first."""
    return LiveSession.objects.filter(account_id=account_id, ended_at__isnull=True).order_by("-since_at", "-id")


def session_of(request: HttpRequest) -> LiveSession | None:
    """The session that a request belongs to, ended or not."""
    return LiveSession.objects.filter(key_digest=digest_of(request)).select_related("account").first()


def open_session(request: HttpRequest, account: Account, *, factor: str, posts: Collection[str], at: datetime) -> None:
    """Note that the account came in here; where its post allows one session, the older ones end."""
    if request.session.session_key is None:
        request.session.save()
    if set(posts) & set(parameter("one-session-posts").on(local_day(at))):
        end_all(account.pk, SessionEnd.NEWER, at=at)
    where = where_of(request)
    session = LiveSession.objects.create(
        account=account,
        key_digest=digest_of(request),
        factor=factor,
        address=where.address,
        device=where.device,
        since_at=at,
        seen_at=at,
    )
    note(SignInEvent.CAME_IN, account=account, where=where, at=at, factor=factor, session=session)


def follow_key(request: HttpRequest, session: LiveSession) -> None:
    """The browser's session got a new key and goes on: the same person, the same sign-in."""
    if request.session.session_key is None:
        request.session.save()
    LiveSession.objects.filter(pk=session.pk).update(key_digest=digest_of(request))


def end(session: LiveSession, because: SessionEnd, *, at: datetime) -> None:
    """End one session; the browser learns it with its next request."""
    changed = LiveSession.objects.filter(pk=session.pk, ended_at__isnull=True).update(
        ended_at=at, ended_because=because
    )
    if changed:
        signed_out = because == SessionEnd.SIGNED_OUT
        note_end(session, SignInEvent.SIGNED_OUT if signed_out else SignInEvent.ENDED, at)


def end_all(account_id: int, because: SessionEnd, *, at: datetime, besides: int | None = None) -> int:
    """End every session of an account, or every other one; returns how many."""
    rows = open_sessions(account_id).select_related("account")
    found = list(rows if besides is None else rows.exclude(pk=besides))
    for session in found:
        end(session, because, at=at)
    return len(found)


def reason_to_end(session: LiveSession, actor: Actor | None, posts: Collection[str], at: datetime) -> str:
    """Why this session is over now (a SessionEnd), or an empty text."""
    if actor is None:
        return SessionEnd.NO_POST
    day = local_day(at)
    if session.account.kind == AccountKind.STAFF:
        factors = 1 if session.factor else 0
        if not SECOND_FACTOR(on=day, posts=sorted(posts), factors=factors).granted:
            return SessionEnd.FACTOR
    decision = SESSION(
        on=day,
        group=session_group(actor.post, day),
        idle_minutes=int((at - session.seen_at) / timedelta(minutes=1)),
        age_minutes=int((at - session.since_at) / timedelta(minutes=1)),
    )
    if decision.granted:
        return ""
    return SessionEnd.IDLE if decision.refusals[0].code == "session-idle" else SessionEnd.TOO_LONG


def seen(session: LiveSession, at: datetime) -> None:
    """Note that the person is there; not more often than once a minute."""
    if at - session.seen_at >= SEEN_EVERY:
        LiveSession.objects.filter(pk=session.pk).update(seen_at=at)
