"""The restore drill: the newest backup of one custody, brought to life beside the node, counted and verified.

First the log is replayed up to the census and the server waits there: every table must hold exactly what was counted,
the ledger's tree and the scores' root must be the same. Then the rest of the log is replayed, and the ledger is
verified whole. Files are opened by sample. The scratch cluster is gone afterwards.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from zikao.foundation import crypto
from zikao.foundation.errors import ZikaoError
from zikao.foundation.ledger.verify import verify_ledger
from zikao.node.backing_up.catalogue import read_catalogue
from zikao.node.backing_up.census import count, ledger_head, score_windows
from zikao.node.backing_up.manifests import Census
from zikao.node.backing_up.recovery import Goal, Replay
from zikao.node.backing_up.restoring import Bringer, Plan, Say, bringer, plan_of
from zikao.node.backing_up.source import scratch
from zikao.node.backing_up.targets import Target
from zikao.node.postgres import destroy_cluster, slug

SAMPLE = 50


@dataclass(frozen=True)
class Finding:
    """One thing that was tried: what, whether it holds, and what was seen."""

    name: str
    holds: bool
    seen: str


@dataclass
class Drilled:
    """How a drill went."""

    generation: str
    custody: str
    began_at: datetime
    ended_at: datetime = field(default_factory=lambda: datetime.now(tz=UTC))
    number: int = 0
    digest: str = ""
    bytes: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether everything holds."""
        return bool(self.findings) and all(each.holds for each in self.findings)

    def add(self, name: str, holds: bool, seen: str) -> None:
        """Note one finding."""
        self.findings.append(Finding(name, holds, seen))

    def as_list(self) -> list[dict[str, object]]:
        """The findings as plain values."""
        return [asdict(each) for each in self.findings]


def drill(
    target: Target, code: str, private_key: bytes, place: Path, *, custody: str = "", say: Say = print
) -> Drilled:
    """Restore the newest backup at this target into a scratch place and say what it proves; never raises ZikaoError."""
    began = datetime.now(tz=UTC)
    drilled = Drilled("", custody, began)
    try:
        catalogue = read_catalogue(target, code, crypto.public_keys())
        plan = plan_of(catalogue, private_key, custody=custody)
        newest = plan.newest
        drilled = Drilled(newest.generation, plan.custody, began, number=newest.number, digest=newest.digest)
        drilled.bytes = plan.bytes
        with scratch(place):
            place.chmod(0o711)
            made = bringer(target, private_key, plan, place / "home", say=say)
            try:
                _try(made, plan, drilled)
            finally:
                destroy_cluster(made.home)
                made.discard()
    except ZikaoError as error:
        drilled.add("恢复", False, f"{error.message}")
    drilled.ended_at = datetime.now(tz=UTC)
    return drilled


def _try(made: Bringer, plan: Plan, drilled: Drilled) -> None:
    if plan.bases[-1].kind == "logical":
        _try_dump(made, plan, drilled)
        return
    made.lay_out()
    parts = f"全量与增量 {len(plan.bases)} 份，日志 {sum(len(part.wal) for part in plan.parts)} 段"
    drilled.add("解开副本", True, f"{parts}，逐文件核对 SHA-256，{plan.bytes / 2**20:,.0f} MB")
    database = f"zikao_{slug(made.code)}"
    census = _census(plan)
    replay = made.replay()
    if census is not None:
        made.say("正在重放到清点的那一刻……")
        with replay.running(Goal(lsn=census.lsn)):
            replay.wait(paused=True)
            _compare(replay.url(database), census, drilled)
    made.say("正在重放其余日志……")
    with replay.running(Goal()):
        replay.wait()
        _at_the_end(replay, database, plan, drilled)
    _check_pages(made, drilled)
    _check_files(made, drilled)


def _try_dump(made: Bringer, plan: Plan, drilled: Drilled) -> None:
    cluster = made.restore_dump()
    drilled.add("解开副本", True, f"逻辑全量 {plan.bytes / 2**20:,.0f} MB 已装入")
    census = _census(plan)
    assert census is not None
    url = cluster.superuser_url(f"zikao_{slug(made.code)}")
    _compare(url, census, drilled)
    _check_ledger(url, plan, drilled)
    _check_files(made, drilled)


def _census(plan: Plan) -> Census | None:
    return next((part.census for part in reversed(plan.parts) if part.census is not None), None)


def _compare(url: str, census: Census, drilled: Drilled) -> None:
    with psycopg.connect(url) as reader:
        found = count(reader)
        windows, broken = score_windows(reader)
    differing = sorted(_differing(census.counts, found.counts, exact=census.exact))
    rows = sum(found.counts.values())
    seen = (
        f"{len(found.counts)} 张表，共 {rows:,} 行，与清单一致"
        if not differing
        else "不一致：" + "；".join(differing[:5])
    )
    drilled.add("各表行数", not differing, seen if census.exact else f"{seen}（清点时有并发写入，允许多出）")
    same = not census.exact or (found.ledger_size, found.ledger_root) == (census.ledger_size, census.ledger_root)
    drilled.add("账本根", same, f"{found.ledger_size:,} 行，根 {found.ledger_root[:16] or '—'}")
    same = not census.exact or found.scores_root == census.scores_root
    drilled.add("成绩库根", same and not broken, f"{windows} 个写入窗口逐个接续，根 {found.scores_root[:16] or '—'}")


def _differing(listed: Mapping[str, int], found: Mapping[str, int], *, exact: bool) -> Iterator[str]:
    for name in listed.keys() | found.keys():
        before, after = listed.get(name, 0), found.get(name, 0)
        if before != after if exact else after < before:
            yield f"{name} 应为 {before}，实为 {after}"


def _at_the_end(replay: Replay, database: str, plan: Plan, drilled: Drilled) -> None:
    with psycopg.connect(replay.url(database)) as reader:
        size, _ = ledger_head(reader)
        row = reader.execute("SELECT max(recorded_at) FROM ledger_line").fetchone()
    last = row[0].astimezone().strftime("%Y-%m-%d %H:%M:%S") if row and row[0] else "—"
    drilled.add("日志重放到底", True, f"账本 {size:,} 行，最后一行写于 {last}")
    _check_ledger(replay.url(database), plan, drilled)


def _check_ledger(url: str, plan: Plan, drilled: Drilled) -> None:
    notes = [part.census.checkpoint for part in plan.parts if part.census and part.census.checkpoint]
    result = verify_ledger(url, public_keys=crypto.public_keys(), origin=plan.newest.node, kept_notes=notes)
    seen = f"{result.leaves:,} 行全部验算，检查点 {result.checkpoints} 个"
    problems = "；".join(f"{each.kind} {each.line_id or each.detail}" for each in result.problems[:5])
    drilled.add("账本验算", result.holds, seen if result.holds else f"{seen}；问题：{problems}")


def _check_pages(made: Bringer, drilled: Drilled) -> None:
    server = made.server
    answer = server.account.run(
        [server.binaries.path("pg_checksums"), "--check", "-D", server.place.data], timeout=86400
    )
    blocks = next((line.split(":")[1].strip() for line in answer.stdout.splitlines() if "Blocks scanned" in line), "?")
    seen = f"{blocks} 页校验和正确" if answer.returncode == 0 else answer.stdout.strip()[-200:]
    drilled.add("数据页校验和", answer.returncode == 0, seen)


def _check_files(made: Bringer, drilled: Drilled) -> None:
    folder = made.home / made.code.replace(":", "-") / "files"
    names = [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []
    chosen = random.sample(names, min(SAMPLE, len(names)))
    bad = [path.name for path in chosen if not _opens(path)]
    seen = f"共 {len(names):,} 个，抽查 {len(chosen)} 个" + (
        f"，{len(bad)} 个打不开" if bad else "，均能解密且摘要相符"
    )
    drilled.add("存储文件", not bad, seen)


def _opens(path: Path) -> bool:
    try:
        data = crypto.unseal(path.read_bytes(), path.name.encode())
    except ZikaoError:
        return False
    return crypto.sm3(data).hex() == path.name
