"""Every request knows who acts: `request.actor` is an Actor, or None for the public."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from zikao.foundation import clock
from zikao.foundation.access.models import Account
from zikao.foundation.access.queries import actor_of
from zikao.foundation.actors import Actor


class ActorMiddleware:
    """Sets `request.actor` from the signed-in account and the appointment chosen in its session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = self._actor(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def _actor(self, request: HttpRequest) -> Actor | None:
        if not isinstance(request.user, Account):
            return None
        return actor_of(request.user, clock.now(), request.session.get("appointment"))
