"""The API: one typed schema, its documents, and what other programs may ask of this node."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from zikao.foundation.errors import BadInput, ZikaoError
from zikao.foundation.ledger.api import router as ledger
from zikao.stages.programmes.api import router as timetables
from zikao.stages.registry.api import router as certificates
from zikao.stages.seating.api import router as draws

api = NinjaAPI(
    title="自考 Zikao",
    version="1",
    description="公开查询接口：考试安排、随机编排、证书查验、账本检查点。",
    urls_namespace="api",
    docs_url=None,
)


@api.exception_handler(ZikaoError)
def refuse(request: HttpRequest, error: Any) -> HttpResponse:
    """Every refusal as code, message, remedy, clause and facts."""
    return api.create_response(request, error.as_dict(), status=error.http_status)


@api.exception_handler(ValidationError)
def point_out(request: HttpRequest, error: Any) -> HttpResponse:
    """What does not fit the schema, in the shape of every other refusal."""
    facts = {".".join(str(part) for part in each["loc"]): str(each["msg"]) for each in error.errors}
    wrong = BadInput("bad-request", facts=facts, message="请求的内容不符合接口说明。", remedy="请对照接口说明改正。")
    return api.create_response(request, wrong.as_dict(), status=wrong.http_status)


api.add_router("/timetables", timetables)
api.add_router("/draws", draws)
api.add_router("/certificates", certificates)
api.add_router("/ledger", ledger)
