"""水印识别: a found page or file is uploaded; whose copy it is stands on the page and in the ledger."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.crypto import sm3
from zikao.foundation.errors import ZikaoError
from zikao.foundation.exports import commands, policies
from zikao.foundation.exports.models import ExportCopy
from zikao.foundation.exports.watermark.pictures import grey_of
from zikao.foundation.exports.watermark.reading import read_mark
from zikao.foundation.pages import Fact, form_page, staff_page
from zikao.foundation.pages.forms import speak_plainly
from zikao.portals.exports.forms import TraceForm

WHAT = "从页面的一角读出水印，或者按完整文件的摘要，查出是哪一次导出的第几份、谁领取的、什么时候。每次识别写入账本。"


@staff_page(posts=policies.MARK_READERS)
def trace(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form, and after it what was found."""
    form = speak_plainly(TraceForm(request.POST, request.FILES) if request.method == "POST" else TraceForm())
    result: list[Fact] | None = None
    error: ZikaoError | None = None
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["found"]
        picture = grey_of(content)
        mark = read_mark(picture) if picture is not None else None
        where = form.cleaned_data["found_where"]
        digest = sm3(content).hex()
        try:
            receipt = commands.trace_leak(mark=mark, file_digest=digest, found_where=where, by=actor, at=clock.now())
            result = _result(receipt.value, mark, is_picture=picture is not None)
        except ZikaoError as refused:
            error = refused
    return form_page(
        request,
        title="水印识别",
        form=form,
        what=WHAT,
        clause="EA-47",
        button="识别",
        error=error,
        extra_template="exports/_traced.html",
        context={"traced": result},
        status=error.http_status if error else 422 if form.errors else 200,
    )


def _result(copy: ExportCopy | None, mark: int | None, *, is_picture: bool) -> list[Fact]:
    if copy is None and mark is not None:
        return [
            Fact(
                "结果",
                "读出了水印，但不是本辖区登记的导出",
                note=f"水印 {mark:08x}；可能由其他省导出，请联系对方核对。",
            )
        ]
    if copy is None:
        hint = "请换一块更清晰、文字较少的部分，约 5 厘米见方，再试。" if is_picture else "文件有改动的，摘要就对不上。"
        return [Fact("结果", "没有读出水印" if is_picture else "没有找到这个文件", note=hint)]
    export = copy.export
    return [
        Fact("导出编号", export.number, "link", href=reverse("exports:export", args=[export.pk])),
        Fact("份号", f"第 {copy.number} 份，共 {export.copies_count} 份"),
        Fact("申请人", f"{export.requester_name}（{export.agency_code or '全国'}）"),
        Fact("领取时间", copy.collected_at or "没有领取过", "datetime" if copy.collected_at else "text"),
        Fact("用途", export.purpose),
        Fact("提供给", f"{export.get_recipient_display()} {export.recipient_name}".strip()),
    ]
