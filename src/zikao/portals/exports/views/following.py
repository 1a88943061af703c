"""Exports followed: one's own, the register, one export with its copies, a copy collected."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from zikao.foundation import clock, storage
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import subject_page
from zikao.foundation.errors import NotFound
from zikao.foundation.exports import commands, policies, queries
from zikao.foundation.exports.models import Export
from zikao.foundation.exports.states import ExportState, Form
from zikao.foundation.pages import (
    Asked,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    Waiting,
    few,
    object_page,
    staff_page,
    steps_of,
    table_page,
    url_or_empty,
    waits_for,
)

TONES: dict[str, Any] = {"requested": "due", "approved": "info", "made": "done", "refused": "danger"}
PATH = (ExportState.REQUESTED, ExportState.APPROVED, ExportState.MADE, ExportState.COLLECTED)
MEDIA = {Form.CSV: "text/csv; charset=utf-8", Form.PDF: "application/pdf"}
LETTER = {b"%PDF": "application/pdf", b"\xff\xd8": "image/jpeg"}
FILTERS = (
    Filter("number", "编号", lookup="number__contains"),
    Filter("name", "申请人", lookup="requester_name__contains"),
    Filter("recipient", "提供给", lookup="recipient_name__contains"),
    Filter("state", "状态", "choice", ExportState.choices),
)


def _pill(export: Export) -> Pill:
    return Pill.of(export.state, ExportState, TONES)


COLUMNS = (
    Column("number", "编号", "code"),
    Column("title", "名单"),
    Column("rows_count", "行数", "number"),
    Column("purpose", "用途"),
    Column("requester_name", "申请人"),
    Column("recipient", "提供给", value=lambda row: row.recipient_name or row.get_recipient_display()),
    Column("requested_at", "申请时间", "datetime"),
    Column("state", "状态", "pill", value=_pill),
)


def _link(export: Export) -> str:
    return reverse("exports:export", args=[export.pk])


@staff_page(posts=policies.REQUESTERS)
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What I asked for."""
    empty = "您还没有申请过导出。在名单页面上按“导出”，写明用途，就会在这里看到进度。"
    table = Table(queries.own_exports(actor), COLUMNS, FILTERS, link=_link, order="-id", empty=empty)
    return table_page(request, title="我的导出", table=table)


@staff_page(posts=policies.REGISTER_READERS)
def register(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every export of the subtree: who took what, what for, for whom."""
    empty = "还没有导出。"
    table = Table(queries.registered_exports(actor), COLUMNS, FILTERS, link=_link, order="-id", empty=empty)
    intro = "考试信息的每一次导出都在这里：谁、什么名单、做什么用、给谁、经谁批准、领取了几份。"
    return table_page(request, title="导出登记簿", table=table, intro=intro)


@staff_page(posts=policies.REQUESTERS)
def export(request: HttpRequest, actor: Actor, export_id: int) -> HttpResponse:
    """One export in four parts, with its copies."""
    found = queries.export(actor, export_id)
    reached = {"requested": found.requested_at, "approved": found.approved_at, "made": found.made_at}
    own = policies.may_collect(actor, found)
    return object_page(
        request,
        kicker="导出",
        title=found.number,
        pill=_pill(found),
        facts={"申请": _facts(found), "批准": _approval_facts(found), "文件": _file_facts(found)},
        steps=steps_of(ExportState, found.state, path=PATH, reached={k: v for k, v in reached.items() if v}),
        history=f"exports.export:{found.pk}",
        back=Link("我的导出", reverse("exports:mine")) if own else Link("导出登记簿", reverse("exports:register")),
        extra_template="exports/_copies.html",
        context={
            "export": found,
            "copies": list(found.copies.all()),
            "may_collect": own and found.state == ExportState.MADE and clock.now() < (found.expires_at or clock.now()),
            "own": own,
        },
    )


def _facts(found: Export) -> list[Fact]:
    told = "；".join(f"{label}：{value}" for label, value in found.told) or "全部"
    letter = [Fact("同意函", "查看", "link", href=reverse("exports:letter", args=[found.pk]))] if found.letter else []
    outside = [
        Fact("同意机关", found.get_consent_display(), clause="EA-51"),
        Fact("同意文号", found.consent_number or "—"),
        *letter,
    ]
    return [
        Fact("名单", found.title),
        Fact("筛选条件", told),
        Fact("申请时行数", found.rows_count, "number"),
        Fact("用途", found.purpose, clause="EA-47"),
        Fact("提供给", f"{found.get_recipient_display()} {found.recipient_name}".strip()),
        *(outside if found.consent else []),
        Fact("申请人", f"{found.requester_name}（{found.agency_code or '全国'}）"),
        Fact("格式与份数", f"{found.get_form_display()}，{found.copies_count} 份"),
        Fact("完整显示的个人信息", f"{len(found.clear)} 栏" if found.clear else "无，均隐去", clause="EA-47"),
    ]


def _approval_facts(found: Export) -> list[Fact]:
    if found.approval_id is None:
        return [Fact("批准", "不需要：个人信息已隐去、行数不多、本机构使用", clause="EA-47")]
    url = url_or_empty("approvals:approval", {"approval_id": found.approval_id})
    facts = [Fact("签批", f"第 {found.approval_id} 号", "link" if url else "text", href=url, clause="EA-51")]
    return [*facts, Fact("不予导出的原因", found.refused_reason)] if found.refused_reason else facts


def _file_facts(found: Export) -> list[Fact]:
    if found.made_at is None:
        return [Fact("文件", found.refused_reason or "还没有生成。")]
    return [
        Fact("生成时间", found.made_at, "datetime"),
        Fact("实际行数", found.made_rows, "number"),
        Fact("领取截止", found.expires_at, "datetime", clause="EA-47"),
    ]


@staff_page(posts=policies.REQUESTERS)
def letter(request: HttpRequest, actor: Actor, export_id: int) -> HttpResponse:
    """The letter of consent, to those who may see the export."""
    found = queries.export(actor, export_id)
    if not found.letter:
        raise NotFound("no-letter", message="没有同意函。")
    content = storage.get(found.letter)
    kind = next((kind for head, kind in LETTER.items() if content.startswith(head)), "image/png")
    return HttpResponse(content, content_type=kind, headers={"X-Content-Type-Options": "nosniff"})


@require_POST
@staff_page(posts=policies.REQUESTERS)
def collect(request: HttpRequest, actor: Actor, export_id: int, copy_number: int) -> HttpResponse:
    """A copy leaves: the ledger line first, then the file."""
    receipt = commands.collect_copy(export_id=export_id, copy_number=copy_number, by=actor, at=clock.now())
    copy = receipt.value
    form = Form(copy.export.form)
    name = quote(f"{copy.export.number}-{copy.number}.{form}")
    return HttpResponse(
        storage.get(copy.digest),
        content_type=MEDIA[form],
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )


subject_page("exports.export", lambda pk: reverse("exports:export", args=[pk]))


@waits_for(policies.REQUESTERS, "可以领取的导出文件", "EA-47", stage="exports")
def to_collect(actor: Actor) -> Asked:
    """What I asked for and may collect now."""
    rows = queries.waiting_for_collection(actor)
    yield rows
    count, found = few(rows, 1)
    first = found[0] if found else None
    if first is None:
        return Waiting(0)
    return Waiting(count, reverse("exports:mine"), since=first.made_at, due=first.expires_at)
