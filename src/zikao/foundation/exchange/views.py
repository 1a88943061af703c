"""The door for other nodes: one address, signed packages only."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from zikao.foundation import clock
from zikao.foundation.errors import ZikaoError
from zikao.foundation.exchange.faults import BadPackage
from zikao.foundation.exchange.inbox import receive


@csrf_exempt  # other nodes have no session: the signature says who they are
@require_POST
def inbox(request: HttpRequest) -> HttpResponse:
    """Take a package and give back the answers."""
    try:
        return HttpResponse(receive(_body(request), clock.now()), content_type="application/json")
    except ZikaoError as trouble:
        return JsonResponse(trouble.as_dict(), status=trouble.http_status)


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise BadPackage("package-too-large") from None
