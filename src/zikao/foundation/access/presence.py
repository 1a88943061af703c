"""Who a request comes from, looked at anew each time: what ended since the last one counts at once."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest

from zikao.foundation import clock
from zikao.foundation.access import sessions
from zikao.foundation.access.models import Account, LiveSession
from zikao.foundation.access.queries import actor_of, appointments_in_effect
from zikao.foundation.access.states import AccountKind, SessionEnd
from zikao.foundation.actors import Actor
from zikao.foundation.clock import LOCAL

WHY = "session-ended"
"""Where a browser's new session keeps why the old one ended, for the sign-in page to say."""
SENTENCES = {
    SessionEnd.NEWER: (
        "您的账号刚在别处登录，您的岗位同一时间只能在一处登录，所以这里退出了。"
        "不是您本人登录的，请立即更改密码并告诉安全管理员。"
    ),
    SessionEnd.BY_OWNER: "您在别处结束了这里的登录。",
    SessionEnd.IDLE: "较长时间没有操作，登录已自动退出。填到一半的内容还在这个浏览器窗口里。",
    SessionEnd.TOO_LONG: "本次登录已到最长时间，请重新登录。填到一半的内容还在这个浏览器窗口里。",
    SessionEnd.PASSWORD: "密码已更改，请用新密码登录。不是您本人更改的，请立即告诉系统管理员。",
    SessionEnd.CLOSED: "账号已注销，不能再登录。",
    SessionEnd.NO_POST: "您的岗位聘任已终止，登录已结束。有疑问的，请联系本机构的安全管理员。",
    SessionEnd.FACTOR: "登录须有第二重验证，请重新登录。",
}


def present_actor(request: HttpRequest) -> Actor | None:
    """Who acts in this request; None for the public, and for somebody whose session is over as of now."""
    if SESSION_KEY not in request.session:
        return None
    at = clock.now()
    session = sessions.session_of(request)
    if session is not None and session.ended_at is not None:
        _leave(request, session.ended_because, _place(session))
        return None
    if session is None or not isinstance(request.user, Account) or request.user.pk != session.account_id:
        _leave(request, "", "")
        return None
    account = request.user
    staff = account.kind == AccountKind.STAFF
    standing = list(appointments_in_effect(account, at).order_by("id")) if staff else []
    actor = actor_of(account, at, request.session.get("appointment"), standing)
    because = sessions.reason_to_end(session, actor, [each.post for each in standing], at)
    if because:
        sessions.end(session, SessionEnd(because), at=at)
        _leave(request, because, "")
        return None
    sessions.seen(session, at)
    request.live_session = session  # type: ignore[attr-defined]
    request.appointments = standing  # type: ignore[attr-defined]
    return actor


def why_ended(request: HttpRequest) -> str:
    """The sentence that says why the browser's last session ended; said once."""
    return str(request.session.pop(WHY, ""))


def live_session_of(request: HttpRequest) -> LiveSession | None:
    """The session of who acts in this request."""
    found = getattr(request, "live_session", None)
    return found if isinstance(found, LiveSession) else None


def _leave(request: HttpRequest, because: str, where: str) -> None:
    from django.contrib.auth.models import AnonymousUser

    request.session.flush()
    request.user = AnonymousUser()
    if because:
        request.session[WHY] = SENTENCES.get(SessionEnd(because), "") + where


def _place(session: LiveSession) -> str:
    """For who was replaced: from where the newer one came."""
    if session.ended_because != SessionEnd.NEWER or session.ended_at is None:
        return ""
    newer = sessions.open_sessions(session.account_id).first()
    if newer is None:
        return ""
    moment = newer.since_at.astimezone(LOCAL)
    return f"（{moment:%m月%d日 %H:%M}，{' '.join(filter(None, (newer.address, newer.device)))}）"
