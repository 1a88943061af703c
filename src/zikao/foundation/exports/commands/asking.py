"""An export is asked for; where the law wants signatures, its chain is opened in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import Approval, propose, when_approved, when_refused
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command
from zikao.foundation.errors import BadInput, NotPermitted
from zikao.foundation.exports import policies, rules
from zikao.foundation.exports.datasets import Dataset, Extract, dataset_of
from zikao.foundation.exports.models import Export
from zikao.foundation.exports.numbers import next_serial, number_of
from zikao.foundation.exports.queries import digest_of, requester_of
from zikao.foundation.exports.states import TRANSITIONS, ExportState, Form, Recipient
from zikao.foundation.jobs.working import order
from zikao.foundation.regulation import parameter

CHAIN = "export"
KIND = "exports.make"
LETTERS = {b"%PDF": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


@dataclass(frozen=True)
class Request:
    """What somebody wants: `params` is the list's filter, `clear` the personal columns wanted in full."""

    dataset: str
    columns: tuple[str, ...]
    purpose: str
    params: Mapping[str, str] = field(default_factory=dict)
    clear: tuple[str, ...] = ()
    form: str = Form.PDF
    copies: int = 1
    recipient: str = Recipient.OWN
    recipient_name: str = ""
    consent: str = ""
    consent_number: str = ""
    letter: bytes = b""

    @property
    def outside(self) -> bool:
        """Whether it leaves the examination system."""
        return self.recipient == Recipient.OUTSIDE


@command(writes="exports.requested", clauses=("EA-47", "EA-51", "EA-50"), posts=policies.REQUESTERS)
def request_export(*, request: Request, by: Actor, at: datetime, key: str | None = None) -> Outcome[Export]:
    """Ask for an export: it is made at once, or proposed to the heads, by what it holds and who gets it.

    Source:  EA-47, EA-50, EA-51
    Writes:  exports.requested
    Raises:  NotPermitted, NotFound (no such list for this post), BadInput, Refused
    """
    if by.account_id is None:
        raise NotPermitted("export-without-account", message="导出须由登录的工作人员提出。")
    day = local_day(at)
    dataset = dataset_of(request.dataset, by)
    extract = dataset.open(by, request.params)
    _check(request, extract, day)
    rules.MARKING_STAYS(on=day, marking=dataset.marking, outside=request.outside).require()
    rules.OUTSIDE(on=day, outside=request.outside, consent=request.consent, letter=bool(request.letter)).require()
    way = rules.WAY(on=day, personal=bool(request.clear), rows=extract.count, outside=request.outside)
    export = _record(request, dataset, extract, by, at)
    if way == "approval":
        export.approval_id = _propose(export, extract, by, at).pk
        export.state = ExportState.REQUESTED
    else:
        _order(export, at)
    export.save(force_insert=True)
    facts = {"number": export.number, "dataset": dataset.name, "rows": extract.count, "way": way,
             "purpose": export.purpose, "columns": export.columns, "clear": export.clear,
             "recipient": export.recipient}  # fmt: skip
    return Outcome(export, facts=facts)


def _check(request: Request, extract: Extract, day: date) -> None:
    personal = {column.key for column in extract.chosen(request.columns) if column.is_personal}
    wrong = {**_wrong_form(request, extract, day), **_wrong_recipient(request)}
    shortest = int(parameter("export-purpose-length").on(day))
    if not extract.count:
        wrong["columns"] = "这个筛选范围内没有内容可导出。"
    if set(request.clear) - personal:
        wrong["clear"] = "只能选择已列入栏目的个人信息栏。"
    if len(request.purpose.strip()) < shortest:
        wrong["purpose"] = f"请写明用途（不少于 {shortest} 个字）：给谁用、做什么、用到什么时候。"
    if wrong:
        raise BadInput("export-request", field_errors=wrong, message="；".join(wrong.values()))


def _wrong_form(request: Request, extract: Extract, day: date) -> dict[str, str]:
    most_copies, most_rows = int(parameter("export-copies").on(day)), int(parameter("export-pdf-rows").on(day))
    wrong = {}
    if not 1 <= request.copies <= most_copies:
        wrong["copies"] = f"份数为 1 到 {most_copies}。"
    if request.form not in Form.values:
        wrong["form"] = "请选择格式。"
    elif request.form == Form.PDF and extract.count > most_rows:
        wrong["form"] = f"PDF 最多 {most_rows:,} 行，现有 {extract.count:,} 行。请缩小筛选范围，或者改用 CSV。"
    return wrong


def _wrong_recipient(request: Request) -> dict[str, str]:
    wrong = {}
    if request.recipient not in Recipient.values:
        wrong["recipient"] = "请选择提供给谁。"
    elif request.recipient != Recipient.OWN and not request.recipient_name.strip():
        wrong["recipient_name"] = "请写明接收单位或个人。"
    if request.letter and not request.letter.startswith(tuple(LETTERS)):
        wrong["letter"] = "同意函须是 PDF、JPEG 或 PNG 文件。"
    return wrong


def _record(request: Request, dataset: Dataset, extract: Extract, by: Actor, at: datetime) -> Export:
    year = local_day(at).year
    serial = next_serial(year)
    kind = next((kind for head, kind in LETTERS.items() if request.letter.startswith(head)), "")
    export = Export(
        number=number_of(year, serial), year=year, serial=serial, dataset=dataset.name, title=dataset.title,
        params=dict(extract.params), told=[list(pair) for pair in extract.told], rows_count=extract.count,
        columns=[column.key for column in extract.chosen(request.columns)], clear=sorted(request.clear),
        form=request.form, copies_count=request.copies, purpose=request.purpose.strip(),
        recipient=request.recipient, recipient_name=request.recipient_name.strip(),
        consent=request.consent if request.outside else "", consent_number=request.consent_number.strip(),
        letter=storage.put(request.letter, media_type=kind, at=at) if request.letter else "",
        requested_by=by.account_id or 0, requester_name=by.name, requester_post=by.post, agency_code=by.agency_code,
        requested_at=at, state=ExportState.APPROVED,
    )  # fmt: skip
    export.pk, export.what = _next_id(), digest_of(export)
    return export


def _next_id() -> int:
    """The row names its approval from the start, and the approval names the row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('exports_export', 'id'))")
        return int(cursor.fetchone()[0])


def _shown(export: Export, extract: Extract) -> dict[str, str]:
    labels = {column.key: column.label for column in extract.columns}
    return {
        "筛选条件": "；".join(f"{label}：{value}" for label, value in extract.told) or "全部",
        "行数": f"{export.rows_count:,}",
        "栏目": "、".join(labels[key] for key in export.columns),
        "完整显示的个人信息": "、".join(labels[key] for key in export.clear) or "无，均隐去",
        "格式与份数": f"{export.get_form_display()}，{export.copies_count} 份",
        "提供给": f"{export.get_recipient_display()} {export.recipient_name}".strip(),
        "同意文号": export.consent_number or "—",
    }


def _propose(export: Export, extract: Extract, by: Actor, at: datetime) -> Approval:
    said = f"导出{export.title} {export.rows_count:,} 行，{export.get_recipient_display()}{export.recipient_name}"
    return propose(
        chain=CHAIN,
        subject=f"exports.export:{export.pk}",
        digest=bytes(export.what),
        title=f"{export.number}　{said}",
        reason=export.purpose,
        evidence=[export.letter] if export.letter else [],
        shown=_shown(export, extract),
        agency_code=export.agency_code,
        by=by,
        at=at,
    )


def _order(export: Export, at: datetime) -> None:
    export.approved_at = at
    work = order(
        kind=KIND, title=f"{export.number} {export.title}", total=export.rows_count, given={"export": export.pk},
        agency_code=export.agency_code, by=requester_of(export), at=at,
    )  # fmt: skip
    export.work_id = work.pk


@when_approved(CHAIN)
def make_approved(approval: Approval, by: Actor, at: datetime) -> None:
    """All have signed: the file is made."""
    export = _of(approval)
    check_transition(TRANSITIONS, ExportState(export.state), ExportState.APPROVED)
    export.state = ExportState.APPROVED
    _order(export, at)
    export.save(update_fields=["state", "approved_at", "work_id"])


@when_refused(CHAIN)
def close_refused(approval: Approval, by: Actor, at: datetime) -> None:
    """Refused, withdrawn or not signed in time: no file."""
    export = _of(approval)
    check_transition(TRANSITIONS, ExportState(export.state), ExportState.REFUSED)
    export.state, export.refused_reason = ExportState.REFUSED, "没有获得批准。"
    export.save(update_fields=["state", "refused_reason"])


def _of(approval: Any) -> Export:
    return Export.objects.select_for_update().get(pk=int(approval.subject.rpartition(":")[2]))
