"""How often one address may ask a question that is open to everybody, so that nobody walks through the numbers."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

from zikao.foundation import clock

QUESTIONS_A_MINUTE = 30
KEPT_SECONDS = 120


def asks_too_often(request: HttpRequest, what: str) -> bool:
    """Count this question about `what`; whether its address has asked more than it may in this minute."""
    key = f"asked:{what}:{request.META.get('REMOTE_ADDR', '')}:{clock.now():%Y%m%d%H%M}"
    cache.add(key, 0, KEPT_SECONDS)
    try:
        return int(cache.incr(key)) > QUESTIONS_A_MINUTE
    except ValueError:  # the minute's count was dropped between the two calls
        return False
