"""The ledger's verifier: finds lines changed, removed, inserted or reordered, and names them.

What it proves: every line stands as it did when the checkpoints were signed. What it cannot see alone: a whole tail
removed together with its checkpoints, or a ledger signed anew with the node's stolen key. Against both, keep
checkpoint notes elsewhere and give them with `--checkpoint FILE`; the witness does just that.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter

import psycopg

from zikao.foundation import crypto
from zikao.foundation.ledger.audit import CHUNK, CHUNK_LEVEL, Problem, connect, read_all
from zikao.foundation.ledger.notes import note_text
from zikao.foundation.ledger.tree import Frontier

KINDS = {
    "changed": "内容被改动",
    "removed": "被删除",
    "inserted": "是事后插入的，不在哈希树中",
    "reordered": "顺序被调换",
    "leaf-removed": "哈希树中的位置缺失",
    "root": "与已签名的检查点不符",
    "signature": "检查点签名无效",
    "truncated": "台账尾部缺失",
    "wrong-witness": "与另行保存的检查点不符",
    "cosignature": "见证节点的共同签名无效",
    "file-missing": "数据文件缺失",
    "file-damaged": "数据文件被改动",
}

_INSERTED = """
SELECT line.id FROM ledger_line line
WHERE NOT EXISTS (SELECT FROM ledger_leaf leaf WHERE leaf.line_id = line.id)
  AND (line.id < %s OR (line.xid, line.id) <= (%s::xid8, %s)) ORDER BY line.id
"""
_REORDERED = """
SELECT after.line_id, after.seq
FROM (SELECT leaf.seq, leaf.line_id, line.xid, (SELECT max(epoch) FROM ledger_batch WHERE epoch <= line.id) AS epoch
      FROM ledger_leaf leaf JOIN ledger_line line ON line.id = leaf.line_id
      WHERE leaf.seq >= %(lo)s - 1 AND leaf.seq < %(hi)s) AS after
JOIN (SELECT leaf.seq, leaf.line_id, line.xid, (SELECT max(epoch) FROM ledger_batch WHERE epoch <= line.id) AS epoch
      FROM ledger_leaf leaf JOIN ledger_line line ON line.id = leaf.line_id
      WHERE leaf.seq >= %(lo)s - 1 AND leaf.seq < %(hi)s) AS before
  ON before.seq = after.seq - 1 AND before.epoch = after.epoch
WHERE (after.xid, after.line_id) < (before.xid, before.line_id) ORDER BY after.seq
"""


@dataclass(frozen=True)
class SignedHead:
    """A checkpoint as stored."""

    tree_size: int
    root: bytes
    signed_at: datetime
    key_id: str
    note: str
    signature: bytes


@dataclass
class Result:
    """What the verifier found."""

    leaves: int = 0
    lines: int = 0
    pending: int = 0
    checkpoints: int = 0
    signed: int = 0
    seconds: float = 0.0
    problems: list[Problem] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether all holds."""
        return not self.problems


def verify_ledger(
    conninfo: str,
    *,
    public_keys: Mapping[str, str],
    origin: str,
    kept_notes: Sequence[str] = (),
    processes: int = 2,
) -> Result:
    """Verify the ledger behind a connection string.

    `public_keys` are the node's, PEM by key id; `origin` is its code; `kept_notes` are checkpoint notes that were
    kept elsewhere.
    """
    began = perf_counter()
    result = Result()
    with connect(conninfo) as connection:
        heads = _heads(connection)
        result.leaves, result.lines = _counts(connection)
        _check_signatures(result, heads, public_keys, origin)
        kept = _check_kept(result, heads, kept_notes, origin)
        _check_tree(result, connection, conninfo, {head.tree_size: head.root for head in heads} | kept, processes)
        _check_unplaced(result, connection)
    result.seconds = perf_counter() - began
    return result


def _heads(connection: psycopg.Connection) -> list[SignedHead]:
    rows = connection.execute(
        "SELECT tree_size, root, signed_at, key_id, note, signature FROM ledger_checkpoint ORDER BY tree_size"
    )
    return [SignedHead(*row) for row in rows]


def _counts(connection: psycopg.Connection) -> tuple[int, int]:
    row = connection.execute(
        "SELECT (SELECT coalesce(max(seq) + 1, 0) FROM ledger_leaf), (SELECT count(*) FROM ledger_line)"
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def _check_signatures(result: Result, heads: Sequence[SignedHead], public_keys: Mapping[str, str], origin: str) -> None:
    for head in heads:
        note = note_text(
            origin=origin, tree_size=head.tree_size, root=head.root, signed_at=head.signed_at, key_id=head.key_id
        )
        key = public_keys.get(head.key_id, "")
        if note != head.note or not crypto.verify(note.encode(), head.signature, key):
            result.problems.append(Problem("signature", detail=f"{head.tree_size}"))
    result.checkpoints = len(heads)
    result.signed = heads[-1].tree_size if heads else 0


def _check_kept(result: Result, heads: Sequence[SignedHead], notes: Sequence[str], origin: str) -> dict[int, bytes]:
    stored = {head.tree_size: head.root for head in heads}
    kept: dict[int, bytes] = {}
    for note in notes:
        name, size, root, *_ = note.splitlines()
        kept[int(size)] = b64decode(root)
        if name != f"zikao ledger {origin}" or stored.get(int(size), kept[int(size)]) != kept[int(size)]:
            result.problems.append(Problem("wrong-witness", detail=size))
    return kept


def _check_tree(
    result: Result, connection: psycopg.Connection, conninfo: str, roots: Mapping[int, bytes], processes: int
) -> None:
    tree, last_good, broken = Frontier(), 0, False
    stops = sorted(roots)
    for chunk in read_all(conninfo, result.leaves, stops, processes):
        result.problems += chunk.problems
        for size, head in chunk.heads.items():
            if tree.root(head) == roots[size]:
                last_good = size
            elif not broken:
                broken = True
                result.problems += _between(connection, last_good, size)
        if chunk.end.size == CHUNK:
            tree.extend([chunk.end.root()], CHUNK_LEVEL)
    result.problems += [Problem("truncated", detail=f"{size}") for size in stops if size > result.leaves]


def _between(connection: psycopg.Connection, good: int, bad: int) -> list[Problem]:
    """Name what lies between the last root that holds and the first that does not."""
    rows = connection.execute(_REORDERED, {"lo": good, "hi": bad}).fetchall()
    named = [Problem("reordered", line_id, seq) for line_id, seq in rows]
    return [*named, Problem("root", detail=f"{good}-{bad}")]


def _check_unplaced(result: Result, connection: psycopg.Connection) -> None:
    batch = connection.execute(
        "SELECT epoch, last_xid::text, last_line_id FROM ledger_batch ORDER BY id DESC LIMIT 1"
    ).fetchone()
    unplaced = result.lines - result.leaves
    if any(each.kind in ("removed", "leaf-removed") for each in result.problems):
        unplaced = _count_unplaced(connection)  # only where every leaf has its line do the counts tell
    inserted = connection.execute(_INSERTED, batch).fetchall() if batch and unplaced else []
    result.problems += [Problem("inserted", line_id) for (line_id,) in inserted]
    result.pending = unplaced - len(inserted)


def _count_unplaced(connection: psycopg.Connection) -> int:
    row = connection.execute(
        "SELECT count(*) FROM ledger_line line"
        " WHERE NOT EXISTS (SELECT FROM ledger_leaf leaf WHERE leaf.line_id = line.id)"
    ).fetchone()
    assert row is not None
    return int(row[0])


def verify_own_ledger(kept_notes: Sequence[str] = ()) -> Result:
    """Verify this node's ledger, over its own connection's ways in."""
    from django.conf import settings

    return verify_ledger(
        own_conninfo(), public_keys=crypto.public_keys(), origin=settings.ZIKAO_NODE, kept_notes=kept_notes
    )


def own_conninfo() -> str:
    """This node's own way into its database, for a connection beside Django's."""
    from django.db import connection

    parameters = connection.get_connection_params()
    names = {"dbname", "user", "password", "host", "port"}
    return psycopg.conninfo.make_conninfo(**{name: parameters[name] for name in names if parameters.get(name)})


def report(result: Result) -> str:
    """The result as people read it."""
    said = [_sentence(problem) for problem in result.problems[:50]]
    if len(result.problems) > len(said):
        said.append(f"……另有 {len(result.problems) - len(said)} 处问题。")
    said.append(
        f"台账 {result.lines} 行，已编入哈希树 {result.leaves} 行，检查点 {result.checkpoints} 个"
        f"（签名覆盖 {result.signed} 行），待编入 {result.pending} 行，用时 {result.seconds:.1f} 秒。"
    )
    said.append("台账完整，未发现改动。" if result.holds else f"台账不完整：发现 {len(result.problems)} 处问题。")
    return "\n".join(said)


def _sentence(problem: Problem) -> str:
    what = KINDS[problem.kind]
    if problem.line_id is not None:
        return f"第 {problem.line_id} 行{what}。"
    if problem.seq is not None:
        return f"序号 {problem.seq}：{what}。"
    return f"检查点（前 {problem.detail} 行）：{what}。"
