"""Reads the ledger as the server hands it out and recomputes everything: no Django, so it runs in processes.

Leaves are read in chunks of a power of two; each chunk gives a subtree, so chunks can be read side by side and still
give the root at every checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context

import psycopg

from zikao.foundation.ledger.entry import ENTRY_SQL
from zikao.foundation.ledger.tree import Frontier, leaf_hash

CHUNK_LEVEL = 14
CHUNK = 1 << CHUNK_LEVEL
PARALLEL_FROM = 8 * CHUNK

# the bounds on line.id let the server read one stretch of its index instead of the whole table for every chunk
JOINED = """
WITH placed AS MATERIALIZED (SELECT seq, line_id, hash FROM ledger_leaf WHERE seq >= %s AND seq < %s)
SELECT {columns}
FROM placed leaf LEFT JOIN ledger_line line ON line.id = leaf.line_id
    AND line.id >= (SELECT min(line_id) FROM placed) AND line.id <= (SELECT max(line_id) FROM placed)
ORDER BY leaf.seq
"""
_READ = JOINED.format(columns=f"leaf.seq, leaf.line_id, leaf.hash, CASE WHEN line.id IS NOT NULL THEN {ENTRY_SQL} END")
Row = tuple[int, int, bytes, bytes | None]


@dataclass(frozen=True)
class Problem:
    """One thing that does not hold: its kind, and the line or place it concerns."""

    kind: str
    line_id: int | None = None
    seq: int | None = None
    detail: str = ""


@dataclass
class Chunk:
    """What one chunk says: its subtree at each checkpoint inside it and at its end."""

    start: int
    heads: dict[int, Frontier] = field(default_factory=dict)
    end: Frontier = field(default_factory=Frontier)
    problems: list[Problem] = field(default_factory=list)


def read_chunk(connection: psycopg.Connection, start: int, stops: Sequence[int]) -> Chunk:
    """Recompute the leaves from `start` on; `stops` are the tree sizes inside the chunk at which a root is wanted."""
    with connection.cursor(binary=True) as cursor:
        cursor.execute(_READ, [start, start + CHUNK])
        rows: list[Row] = cursor.fetchall()
    chunk = Chunk(start)
    hashes = [row[2] for row in rows]
    computed = [leaf_hash(row[3]) if row[3] is not None else None for row in rows]
    if computed != hashes:
        chunk.problems += _differences(rows, computed)
    if rows and rows[-1][0] != start + len(rows) - 1:
        chunk.problems += _gaps(rows, start)
    done = start
    for stop in stops:
        chunk.end.extend(hashes[done - start : stop - start])
        done = stop
        chunk.heads[stop] = Frontier(chunk.end.size, chunk.end.peaks)
    chunk.end.extend(hashes[done - start :])
    return chunk


def _differences(rows: Iterable[Row], computed: Iterable[bytes | None]) -> Iterator[Problem]:
    for (seq, line_id, stored, _), found in zip(rows, computed, strict=True):
        if found is None:
            yield Problem("removed", line_id, seq)
        elif found != stored:
            yield Problem("changed", line_id, seq)


def _gaps(rows: Iterable[Row], start: int) -> Iterator[Problem]:
    expected = start
    for seq, *_ in rows:
        yield from (Problem("leaf-removed", None, missing) for missing in range(expected, seq))
        expected = seq + 1


def _read_chunks(conninfo: str, work: list[tuple[int, list[int]]]) -> list[Chunk]:
    with connect(conninfo) as connection:
        return [read_chunk(connection, start, stops) for start, stops in work]


def connect(conninfo: str) -> psycopg.Connection:
    """A connection of the verifier's own, that cannot write."""
    connection = psycopg.connect(conninfo, autocommit=True)
    connection.execute("SET default_transaction_read_only = on")
    connection.execute("SET work_mem = '64MB'")
    return connection


def read_all(conninfo: str, size: int, stops: Sequence[int], processes: int = 2) -> Iterator[Chunk]:
    """Every chunk up to `size`, in order; in several processes where the ledger is large."""
    work: list[tuple[int, list[int]]] = [(start, []) for start in range(0, size, CHUNK)]
    for stop in stops:
        if 0 < stop <= size:
            work[(stop - 1) // CHUNK][1].append(stop)
    if size < PARALLEL_FROM or processes < 2:
        yield from _read_chunks(conninfo, work)
        return
    parts = [work[at : at + 4] for at in range(0, len(work), 4)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for chunks in pool.map(partial(_read_chunks, conninfo), parts):
            yield from chunks
