"""The API: one typed schema, its documents, and what other programs may ask of this node."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from zikao.foundation.errors import ZikaoError

api = NinjaAPI(
    title="自考 Zikao",
    version="1",
    description="公开查询接口：考试安排、证书查验、账本检查点。",
    urls_namespace="api",
    docs_url=None,
)


@api.exception_handler(ZikaoError)
def refuse(request: HttpRequest, error: Any) -> HttpResponse:
    """Every refusal as code, message, remedy, clause and facts."""
    return api.create_response(request, error.as_dict(), status=error.http_status)
