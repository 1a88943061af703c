"""`./zikao verify scores`: the score archive recomputed from its rows, from the database or from an exported file.

For a third-party audit (SR-A1.10b): `--write FILE` exports the archive; whoever holds the file, an exported ledger and
the node's public keys checks both without this system. What it cannot see alone: an archive and its whole ledger forged
together before any witness cosigned; that is what the ledger's checkpoints and witnesses are for.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from zikao.stages.results.verify.checking import ScoreProblem, Verdict, check

USAGE = """usage: zikao verify scores [--json] [--write FILE]
       zikao verify scores --export FILE [--ledger FILE] [--json]

  --write FILE    核验本节点的成绩档案库，并导出为一个文件，供第三方离线核验
  --export FILE   只凭导出的文件核验，不用数据库
  --ledger FILE   与导出的账本对照（账本本身用 zikao verify ledger --export 核验）
"""


def verify_here() -> Verdict:
    """Verify this node's archive: rows, windows, heads, ledger, guards."""
    from zikao.foundation.commands import all_rows
    from zikao.stages.results.verify import guards, naming, reading

    with all_rows("SR-A1.10b：核验整个成绩档案库"):
        verdict = check(reading.windows_here(), reading.filings_here())
        known = {problem.score for problem in verdict.problems}
        for number in verdict.broken:
            verdict.problems += [each for each in naming.named(number) if each.score not in known]
        verdict.problems += guards.check_guards()
    return verdict


def verify_file(path: Path, ledger: Path | None = None) -> Verdict:
    """Verify an exported archive, against an exported ledger where one is given."""
    from zikao.stages.results.verify import reading

    filings = reading.filings_in_ledger(ledger) if ledger else reading.filings_in(path)
    return check(reading.windows_in(path), filings)


def report(verdict: Verdict) -> str:
    """In words: what was read, and every problem."""
    told = f"核验归档窗口 {verdict.windows:,} 个、成绩 {verdict.rows:,} 条，链首 {verdict.head[:16] or '（空）'}。"
    if verdict.holds:
        return f"{told}\n全部一致。"
    return "\n".join([told, f"发现 {len(verdict.problems)} 处不一致：", *(each.sentence for each in verdict.problems)])


def main(args: Sequence[str]) -> int:
    """0 when all holds, 1 when not, 2 on wrong usage."""
    rest, given, as_json = list(args), {}, False
    while rest:
        option = rest.pop(0)
        if option == "--json":
            as_json = True
        elif option in ("--export", "--ledger", "--write") and rest:
            given[option] = Path(rest.pop(0))
        else:
            sys.stderr.write(USAGE)
            return 2
    if "--ledger" in given and "--export" not in given:
        sys.stderr.write(USAGE)
        return 2
    verdict = verify_file(given["--export"], given.get("--ledger")) if "--export" in given else verify_here()
    if "--write" in given:
        _write(given["--write"])
    plain = {"holds": verdict.holds, "windows": verdict.windows, "rows": verdict.rows, "head": verdict.head}
    told = json.dumps({**plain, "problems": [asdict(each) for each in verdict.problems]}, ensure_ascii=False)
    print(told if as_json else report(verdict))
    return 0 if verdict.holds else 1


def _write(path: Path) -> None:
    from django.conf import settings

    from zikao.foundation import clock
    from zikao.foundation.commands import all_rows
    from zikao.stages.results.verify.reading import write_export

    with all_rows("SR-A1.10b：导出整个成绩档案库，供第三方审计"):
        write_export(path, origin=settings.ZIKAO_NODE, at=clock.now())


__all__ = ["ScoreProblem", "Verdict", "main", "report", "verify_file", "verify_here"]
