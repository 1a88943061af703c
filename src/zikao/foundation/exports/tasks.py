"""What the queue does for exports: files made as the requester sees the list, sealed until they are collected."""

from __future__ import annotations

from zikao.foundation import clock, storage
from zikao.foundation.actors import node_actor
from zikao.foundation.approvals import require_approved
from zikao.foundation.commands import rows_of
from zikao.foundation.errors import Refused, ZikaoError
from zikao.foundation.exports.commands import MadeCopy, record_made, refuse_export
from zikao.foundation.exports.commands.asking import CHAIN, KIND
from zikao.foundation.exports.datasets import dataset_of
from zikao.foundation.exports.making import make_files, new_mark
from zikao.foundation.exports.models import Export
from zikao.foundation.exports.queries import digest_of, requester_of
from zikao.foundation.exports.states import ExportState, Form
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.working import Progress, Result, long_work

MEDIA = {Form.CSV: "text/csv; charset=utf-8", Form.PDF: "application/pdf"}


@long_work(KIND)
def make_export(work: Work, progress: Progress) -> Result:
    """Make the copies of an approved export. The work has no file of its own: copies are collected, not downloaded."""
    export = Export.objects.get(pk=work.given["export"])
    if export.state == ExportState.APPROVED:
        try:
            _make(export, progress)
        except ZikaoError as error:
            reason, code = f"{error.message}{error.remedy}", error.code
            key, at = f"export:{export.pk}:refused", clock.now()
            refuse_export(export_id=export.pk, reason=reason, code=code, key=key, by=node_actor(), at=at)
            raise
    export.refresh_from_db()
    return Result(summary={"rows": export.made_rows or 0, "copies": export.copies_count})


def _make(export: Export, progress: Progress) -> None:
    at, digest, actor = clock.now(), digest_of(export), requester_of(export)
    if digest != bytes(export.what):
        raise Refused("export-changed", clause="EA-47", message="申请的内容与登记的摘要不一致。", remedy="请重新申请。")
    if export.approval_id is not None:
        require_approved(chain=CHAIN, subject=f"exports.export:{export.pk}", digest=digest, at=at)
    marks = [new_mark() for _ in range(export.copies_count)]
    with rows_of(actor):
        extract = dataset_of(export.dataset, actor).open(actor, export.params)
        files, rows = make_files(export, extract, marks, at, progress.add)
    kept = storage.put_many(files, media_type=MEDIA[Form(export.form)], at=at)
    copies = [
        MadeCopy(number, mark, digest, len(content))
        for number, (mark, digest, content) in enumerate(zip(marks, kept, files, strict=True), start=1)
    ]
    key = f"export:{export.pk}:made"
    record_made(export_id=export.pk, copies=copies, rows=rows, key=key, by=node_actor(), at=at)
