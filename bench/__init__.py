"""Benchmarks, each beside a peer or a limit in the same run.

A module `bench/<name>.py` has `bench() -> list[Line]`. `run(names, as_json)` measures those named (all when none is
named), prints a table or one JSON value, and returns an exit code: 0 when every goal is met, 1 when one is missed or a
benchmark failed, 2 for an unknown name.
"""

from __future__ import annotations

import json
import pkgutil
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from unicodedata import east_asian_width


@dataclass(frozen=True)
class Line:
    """One comparison. `goal` is the least ratio wanted, or the greatest when `lower_is_better`.

    `ours` and `peer` are in `unit`; `peer` is None where the goal is a limit; `n` is the
    size of the work.
    """

    name: str
    ours: float
    peer: float | None
    peer_name: str
    ratio: float | None
    goal: float | None
    unit: str
    n: int
    lower_is_better: bool = False

    @property
    def met(self) -> bool:
        """Whether the goal is reached; a line without a goal only tells."""
        if self.goal is None:
            return True
        value = self.ours if self.ratio is None else self.ratio
        return value <= self.goal if self.lower_is_better else value >= self.goal


def clocked(work: Callable[[], object]) -> float:
    """The seconds one call takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def best_of(times: int, work: Callable[[], object]) -> float:
    """The least seconds of several calls: what the machine can do when nobody disturbs it."""
    return min(clocked(work) for _ in range(times))


def available() -> list[str]:
    """The names of all benchmarks."""
    return sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_"))


def run(names: Sequence[str], as_json: bool) -> int:
    """Measure, print, and tell by the exit code whether every goal was met."""
    wanted = list(names) or available()
    if unknown := [name for name in wanted if name not in available()]:
        sys.stderr.write(f"没有这项基准测试：{'、'.join(unknown)}。现有：{'、'.join(available())}\n")
        return 2
    lines: list[Line] = []
    failed: list[str] = []
    for name in wanted:
        try:
            lines += import_module(f"bench.{name}").bench()
        except Exception:
            failed.append(name)
            traceback.print_exc()
    if as_json:
        sys.stdout.write(json.dumps([{**asdict(line), "met": line.met} for line in lines], ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(table(lines))
    return 1 if failed or not all(line.met for line in lines) else 0


def table(lines: Sequence[Line]) -> str:
    """The lines as a table for people."""
    head = ("基准", "本系统", "对照", "对照物", "比值", "目标", "单位", "n", "")
    rows = [head, *(_row(line) for line in lines)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(head))]
    return "".join("  ".join(_pad(text, widths[at]) for at, text in enumerate(row)).rstrip() + "\n" for row in rows)


def _row(line: Line) -> tuple[str, ...]:
    sign = "≤" if line.lower_is_better else "≥"
    return (
        line.name,
        f"{line.ours:,.4g}",
        "—" if line.peer is None else f"{line.peer:,.4g}",
        line.peer_name,
        "—" if line.ratio is None else f"{line.ratio:.2f}",
        "—" if line.goal is None else f"{sign} {line.goal:g}",
        line.unit,
        f"{line.n:,}",
        "达到" if line.met else "未达到",
    )


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
