"""What a node holds at one place of the log: rows of every table, the ledger's root, the scores' root.

The restore drill goes back to exactly that place and counts again. So the census is taken while nothing is written:
it looks at the log's end before and after its snapshot, and tries again where something came between.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from zikao.foundation.ledger.tree import Frontier
from zikao.node.backing_up.manifests import Census

ATTEMPTS = 60
PAUSE_SECONDS = 0.05
_TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY 1, 2
"""
_RUNNING = "SELECT count(*) FROM pg_snapshot_xip(pg_current_snapshot()) AS xip"
_BATCH = "SELECT tree_size, peaks FROM ledger_batch ORDER BY id DESC LIMIT 1"
_NOTE = "SELECT note FROM ledger_checkpoint ORDER BY tree_size DESC LIMIT 1"
_SEQUENCES = """
SELECT peer.code, peer.last_sequence, coalesce(max(inbox.sequence), 0)
FROM exchange_peer peer LEFT JOIN exchange_inbox inbox ON inbox.peer_id = peer.id GROUP BY 1, 2 ORDER BY 1
"""
_ARCHIVE = "SELECT to_regclass('archive.filing_window') IS NOT NULL"
_HEAD = "SELECT encode(head, 'hex') FROM archive.filing_window WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1"
_BROKEN = """
SELECT count(*), count(*) FILTER (WHERE head <> archive.next_head(before, id, digest, rows, root) OR rows <> filed)
FROM (SELECT w.*, lag(head) OVER (ORDER BY number) AS before,
             (SELECT count(*) FROM archive.score score WHERE score.window_id = w.id) AS filed
      FROM archive.filing_window w WHERE number IS NOT NULL) AS w
"""


def take_census(url: str, *, attempts: int = ATTEMPTS) -> Census:
    """The census of a node's database, as somebody whom row security does not bind."""
    with psycopg.connect(url, autocommit=True) as clock, psycopg.connect(url) as reader:
        for attempt in range(attempts):
            exact, lsn = _snapshot(clock, reader)
            if exact or attempt == attempts - 1:
                break
            reader.rollback()
            time.sleep(PAUSE_SECONDS)
        return count(reader, lsn=lsn, exact=exact)


def count(reader: psycopg.Connection, *, lsn: str = "", exact: bool = True) -> Census:
    """Count within the transaction of this connection."""
    tables = reader.execute(_TABLES).fetchall()
    counts = {f"{schema}.{name}": _rows(reader, schema, name) for schema, name in tables}
    size, root = ledger_head(reader) if "public.ledger_batch" in counts else (0, "")
    return Census(
        lsn=lsn,
        exact=exact,
        at=datetime.now(tz=UTC).isoformat(timespec="seconds"),
        counts=counts,
        ledger_size=size,
        ledger_root=root,
        checkpoint=_one(reader, _NOTE) if "public.ledger_checkpoint" in counts else "",
        scores_root=scores_root(reader),
        sequences=_sequences(reader) if "public.exchange_peer" in counts else {},
    )


def ledger_head(reader: psycopg.Connection) -> tuple[int, str]:
    """The size and root (hex) of the ledger's tree."""
    row = reader.execute(_BATCH).fetchone()
    return (0, "") if row is None else (int(row[0]), Frontier(int(row[0]), bytes(row[1])).root().hex())


def scores_root(reader: psycopg.Connection) -> str:
    """The head of the score archive (hex): it covers every window filed; nothing where there is none."""
    return _one(reader, _HEAD) if _one(reader, _ARCHIVE) == "True" else ""


def score_windows(reader: psycopg.Connection) -> tuple[int, int]:
    """How many windows were filed into the score archive, and of how many the chain or the rows do not hold."""
    if _one(reader, _ARCHIVE) != "True":
        return 0, 0
    row = reader.execute(_BROKEN.encode()).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def _snapshot(clock: psycopg.Connection, reader: psycopg.Connection) -> tuple[bool, str]:
    before = _one(clock, "SELECT pg_current_wal_insert_lsn()::text")
    reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    running = reader.execute(_RUNNING).fetchone()
    after = _one(clock, "SELECT pg_current_wal_insert_lsn()::text")
    return before == after and running == (0,), before


def _rows(reader: psycopg.Connection, schema: str, name: str) -> int:
    row = reader.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, name))).fetchone()
    assert row is not None
    return int(row[0])


def _sequences(reader: psycopg.Connection) -> Mapping[str, Mapping[str, int]]:
    return {code: {"sent": sent, "received": received} for code, sent, received in reader.execute(_SEQUENCES)}


def _one(connection: psycopg.Connection, statement: str) -> str:
    row = connection.execute(statement.encode()).fetchone()
    return "" if row is None else str(row[0])
