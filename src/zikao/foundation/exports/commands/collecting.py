"""Copies leave one by one; what is not collected in time does not leave; what turns up is traced."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import BadInput, NotFound, WrongState
from zikao.foundation.exports import policies, queries, rules
from zikao.foundation.exports.models import Export, ExportCopy
from zikao.foundation.exports.states import ExportState


@command(writes="exports.collected", clauses=("EA-47",), posts=policies.REQUESTERS)
def collect_copy(*, export_id: int, copy_number: int, by: Actor, at: datetime) -> Outcome[ExportCopy]:
    """Collect one copy, once, by who asked for it, before the time is over.

    Source:  EA-47
    Writes:  exports.collected
    Raises:  NotPermitted, NotFound (not asked for by this account), WrongState (not made), Refused
    """
    export = Export.objects.select_for_update().filter(pk=export_id).first()
    if export is None or not policies.may_collect(by, export):
        raise NotFound("export-not-found", message="没有这份导出，或者不是您申请的。")
    if export.state in {ExportState.REQUESTED, ExportState.APPROVED, ExportState.REFUSED} or not export.expires_at:
        raise WrongState("export-not-made", message=f"这份导出{export.get_state_display()}，现在没有文件可领。")
    copy = ExportCopy.objects.select_for_update().filter(export=export, number=copy_number).first()
    if copy is None:
        raise NotFound("copy-not-found", message="没有这一份。")
    taken = copy.collected_at is not None
    rules.COLLECTION(on=local_day(at), at=at, expires_at=export.expires_at, collected_already=taken).require()
    copy.collected_at, copy.collected_by = at, by.account_id
    copy.save(update_fields=["collected_at", "collected_by"])
    if not export.copies.filter(collected_at__isnull=True).exists():
        export.state = ExportState.COLLECTED
        export.save(update_fields=["state"])
    facts = {"number": export.number, "copy": copy.number, "digest": copy.digest, "rows": export.made_rows}
    return Outcome(copy, on=export, facts=facts)


@command(writes="exports.expired", clauses=("EA-47",), posts=policies.MAKERS)
def expire_exports(*, by: Actor, at: datetime) -> Outcome[int]:
    """Close the exports whose time is over; their files are not given out any more.

    Source:  EA-47
    Writes:  exports.expired
    Raises:  NotPermitted
    """
    due = list(queries.overdue(at).select_for_update().values_list("number", flat=True))
    Export.objects.filter(number__in=due).update(state=ExportState.EXPIRED)
    return Outcome(len(due), on="exports:expired", facts={"numbers": due})


@command(writes="exports.traced", clauses=("EA-47", "EA-51"), posts=policies.MARK_READERS)
def trace_leak(
    *, mark: int | None, file_digest: str, found_where: str, by: Actor, at: datetime
) -> Outcome[ExportCopy | None]:
    """Say whose copy a found page or file is: by the mark read from it, or by the digest of the whole file.

    Source:  EA-47, EA-51
    Writes:  exports.traced
    Raises:  NotPermitted, BadInput
    """
    if not found_where.strip():
        raise BadInput("where-missing", field_errors={"found_where": "请写明在哪里发现。"})
    copy = queries.copy_of_digest(by, file_digest) or (queries.copy_of_mark(by, mark) if mark is not None else None)
    facts = {"where": found_where.strip(), "file": file_digest, "mark_read": mark is not None}
    if copy is None:
        return Outcome(None, on=f"exports.trace:{file_digest[:16]}", facts={**facts, "found": False})
    more = {"found": True, "number": copy.export.number, "copy": copy.number}
    return Outcome(copy, on=copy.export, facts=facts | more)
