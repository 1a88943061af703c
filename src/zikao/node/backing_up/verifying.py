"""`zikao verify backup`: is what lies at a custody whole, unchanged, in order, fresh, and the same as at the other?

Without the node and without any private key: signatures, chain, sealed digests, log without gap. With the custodian's
private key every piece is opened, too. With the node's database the newest part must be the one the ledger names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from zikao.foundation.crypto import KeysMissing, SealBroken
from zikao.node.backing_up import logs
from zikao.node.backing_up.catalogue import BASES, Catalogue, chain_of, folder_of, object_path, read_catalogue
from zikao.node.backing_up.manifests import Manifest, Piece, instant
from zikao.node.backing_up.restoring import RestoreTrouble, custody_of
from zikao.node.backing_up.streams import Broken, Digest, open_piece
from zikao.node.backing_up.targets import Target, TargetTrouble

CHUNK_BYTES = 1 << 20
KINDS = {
    "manifest": "清单无效（被改动、不完整，或不是本节点签名）",
    "chain": "与前一份的链接断开：有备份被删去、替换或调换",
    "number": "序号不连续：有备份被删去",
    "missing": "对象缺失",
    "size": "对象被截断或增长",
    "changed": "密文被改动或调换",
    "seal": "打不开：内容被改动，或密钥不符",
    "log": "日志缺失，之后的时刻不能恢复",
    "stray": "多出清单之外的对象",
    "other": "与另一保管处的清单不一致",
    "other-missing": "另一保管处没有这一份",
    "ledger": "不是账本记载的最新一份：备份被退回旧版或截断",
    "old": "最近一次备份过旧",
    "empty": "没有任何可用的备份",
}


@dataclass(frozen=True)
class Problem:
    """One thing that does not hold: its kind and the path it concerns."""

    kind: str
    path: str = ""
    detail: str = ""

    @property
    def sentence(self) -> str:
        """As people read it."""
        return "：".join(filter(None, (self.path, KINDS[self.kind] + (f"（{self.detail}）" if self.detail else ""))))


@dataclass
class Report:
    """What the verifier saw."""

    url: str
    custody: str = ""
    generations: int = 0
    parts: int = 0
    objects: int = 0
    sealed_bytes: int = 0
    opened: int = 0
    newest: str = ""
    newest_at: str = ""
    signed_by: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether all holds."""
        return not self.problems


@dataclass(frozen=True)
class Question:
    """What is verified against what."""

    target: Target
    code: str
    trusted: Mapping[str, str] | None = None
    other: Target | None = None
    private_key: bytes | None = None
    expected: str = ""
    oldest_allowed: timedelta | None = None
    now: datetime = field(default_factory=lambda: datetime.now(tz=UTC))


def verify_backup(question: Question) -> Report:
    """Verify everything of a node at one target. Raises TargetTrouble when it cannot be read at all."""
    catalogue = read_catalogue(question.target, question.code, question.trusted)
    report = Report(question.target.url)
    report.problems += [Problem("manifest", path, why) for path, why in catalogue.bad]
    parts = [signed.manifest for signed in catalogue.parts]
    report.parts, report.generations = len(parts), len(catalogue.generations())
    report.signed_by = sorted({signed.public_key.strip() for signed in catalogue.parts})
    if not parts:
        report.problems.append(Problem("empty"))
        return report
    report.newest, report.newest_at = parts[-1].digest, parts[-1].ended_at
    report.problems += _order(catalogue)
    report.problems += _log(catalogue)
    _objects(question, report, parts)
    report.problems += _freshness(question, parts[-1])
    if question.other is not None:
        report.problems += _other(question, parts)
    if question.private_key is not None:
        _open_all(question, report, parts)
    return report


def _order(catalogue: Catalogue) -> Iterator[Problem]:
    parts = [signed.manifest for signed in catalogue.parts]
    for before, after in chain_of(parts):
        if after.previous != before.digest:
            yield Problem("chain", after.path)
    for generation in catalogue.generations().values():
        if [part.number for part in generation] != list(range(1, len(generation) + 1)):
            yield Problem("number", generation[0].generation)


def _log(catalogue: Catalogue) -> Iterator[Problem]:
    for parts in catalogue.generations().values():
        bases = [part for part in parts if part.kind in BASES and part.base_wal]
        have = [name for part in parts for name in part.wal]
        for gap in logs.missing(bases[0].base_wal, have) if bases else ():
            yield Problem("log", parts[0].generation, gap)


def _objects(question: Question, report: Report, parts: Sequence[Manifest]) -> None:
    there = question.target.paths(folder_of(question.code))
    listed = [(object_path(part, piece), piece) for part in parts for piece in part.pieces]
    digests = {path: _digest_of(question.target, path) for path, _ in listed if path in there}
    report.custody = _custody_here(listed, digests)
    for path, piece in listed:
        sealed = piece.sealed.get(report.custody)
        if path not in there or sealed is None:
            report.problems.append(Problem("missing", path))
        elif there[path] != sealed.size:
            report.problems.append(Problem("size", path, f"{there[path]}≠{sealed.size}"))
        elif digests[path] != sealed.digest:
            report.problems.append(Problem("changed", path))
        report.objects += 1
        report.sealed_bytes += there.get(path, 0)
    expected = {path for path, _ in listed} | {object_path(part) for part in parts}
    finished = {path.rpartition("/")[0] for path in expected}
    strays = {path for path in set(there) - expected if path.rpartition("/")[0] in finished}
    report.problems += [Problem("stray", path) for path in sorted(strays)]


def _custody_here(listed: Sequence[tuple[str, Piece]], digests: Mapping[str, str]) -> str:
    """Whose copy lies here: the one most of whose sealed pieces are here."""
    scores: Counter[str] = Counter()
    for path, piece in listed:
        scores.update({custody: sealed.digest == digests.get(path) for custody, sealed in piece.sealed.items()})
    return max(scores, key=lambda custody: scores[custody], default="")


def _digest_of(target: Target, path: str) -> str:
    digest, stream = Digest(), target.read(path)
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hex()


def _freshness(question: Question, newest: Manifest) -> Iterator[Problem]:
    if question.expected and newest.digest != question.expected:
        yield Problem("ledger", newest.path, f"账本 {question.expected[:16]}，此处 {newest.digest[:16]}")
    if question.oldest_allowed is not None:
        age = question.now - instant(newest.ended_at)
        if age > question.oldest_allowed:
            yield Problem("old", newest.path, f"已过去 {age // timedelta(hours=1)} 小时")


def _other(question: Question, parts: Sequence[Manifest]) -> Iterator[Problem]:
    assert question.other is not None
    try:
        theirs = read_catalogue(question.other, question.code, question.trusted)
    except TargetTrouble as trouble:
        yield Problem("other", "", trouble.message)
        return
    yield from (Problem("manifest", f"{question.other.url} {path}", why) for path, why in theirs.bad)
    there = {signed.manifest.path: signed.manifest.digest for signed in theirs.parts}
    for part in parts:
        if part.path not in there:
            yield Problem("other-missing", part.path)
        elif there[part.path] != part.digest:
            yield Problem("other", part.path)
    ours = {part.path for part in parts}
    yield from (Problem("other", path, "只在另一处有") for path in sorted(set(there) - ours))


def _open_all(question: Question, report: Report, parts: Sequence[Manifest]) -> None:
    assert question.private_key is not None
    for part in parts:
        try:
            custody = custody_of(question.private_key, part)
        except RestoreTrouble as trouble:
            report.problems.append(Problem("seal", part.path, trouble.message))
            continue
        for piece in part.pieces:
            path = object_path(part, piece)
            try:
                source = question.target.read(path)
                for _ in open_piece(piece, custody, question.private_key, source, part.binding):
                    pass
                report.opened += 1
            except (SealBroken, KeysMissing, Broken, TargetTrouble):
                report.problems.append(Problem("seal", path))
