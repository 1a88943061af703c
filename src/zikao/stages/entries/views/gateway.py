"""The door of the payment gateway: signed call-backs. What it answers tells the gateway whether to call again."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from zikao.foundation import clock
from zikao.foundation.actors import node_actor
from zikao.foundation.pages.limits import asks_too_often
from zikao.stages.entries import commands
from zikao.stages.entries.gateway.signing import LONGEST_BODY, Notice, is_genuine
from zikao.stages.entries.states import NoticeVerdict

STATUS = {
    NoticeVerdict.FORGED: 401,
    NoticeVerdict.STALE: 401,
    NoticeVerdict.REPLAYED: 409,
    NoticeVerdict.MALFORMED: 400,
    NoticeVerdict.UNKNOWN: 404,
}


@csrf_exempt
@require_POST
def notice(request: HttpRequest) -> HttpResponse:
    """Take in a call-back: time, nonce and signature in the headers, the movement in the body."""
    told = _told(request)
    if told is None:
        return HttpResponse("malformed", status=400)
    if not is_genuine(told) and asks_too_often(request, "gateway-notice"):
        return HttpResponse("too many", status=429)
    address = str(request.META.get("REMOTE_ADDR", ""))
    verdict = commands.hear_gateway(notice=told, address=address, by=node_actor(), at=clock.now()).value
    return HttpResponse(verdict.value, status=STATUS.get(verdict, 200))


def _told(request: HttpRequest) -> Notice | None:
    try:
        sent_at = datetime.fromisoformat(request.headers.get("X-Gateway-Time", ""))
        body = request.body if int(request.headers.get("Content-Length") or 0) <= LONGEST_BODY else b""
    except ValueError:
        return None
    nonce, signature = request.headers.get("X-Gateway-Nonce", ""), request.headers.get("X-Gateway-Signature", "")
    fits = 8 <= len(nonce) <= 64 and nonce.isascii() and nonce.isalnum() and len(signature) == 64
    return Notice(nonce, sent_at, body, signature) if body and fits and sent_at.tzinfo is not None else None
