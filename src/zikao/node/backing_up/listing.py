"""Backups and drills as a list, for the command line and for the node's status."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.timezone import localtime

from zikao.foundation import clock
from zikao.foundation.backups import queries
from zikao.foundation.backups.models import Backup, Drill
from zikao.foundation.backups.states import COPIES, Kind

SHOWN = 40


def backup_lines() -> Iterator[str]:
    """The newest backups and drills, a line each."""
    removed = set(queries.removed_generations())
    rows = [each for each in queries.backups()[:400] if each.kind != Kind.WAL][:SHOWN]
    for each in reversed(rows):
        gone = "（已清理）" if each.generation in removed else ""
        sizes = " + ".join(f"{size / 2**20:,.1f}" for size in each.sealed_bytes.values())
        at = f"{localtime(each.ended_at):%Y-%m-%d %H:%M}"
        print_rows = f"{each.rows:,} 行" if each.rows is not None else ""
        yield f"{at}  {each}  密文 {sizes} MB  {print_rows}  {each.digest[:16]}{gone}"
    for drill in reversed(queries.drills()[:SHOWN]):
        at = f"{localtime(drill.ended_at):%Y-%m-%d %H:%M}"
        yield f"{at}  演练 {drill}  {'保管人私钥' if drill.is_custodians_key else '本机演练密钥'}"
    yield from (f"{label}：{value}" for label, value in status_lines())


def status_lines() -> Iterator[tuple[str, str]]:
    """How far behind the backups are, in words."""
    missing = queries.missing_custodies()
    if missing:
        yield "备份", f"未启用，还缺少{'、'.join(missing)}"
        return
    now = clock.now()
    last, base, drill = queries.newest(), queries.newest_base(), queries.newest_drill()
    yield "最近送出", f"{_ago(last, now)}（{last}）" if last else "从未"
    yield "最近备份", f"{_ago(base, now)}（{base}）" if base else "从未"
    yield "最近演练", f"{_ago(drill, now)}（{drill}）" if drill else "从未"
    failure = queries.open_failure()
    if failure is not None:
        yield "备份未成功", f"{localtime(failure.at):%Y-%m-%d %H:%M} {failure.message}"


def listed() -> dict[str, Any]:
    """The same as plain values."""
    return {
        "destinations": {c.value: getattr(queries.destination(c), "url", None) for c in COPIES},
        "missing": list(queries.missing_custodies()),
        "backups": [_as_dict(each) for each in queries.backups()[:SHOWN]],
        "drills": [
            {"generation": d.generation, "custody": d.custody, "outcome": d.outcome, "ended_at": d.ended_at.isoformat()}
            for d in queries.drills()[:SHOWN]
        ],
    }


def _as_dict(each: Backup) -> dict[str, Any]:
    names = ("generation", "number", "kind", "digest", "previous", "plain_bytes", "sealed_bytes", "rows", "ledger_size")
    return {**{name: getattr(each, name) for name in names}, "ended_at": each.ended_at.isoformat()}


def _ago(row: Backup | Drill, now: Any) -> str:
    minutes = int((now - row.ended_at).total_seconds() // 60)
    return f"{minutes} 分钟前" if minutes < 120 else f"{minutes // 60} 小时前"
