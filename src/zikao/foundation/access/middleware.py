"""Every request knows who acts, and is shown their rows: `request.actor` is an Actor, or None for the public."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.conf import settings
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from zikao.foundation.access.presence import present_actor
from zikao.foundation.actors import Actor
from zikao.foundation.commands import rows_of


class ActorMiddleware:
    """Sets `request.actor` from the signed-in account and the appointment chosen in its session.

    Paths that ask for no session (a place in a queue, a machine's signed notice) have no actor, and cost no look-up.
    Until the answer is made the connection shows the actor's rows, to the public none; then it is told so no more.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(settings.ZIKAO_SESSIONLESS):
            request.actor = None  # type: ignore[attr-defined]
            return self.get_response(request)
        actor = present_actor(request)
        request.actor = actor  # type: ignore[attr-defined]
        with rows_of(actor):
            response = self.get_response(request)
        return _sent_within(actor, response)


def _sent_within(actor: Actor | None, response: HttpResponseBase) -> HttpResponseBase:
    """The answer, made within the actor's rows too where it is made while it is sent; a file reads none."""
    if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
        response.streaming_content = _in_parts(actor, iter(response))
    return response


def _in_parts(actor: Actor | None, parts: Iterator[bytes]) -> Iterator[bytes]:
    """What is made while it is sent: each part by itself, so that a reader who goes away leaves nothing behind."""
    while True:
        with rows_of(actor):
            part = next(parts, None)
        if part is None:
            return
        yield part
