"""`./zikao check`: everything that can be said of the code without running it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from zikao.node.nodes import PROJECT

TARGETS = ("src", "tests", "bench", "zikao")
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@dataclass(frozen=True)
class Part:
    """One check: a program of the virtual environment, or a module of Python's."""

    name: str
    program: Sequence[str]


@dataclass(frozen=True)
class Result:
    """How a part went; `output` is what it printed."""

    part: Part
    passed: bool
    seconds: float
    output: str


def parts(*, write: bool) -> list[Part]:
    """The checks, the longest first so that two cores end together."""
    programs = Path(sys.executable).parent
    targets = [name for name in TARGETS if (PROJECT / name).exists()]
    python = sys.executable
    return [
        Part("types", [python, "-m", "mypy", "-p", "zikao"]),
        Part("imports", [f"{programs}/lint-imports", "--no-cache"]),
        Part(
            "reference and clauses",
            [python, "-m", "zikao.node.reference", *(["--write"] if write else [])],
        ),
        Part("migrations", [python, "-m", "django", "makemigrations", "--check", "--dry-run"]),
        Part("templates", [f"{programs}/djlint", "src/zikao", "--extension=html", "--lint", "--quiet"]),
        Part("format", [f"{programs}/ruff", "format", "--check", *targets]),
        Part("lint", [f"{programs}/ruff", "check", *targets]),
    ]


def check(*, write: bool = False) -> int:
    """Run every part, print a table, and what the failed ones said; 0 when all passed, else 1."""
    with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool:
        results = list(pool.map(_run, parts(write=write)))
    for result in results:
        if not result.passed:
            print(f"──── {result.part.name}\n{result.output.strip()}\n")
    for result in results:
        print(f"{result.part.name:<24}{'ok' if result.passed else 'FAILED':<8}{result.seconds:6.1f} s")
    return 0 if all(result.passed for result in results) else 1


def _run(part: Part) -> Result:
    started = time.monotonic()
    answer = subprocess.run(
        list(part.program),
        cwd=PROJECT,
        env={
            **os.environ,
            "PYTHONPATH": str(PROJECT / "src"),
            "DJANGO_SETTINGS_MODULE": "zikao.node.settings",
            "ZIKAO_NODE": "province:32",
            "ZIKAO_NODE_HOME": str(PROJECT / "var" / "none"),
            "ZIKAO_DATABASE_URL": NOWHERE,
            "PYTHONWARNINGS": "ignore::RuntimeWarning",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return Result(part, answer.returncode == 0, time.monotonic() - started, answer.stdout)
