"""What the node's backup process notes: each part, each failure, each drill, each generation taken away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor, Post
from zikao.foundation.backups import queries
from zikao.foundation.backups.models import Backup, Drill, Failure, Removal, Restoration
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import BadInput, WrongState

NODE = frozenset({Post.NODE})


@command(writes="backups.taken", clauses=("SR-A1.11", "SR-10.2", "EA-A9.2.1.4b", "EA-49.1"), posts=NODE)
def record_backup(*, facts: Mapping[str, Any], key: str, by: Actor, at: datetime) -> Outcome[Backup]:
    """Note a part that both custodies took; `facts` are the fields of Backup, `digest` that of the signed manifest.

    Source:  SR-A1.11, SR-10.2, EA-A9.2.1.4b, EA-49.1
    Writes:  backups.taken
    Raises:  NotPermitted
    """
    row = Backup.objects.create(**facts)
    told = {name: facts[name] for name in ("generation", "number", "kind", "digest", "previous", "plain_bytes")}
    return Outcome(row, facts={**told, "ledger_size": row.ledger_size, "ledger_root": row.ledger_root})


@command(writes="backups.failed", clauses=("SR-A1.11", "EA-A9.2.1.4b"), posts=NODE)
def record_failure(*, kind: str, code: str, message: str, remedy: str, by: Actor, at: datetime) -> Outcome[Failure]:
    """Note a backup or drill that did not come to be; the trust page and the work list show it at once.

    Source:  SR-A1.11, EA-A9.2.1.4b
    Writes:  backups.failed
    Raises:  NotPermitted
    """
    row = Failure.objects.create(kind=kind, at=at, code=code, message=message, remedy=remedy)
    return Outcome(row, facts={"kind": kind, "code": code})


@command(writes="backups.drilled", clauses=("SR-A1.11", "EA-A9.2.1.4b"), posts=NODE)
def record_drill(*, facts: Mapping[str, Any], by: Actor, at: datetime) -> Outcome[Drill]:
    """Note a drill: which copy was restored, opened by which key, and what it proved.

    Source:  SR-A1.11, EA-A9.2.1.4b
    Writes:  backups.drilled
    Raises:  NotPermitted
    """
    row = Drill.objects.create(**facts)
    failed = [each["name"] for each in row.findings if not each["holds"]]
    told = {"generation": row.generation, "custody": row.custody, "outcome": row.outcome, "failed": failed}
    return Outcome(row, facts={**told, "report": row.report[:16]})


@command(writes="backups.removed", clauses=("SR-A1.11",), posts=NODE)
def record_removal(*, generation: str, objects: Mapping[str, int], by: Actor, at: datetime) -> Outcome[Removal]:
    """Note that a generation was taken away; never the newest verified one.

    Source:  SR-A1.11
    Writes:  backups.removed
    Raises:  NotPermitted, WrongState
    """
    check_removable(generation)
    row = Removal.objects.create(generation=generation, at=at, objects_removed=dict(objects))
    return Outcome(row, facts={"generation": generation, "objects": dict(objects)})


def check_removable(generation: str) -> None:
    """Raise WrongState when it is the newest generation, or the newest of which a drill proved that it restores."""
    living = queries.living_generations()
    verified = sorted(set(living) & queries.verified_generations())
    if generation in living[-1:] or generation in verified[-1:] or not verified:
        raise WrongState(
            "last-verified-backup",
            message="这是最新的、或者最近一次演练证实可以恢复的备份，不能删除。",
            remedy="请先对更新的一套备份完成恢复演练。",
            clause="SR-A1.11",
        )


@command(writes="backups.restored", clauses=("SR-10.2", "EA-49.1"), posts=NODE)
def declare_restored(
    *, marker: Mapping[str, Any], ledger_size: int, sequences: Mapping[str, Any], reason: str, by: Actor, at: datetime
) -> Outcome[Restoration]:
    """Declare that this node was brought back from a backup, to which instant, and why; before that it does not serve.

    Source:  SR-10.2, EA-49.1
    Writes:  backups.restored
    Raises:  NotPermitted, BadInput
    """
    if len(reason.strip()) < 4:
        raise BadInput("reason-missing", field_errors={"reason": "请写明为何恢复、由谁批准。"})
    row = Restoration.objects.create(
        generation=marker["generation"],
        number=marker["number"],
        digest=marker["digest"],
        custody=marker["custody"],
        until_at=datetime.fromisoformat(marker["until"]) if marker["until"] else None,
        restored_at=datetime.fromisoformat(marker["restored_at"]),
        declared_at=at,
        reason=reason.strip(),
        ledger_size=ledger_size,
        known_ledger_size=marker["newest_ledger_size"],
        sequences=dict(sequences),
    )
    told = {name: marker[name] for name in ("generation", "number", "digest", "until", "restored_at")}
    return Outcome(row, facts={**told, "ledger_size": ledger_size})
