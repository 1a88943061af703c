"""Asking for an export: the present filter, the number of rows, and what for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput, NotFound, NotPermitted, ZikaoError
from zikao.foundation.exports import commands, policies
from zikao.foundation.exports.datasets import Dataset, Extract, dataset_of
from zikao.foundation.exports.states import ExportState
from zikao.foundation.pages import Fact, form_page, staff_page
from zikao.foundation.pages.acting import receipt_tag
from zikao.foundation.pages.forms import speak_plainly
from zikao.foundation.regulation import parameter
from zikao.portals.exports.forms import AskForm

WHAT = (
    "登记用途、编号后导出。个人信息全部隐去、不超过 {limit:,} 行、本机构自己使用的，登记后立即生成；"
    "其余的先经业务负责人审核、主要负责人批准。"
)


@staff_page(posts=policies.REQUESTERS)
def ask(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form; the list and its filter stand in the address, so that the page can be left and found again."""
    params = {key: value for key, value in request.GET.dict().items() if key != "list"}
    dataset = dataset_of(request.GET.get("list", ""), actor)
    extract = dataset.open(actor, params)
    options: dict[str, Any] = {"extract": extract, "most_copies": int(parameter("export-copies").on(clock.today()))}
    if request.method != "POST":
        return _page(request, dataset, extract, speak_plainly(AskForm(**options)))
    form = speak_plainly(AskForm(request.POST, request.FILES, **options))
    if not form.is_valid():
        return _page(request, dataset, extract, form, status=422)
    try:
        receipt = _request(request, actor, dataset, extract, form)
    except (NotPermitted, NotFound):
        raise
    except ZikaoError as error:
        for name, text in error.field_errors.items() if isinstance(error, BadInput) else ():
            form.add_error(name if name in form.fields else None, text)
        return _page(request, dataset, extract, form, error=error, status=error.http_status)
    return _answer(request, receipt)


def _request(request: HttpRequest, actor: Actor, dataset: Dataset, extract: Extract, form: AskForm) -> Any:
    data = form.cleaned_data
    wanted = commands.Request(
        dataset=dataset.name,
        params=dict(extract.params),
        columns=tuple(data["columns"]),
        clear=tuple(data.get("clear", ())),
        purpose=data["purpose"],
        form=data["form"],
        copies=data["copies"],
        recipient=data["recipient"],
        recipient_name=data["recipient_name"],
        consent=data["consent"],
        consent_number=data["consent_number"],
        letter=data["letter"],
    )
    key = request.POST.get("idempotency_key") or uuid.uuid4().hex
    return commands.request_export(request=wanted, key=key, by=actor, at=clock.now())


def _answer(request: HttpRequest, receipt: Any) -> HttpResponse:
    pk = int(receipt.subject.rpartition(":")[2])
    waits = not receipt.repeated and receipt.value.state == ExportState.REQUESTED
    said = "已登记，等待批准。" if waits else "已登记，正在生成文件。"
    messages.success(request, said, extra_tags=receipt_tag(receipt))
    return HttpResponseRedirect(reverse("exports:export", args=[pk]))


def _page(
    request: HttpRequest,
    dataset: Dataset,
    extract: Extract,
    form: AskForm,
    *,
    error: ZikaoError | None = None,
    status: int = 200,
) -> HttpResponse:
    limit = int(parameter("export-rows-without-approval").on(clock.today()))
    return form_page(
        request,
        title=f"导出{dataset.title}",
        form=form,
        what=WHAT.format(limit=limit),
        clause="EA-47",
        button="登记并申请导出",
        error=error,
        extra_template="exports/_what.html",
        context={"export_facts": _facts(extract), "key": _key(request)},
        status=status,
    )


def _facts(extract: Extract) -> list[Fact]:
    told: Mapping[str, str] = dict(extract.told)
    count, is_least = extract.looked()
    return [
        Fact("筛选条件", "；".join(f"{label}：{value}" for label, value in told.items()) or "全部"),
        Fact("行数", f"{count:,} 以上（登记时数清）" if is_least else count, "text" if is_least else "number"),
    ]


def _key(request: HttpRequest) -> str:
    return request.POST.get("idempotency_key") or uuid.uuid4().hex
