"""Recomputes leaves, digests, SM3 roots, heads and versions from the rows alone, and names what does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from zikao.foundation.ledger.tree import leaf_hash, root_of
from zikao.stages.results.archive.backups import FiledWindow, next_head

KINDS = {
    "changed": "内容被改动",
    "inserted": "不在窗口批准的清单之内，是另行插入的",
    "removed": "被删除",
    "digest": "窗口内的成绩与批准的清单摘要不符",
    "root": "窗口内的成绩与写入时的 SM3 根不符",
    "head": "归档链断裂",
    "count": "条数不符",
    "version": "版本没有接续前一版本",
    "ledger": "与账本中的归档记录不符",
    "unledgered": "账本中没有这次归档",
    "vanished": "账本中有这次归档，档案库中没有",
    "guard": "档案库的防护被改动",
    "view": "对外的成绩视图与档案库不一致",
    "presence": "窗口没有三人出示的密码段",
}


@dataclass(frozen=True)
class Row:
    """A filed version: its id, its canonical bytes, and the leaf stored beside it."""

    id: int
    content: bytes
    leaf: bytes

    @property
    def line(self) -> int:
        """Its line in the list."""
        return int(self.content.split(b",", 3)[2])

    @property
    def chain(self) -> tuple[int, int | None, str]:
        """Version, id of the version before, leaf of the version before (hexadecimal)."""
        version, supersedes, previous = self.content.rsplit(b",", 5)[1:4]
        return int(version), int(supersedes) if supersedes else None, previous.decode()


@dataclass(frozen=True)
class ScoreProblem:
    """What does not hold: of which kind, in which window (its number), of which score, with what detail."""

    kind: str
    number: int | None = None
    score: int | None = None
    detail: str = ""

    @property
    def sentence(self) -> str:
        """In words."""
        where = f"归档序号 {self.number}" if self.number is not None else "成绩档案库"
        what = f"{where} 成绩 {self.score}" if self.score is not None else where
        return f"{what}：{KINDS[self.kind]}" + (f"（{self.detail}）" if self.detail else "")


@dataclass
class Verdict:
    """What was read and what was found."""

    windows: int = 0
    rows: int = 0
    head: str = ""
    problems: list[ScoreProblem] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether everything is as it was filed."""
        return not self.problems


def check(windows: Iterable[tuple[FiledWindow, list[Row]]], filings: Mapping[int, Mapping[str, Any]]) -> Verdict:
    """Check every window in order of its number; `filings` are the ledger's words of each, by number."""
    verdict, leaves = Verdict(), {}
    for window, rows in windows:
        verdict.windows += 1
        verdict.rows += len(rows)
        found = [*_rows(window, rows), *_window(window, rows, verdict.head), *_filing(window, filings)]
        for row in rows:
            leaves[row.id] = sha256(row.content).hexdigest()
            found += _version(window, row, leaves)
        verdict.problems += found
        if found:
            verdict.broken.append(window.number)
        verdict.head = window.head
    known = set(filings)
    seen = set(range(1, verdict.windows + 1))
    verdict.problems += [ScoreProblem("vanished", number) for number in sorted(known - seen)]
    return verdict


def _rows(window: FiledWindow, rows: list[Row]) -> Iterator[ScoreProblem]:
    for row in rows:
        if sha256(row.content).digest() != row.leaf or int(row.content[1:].split(b",", 1)[0]) != row.id:
            yield ScoreProblem("changed", window.number, row.id)
    lines = {row.line: row for row in rows}
    for line in sorted(set(range(1, window.rows + 1)) - lines.keys()):
        yield ScoreProblem("removed", window.number, detail=f"清单第 {line} 行")
    for line in sorted(lines.keys() - set(range(1, window.rows + 1))):
        yield ScoreProblem("inserted", window.number, lines[line].id)


def _window(window: FiledWindow, rows: list[Row], before: str) -> Iterator[ScoreProblem]:
    if len(rows) != window.rows:
        yield ScoreProblem("count", window.number, detail=f"应为 {window.rows}，实为 {len(rows)}")
    if sha256(b"".join(sha256(row.content).digest() for row in rows)).hexdigest() != window.digest:
        yield ScoreProblem("digest", window.number)
    if root_of([leaf_hash(row.content) for row in rows]).hex() != window.root:
        yield ScoreProblem("root", window.number)
    if next_head(before, window) != window.head:
        yield ScoreProblem("head", window.number)


def _filing(window: FiledWindow, filings: Mapping[int, Mapping[str, Any]]) -> Iterator[ScoreProblem]:
    told = filings.get(window.number)
    if told is None:
        yield ScoreProblem("unledgered", window.number)
        return
    for name in ("head", "digest", "root", "rows", "window"):
        here = {"window": window.id}.get(name, getattr(window, name, None))
        if told.get(name) != here:
            yield ScoreProblem("ledger", window.number, detail=name)


def _version(window: FiledWindow, row: Row, leaves: Mapping[int, str]) -> Iterator[ScoreProblem]:
    version, supersedes, previous = row.chain
    if version > 1 and (supersedes is None or leaves.get(supersedes) != previous):
        yield ScoreProblem("version", window.number, row.id)
