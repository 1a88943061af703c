"""`zikao verify backup URL [--other URL] [--key FILE] [--public-key FILE] [--node CODE] [--json]`: 0 when all holds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from zikao.foundation import clock, crypto
from zikao.foundation.regulation import parameter
from zikao.node.backing_up.bringing import node_at
from zikao.node.backing_up.drilled import read_key
from zikao.node.backing_up.targets import open_target
from zikao.node.backing_up.verifying import Question, Report, verify_backup

SHOWN = 50


def main(args: Sequence[str]) -> int:
    """Verify the backups at one custody; with the node at hand against its ledger, too. Raises NodeTrouble."""
    parser = argparse.ArgumentParser(prog="zikao verify backup", description="核验一方保管处的备份")
    parser.add_argument("url", metavar="地址", help="该方的存放处：目录或 URL")
    parser.add_argument("--other", metavar="地址", help="另一方的存放处：逐份比较两处的清单")
    parser.add_argument("--key", type=Path, metavar="文件", help="该方保管人的私钥：逐个打开核对")
    parser.add_argument(
        "--public-key", type=Path, action="append", default=[], help="节点公布的签名公钥（PEM），可多次"
    )
    parser.add_argument("--digest", metavar="摘要", default="", help="账本记载的最新清单摘要")
    parser.add_argument("--any-age", action="store_true", help="不检查最近一次备份是否过旧")
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON 值")
    options = parser.parse_args(args)
    target = open_target(options.url)
    code = node_at(target)
    keys, expected = _known(code)
    keys = {str(path): path.read_text() for path in options.public_key} or keys
    hours = int(parameter("backup-at-least-every").on(clock.today()))
    report = verify_backup(
        Question(
            target,
            code,
            trusted=keys or None,
            other=open_target(options.other) if options.other else None,
            private_key=read_key(options.key) if options.key else None,
            expected=options.digest or expected,
            oldest_allowed=None if options.any_age else timedelta(hours=hours),
        )
    )
    if options.json:
        print(json.dumps(asdict(report) | {"holds": report.holds}, ensure_ascii=False))
    else:
        print("\n".join(lines(report, is_trusted=bool(keys), is_compared=bool(options.other))))
    return 0 if report.holds else 1


def lines(report: Report, *, is_trusted: bool, is_compared: bool) -> Iterator[str]:
    """The report as people read it."""
    yield from (problem.sentence for problem in report.problems[:SHOWN])
    if len(report.problems) > SHOWN:
        yield f"……另有 {len(report.problems) - SHOWN} 处问题。"
    size = f"{report.sealed_bytes / 2**20:,.1f} MB"
    counted = f"{report.generations} 套 {report.parts} 份，{report.objects} 个对象"
    yield f"{counted}，密文 {size}，打开核对 {report.opened} 个。"
    yield f"最新一份完成于 {report.newest_at or '—'}，清单摘要 {report.newest or '—'}。"
    if not is_trusted:
        yield "注意：没有给出节点的签名公钥（--public-key），只核对了清单自带的公钥。"
    if not is_compared:
        yield "注意：没有与另一方比较（--other），备份被两处一致地退回旧版时看不出来。"
    yield "备份完整，未发现改动。" if report.holds else f"备份不可信：发现 {len(report.problems)} 处问题。"


def _known(code: str) -> tuple[Mapping[str, str], str]:
    """The node's public keys and the digest its ledger names, where this machine is that node."""
    from django.conf import settings
    from django.db import DatabaseError

    from zikao.node.backing_up.keeping import known_digest

    if code != settings.ZIKAO_NODE:
        return {}, ""
    try:
        return crypto.public_keys(), known_digest()
    except (crypto.KeysMissing, DatabaseError):
        return {}, ""
