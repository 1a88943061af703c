"""The node's backups as they are kept: one at a time, every result noted, every failure seen."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings

from zikao.foundation import clock
from zikao.foundation.actors import node_actor
from zikao.foundation.backups import commands, queries
from zikao.foundation.backups.commands.records import check_removable
from zikao.foundation.backups.states import COPIES, Kind
from zikao.foundation.errors import ZikaoError
from zikao.foundation.regulation import parameter
from zikao.node.backing_up.catalogue import folder_of
from zikao.node.backing_up.custodians import custodians
from zikao.node.backing_up.manifests import Signed, instant
from zikao.node.backing_up.source import Source
from zikao.node.backing_up.taking import Say, ship, take
from zikao.node.files import locked

T = TypeVar("T")
SAME_FAILURE = timedelta(hours=1)
"""How long the same failure is not noted again while it lasts."""
log = logging.getLogger(__name__)


def back_up(source: Source, *, kind: str = "", accept_gap: bool = False, say: Say = print) -> Signed:
    """Take a backup now, note it in the ledger, and take old generations away; a failure is noted, too."""

    def work() -> Signed:
        known = "" if accept_gap else known_digest()
        chosen = kind or ("full" if is_full_due(clock.now()) else "incremental")
        signed = take(source, custodians(source.node.home), kind=chosen, record=note, known=known, say=say)
        remove_old(source)
        return signed

    with _one_at_a_time(source):
        return noting_failure(kind or "backup", work)


def send_log(source: Source) -> Signed | None:
    """Send what the server left in the spool; None when there is nothing, or no full backup to add it to."""

    def work() -> Signed | None:
        if not queries.newest(Kind.FULL) or restored_since_last_full():
            return None
        return ship(source, custodians(source.node.home), record=note, known=known_digest())

    with _one_at_a_time(source):
        return noting_failure(Kind.WAL, work)


def noting_failure(kind: str, work: Callable[[], T]) -> T:
    """Do it; what goes wrong is noted where people look before it is raised again."""
    try:
        return work()
    except Exception as error:
        known = error if isinstance(error, ZikaoError) else None
        code, earlier = known.code if known else "unexpected", queries.open_failure()
        if earlier is not None and earlier.code == code and clock.now() - earlier.at < SAME_FAILURE:
            raise
        commands.record_failure(
            kind=kind,
            code=code,
            message=known.message if known else f"{type(error).__name__}: {str(error)[:300]}",
            remedy=known.remedy if known else "请查看备份进程的日志。",
            by=node_actor(settings.ZIKAO_NODE_CODE),
            at=clock.now(),
        )
        raise


def known_digest() -> str:
    """The digest of the last part that our ledger names; none after a restore, which may have forgotten some."""
    newest = queries.newest()
    return newest.digest if newest is not None and not restored_since_last_full() else ""


def restored_since_last_full() -> bool:
    """Whether the node was brought back and has not made a full backup since."""
    restoration, full = queries.newest_restoration(), queries.newest(Kind.FULL, Kind.LOGICAL)
    return restoration is not None and (full is None or full.ended_at <= restoration.declared_at)


def is_full_due(at: datetime) -> bool:
    """Whether the next backup is a full one."""
    full = queries.newest(Kind.FULL, Kind.LOGICAL)
    days = int(parameter("backup-full-every").on(clock.local_day(at)))
    return full is None or restored_since_last_full() or at - full.ended_at >= timedelta(days=days)


def is_due(at: datetime) -> bool:
    """Whether a backup is to be made now."""
    base = queries.newest_base()
    hours = int(parameter("backup-incremental-every").on(clock.local_day(at)))
    return base is None or is_full_due(at) or at - base.ended_at >= timedelta(hours=hours)


def is_drill_due(at: datetime) -> bool:
    """Whether a drill is to be made now."""
    base, drill = queries.newest_base(), queries.newest_drill()
    days = int(parameter("backup-drill-every").on(clock.local_day(at)))
    return base is not None and (drill is None or at - drill.ended_at >= timedelta(days=days))


def note(signed: Signed) -> None:
    """Note a part in the ledger, once."""
    at, by = clock.now(), node_actor(settings.ZIKAO_NODE_CODE)
    commands.record_backup(facts=facts_of(signed, at), key=f"backup:{signed.manifest.digest}", by=by, at=at)


def facts_of(signed: Signed, at: datetime) -> dict[str, Any]:
    """A manifest as the node notes it; its times by the node's clock."""
    part = signed.manifest
    census = part.census
    where = {custody: getattr(queries.destination(custody), "url", "") for custody in COPIES}
    return {
        "node": part.node,
        "generation": part.generation,
        "number": part.number,
        "kind": part.kind,
        "began_at": at - (instant(part.ended_at) - instant(part.began_at)),
        "ended_at": at,
        "digest": part.digest,
        "previous": part.previous,
        "plain_bytes": part.plain_bytes,
        "sealed_bytes": {custody.value: part.sealed_bytes(custody) for custody in COPIES},
        "keys": {custody: list(ids) for custody, ids in part.keys.items()},
        "destinations": {str(custody.value): url for custody, url in where.items()},
        "databases": list(part.databases),
        "rows": sum(census.counts.values()) if census else None,
        "ledger_size": census.ledger_size if census else None,
        "ledger_root": census.ledger_root if census else "",
        "files": part.files,
        "is_exact": census.exact if census else True,
    }


def remove_old(source: Source) -> list[str]:
    """Take away the generations beyond those to keep, the oldest first, never the newest verified one."""
    at = clock.now()
    keep = int(parameter("backup-generations-kept").on(clock.local_day(at)))
    gone = []
    for generation in queries.living_generations()[:-keep]:
        try:
            check_removable(generation)
        except ZikaoError:
            log.warning("generation %s stays: none newer has been drilled", generation)
            break
        prefix = f"{folder_of(source.node.code)}/{generation}"
        objects = {each.custody: each.target.remove(prefix) for each in custodians(source.node.home)}
        by = node_actor(settings.ZIKAO_NODE_CODE)
        commands.record_removal(generation=generation, objects=objects, by=by, at=at)
        gone.append(generation)
    return gone


def target_of(custody: str) -> str:
    """The URL of a custody's copies."""
    where = queries.destination(custody)
    return where.url if where is not None else ""


@contextmanager
def _one_at_a_time(source: Source) -> Iterator[None]:
    with locked(source.node.home / "backing-up.lock"):
        yield
