"""What the node writes of an export: its copies, or why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.exports import policies
from zikao.foundation.exports.models import Export, ExportCopy
from zikao.foundation.exports.states import TRANSITIONS, ExportState
from zikao.foundation.regulation import parameter


@dataclass(frozen=True)
class MadeCopy:
    """A file that lies sealed in the storage: which copy, its mark, its SM3 digest (hex), its bytes."""

    number: int
    mark: int
    digest: str
    size: int


@command(writes="exports.made", clauses=("EA-47",), posts=policies.MAKERS)
def record_made(
    *, export_id: int, copies: Sequence[MadeCopy], rows: int, key: str, by: Actor, at: datetime
) -> Outcome[Export]:
    """Write down the copies that were made; from now on they can be collected.

    Source:  EA-47
    Writes:  exports.made
    Raises:  NotPermitted, WrongState
    """
    export = Export.objects.select_for_update().get(pk=export_id)
    check_transition(TRANSITIONS, ExportState(export.state), ExportState.MADE)
    before = snapshot(export)
    ExportCopy.objects.bulk_create(
        ExportCopy(export=export, number=each.number, mark=each.mark, digest=each.digest, size=each.size)
        for each in copies
    )
    export.state, export.made_at, export.made_rows = ExportState.MADE, at, rows
    export.expires_at = at + timedelta(days=int(parameter("export-collection-days").on(local_day(at))))
    export.save(update_fields=["state", "made_at", "made_rows", "expires_at"])
    digests = [each.digest for each in copies]
    return Outcome(export, before=before, facts={"number": export.number, "rows": rows, "digests": digests})


@command(writes="exports.not-made", clauses=("EA-47",), posts=policies.MAKERS)
def refuse_export(*, export_id: int, reason: str, code: str, key: str, by: Actor, at: datetime) -> Outcome[Export]:
    """Close an export that may not be made after all: the approval does not stand, or the list grew.

    Source:  EA-47
    Writes:  exports.not-made
    Raises:  NotPermitted, WrongState
    """
    export = Export.objects.select_for_update().get(pk=export_id)
    check_transition(TRANSITIONS, ExportState(export.state), ExportState.REFUSED)
    before = snapshot(export)
    export.state, export.refused_reason = ExportState.REFUSED, reason[:300]
    export.save(update_fields=["state", "refused_reason"])
    return Outcome(export, before=before, facts={"number": export.number, "code": code})
