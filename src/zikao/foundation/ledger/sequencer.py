"""Gives lines their place in the tree, in batches, after their transactions are over.

A line's transaction id is below the oldest running one exactly when no line can come before it any more. So the
sequencer, one at a time under an advisory lock, takes the lines below that mark in the order (xid, id). Transactions of
other databases in the same cluster cannot write lines here, so they do not hold the mark back: a running id counts as
another database's only where its lock shows that; in doubt it counts as ours.

Transaction ids belong to one database cluster. After a dump is restored into another they start again, lower:
`rebase` closes the old epoch (every line restored gets its place) and opens one that begins with the next line id.
The sequencer refuses to work in a cluster that the last batch does not name.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection, transaction

from zikao.foundation.errors import ZikaoError
from zikao.foundation.ledger.entry import ENTRY_SQL
from zikao.foundation.ledger.tree import Frontier, leaf_hash

BATCH_LINES = 20_000
_LOCK = 0x7A696B616F  # "zikao"

_TAKE = f"""
SELECT line.id, line.xid::text, {ENTRY_SQL} FROM ledger_line line
WHERE line.id >= %s AND (line.xid, line.id) > (%s::xid8, %s)
  AND line.xid < %s::xid8
ORDER BY line.xid, line.id LIMIT %s
"""  # noqa: S608 - constants only
_HORIZON = """
WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot),
elsewhere AS (
  SELECT held.transactionid::text AS xid FROM pg_locks held JOIN pg_stat_activity backend ON backend.pid = held.pid
  WHERE held.locktype = 'transactionid' AND held.granted AND held.mode = 'ExclusiveLock'
    AND backend.datname <> current_database())
SELECT coalesce(
  (SELECT min(xid) FROM now, pg_snapshot_xip(now.snapshot) AS xid
   WHERE xid IS DISTINCT FROM pg_current_xact_id_if_assigned()
     AND mod(xid::text::numeric, 4294967296)::text NOT IN (SELECT elsewhere.xid FROM elsewhere)),
  (SELECT pg_snapshot_xmax(now.snapshot) FROM now))::text
"""
"""The oldest transaction id running in this database but for our own, or the next one to come where none runs."""

_TAKE_REST = f"""
SELECT line.id, line.xid::text, {ENTRY_SQL} FROM ledger_line line
WHERE line.id < %s AND NOT EXISTS (SELECT FROM ledger_leaf leaf WHERE leaf.line_id = line.id)
ORDER BY (line.xid, line.id) <= (%s::xid8, %s), line.xid, line.id
"""  # noqa: S608 - constants only
_ADD_LEAVES = """
INSERT INTO ledger_leaf (seq, line_id, hash)
SELECT %s + taken.place - 1, taken.line_id, taken.hash
FROM unnest(%s::bigint[], %s::bytea[]) WITH ORDINALITY AS taken (line_id, hash, place)
"""
_ADD_BATCH = """
INSERT INTO ledger_batch (tree_size, peaks, cluster, epoch, last_xid, last_line_id) VALUES (%s, %s, %s, %s, %s, %s)
"""
_LAST_BATCH = """
SELECT tree_size, peaks, cluster, epoch, last_xid::text, last_line_id FROM ledger_batch ORDER BY id DESC LIMIT 1
"""

Taken = list[tuple[int, str, bytes]]


class LedgerMoved(ZikaoError):
    """The database came from another cluster; its transaction ids no longer compare."""

    http_status = 500
    default_message = "台账数据来自另一数据库实例，编排已停止。"
    default_remedy = "恢复备份后请由系统管理员执行台账重定基准，再继续运行。"


class LedgerBusy(ZikaoError):
    """Others are writing, or another sequencer is at work."""

    default_message = "台账正在写入，暂时不能重定基准。"
    default_remedy = "请停止本节点的服务后再试。"


class Position(NamedTuple):
    """How far the sequencer has come."""

    frontier: Frontier
    cluster: str
    epoch: int
    last_xid: str
    last_line_id: int


def sequence(limit: int = BATCH_LINES) -> int:
    """Give finished lines their place; returns how many, 0 also while another sequencer works.

    Raises:  LedgerMoved
    """
    done = 0
    while taken := _sequence_batch(min(BATCH_LINES, limit - done)):
        done += taken
    return done


def _sequence_batch(limit: int) -> int:
    if limit <= 0:
        return 0
    with transaction.atomic():
        if not _locked():
            return 0
        position = _position()
        cluster = _cluster()
        if position.cluster != cluster:
            raise LedgerMoved("ledger-moved", facts={"from": position.cluster, "to": cluster})
        with connection.cursor() as cursor:
            cursor.execute(_HORIZON)
            (horizon,) = cursor.fetchone()
            # a later snapshot than the horizon's: whatever was over then is seen now
            cursor.execute(_TAKE, [position.epoch, position.last_xid, position.last_line_id, horizon, limit])
            taken = cursor.fetchall()
        if taken:
            _write(position, taken)
    return len(taken)


def rebase() -> int:
    """After a restore into another cluster: finish the old epoch, open a new one. Returns the lines it placed.

    Run it before the node serves again. A cluster of its own is needed to notice the move: the sequencer then
    raises LedgerMoved until this has run.

    Raises:  LedgerBusy where a transaction of somebody else is running.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if not _locked():
            raise LedgerBusy("ledger-busy")
        cursor.execute("SELECT pg_current_xact_id()::text")
        own = cursor.fetchone()[0]
        cursor.execute(_HORIZON)
        if int(cursor.fetchone()[0]) < int(own):
            raise LedgerBusy("ledger-busy")
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM ledger_line")
        (epoch,) = cursor.fetchone()
        position = _position()
        cursor.execute(_TAKE_REST, [epoch, position.last_xid, position.last_line_id])
        rest = cursor.fetchall()
        if rest:
            _write(position, rest)
        _write_batch(position._replace(cluster=_cluster(), epoch=epoch, last_xid="0", last_line_id=0))
        return len(rest)


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _cluster() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier::text FROM pg_control_system()")
        return str(cursor.fetchone()[0])


def _position() -> Position:
    with connection.cursor() as cursor:
        cursor.execute(_LAST_BATCH)
        row = cursor.fetchone()
    if row is None:
        return Position(Frontier(), _cluster(), 0, "0", 0)
    size, peaks, cluster, epoch, xid, line_id = row
    return Position(Frontier(size, bytes(peaks)), cluster, epoch, xid, line_id)


def _write(position: Position, taken: Taken) -> None:
    hashes = [leaf_hash(entry) for _, _, entry in taken]
    with connection.cursor() as cursor:
        cursor.execute(_ADD_LEAVES, [position.frontier.size, [line_id for line_id, _, _ in taken], hashes])
    position.frontier.extend(hashes)
    line_id, xid, _ = taken[-1]
    _write_batch(position._replace(last_xid=xid, last_line_id=line_id))


def _write_batch(position: Position) -> None:
    tree, cluster, epoch, last_xid, last_line_id = position
    with connection.cursor() as cursor:
        cursor.execute(_ADD_BATCH, [tree.size, tree.peaks, cluster, epoch, last_xid, last_line_id])
