"""The demonstration, run as its users run it: whole, again, and after it was killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

CANDIDATES = "100"
LONGEST_SECONDS = 420
ENOUGH = 10
"""So many phases lived, and everybody is registered: the middle in which the demonstration is killed."""

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home of its own, emptied afterwards; never the user's demonstration."""
    path = tmp_path_factory.mktemp("demo home")
    yield path
    from zikao.node.nodes import forget_everything

    forget_everything(path)


def _command(project: Path, home: Path, *arguments: str) -> dict[str, object]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ZIKAO", "DJANGO"))}
    environment |= {"ZIKAO_HOME": str(home), "PYTHONPATH": str(project / "src")}
    return {
        "args": [sys.executable, "-m", "zikao.node.cli", "demo", "--no-serve", *arguments],
        "env": environment,
        "cwd": project,
        "text": True,
        "stdin": subprocess.DEVNULL,
    }


def _run(project: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    call = _command(project, home, *arguments)
    return subprocess.run(**call, capture_output=True, timeout=LONGEST_SECONDS)  # type: ignore[call-overload,no-any-return]


def _lived(home: Path) -> dict[str, float]:
    try:
        return dict(json.loads((home / "demo.json").read_text())["lived"])
    except (OSError, ValueError):
        return {}


def test_visitor_kills_the_demo_in_the_middle_and_runs_it_twice_again(project: Path, home: Path) -> None:
    call = _command(project, home, "--candidates", CANDIDATES)
    log = home / "killed.log"
    with log.open("w") as output:
        killed = subprocess.Popen(**call, stdout=output, stderr=output)  # type: ignore[call-overload]
    deadline = time.monotonic() + LONGEST_SECONDS
    while len(_lived(home)) < ENOUGH and killed.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    assert killed.poll() is None, log.read_text()
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert ENOUGH <= len(_lived(home)) < 35

    again = _run(project, home, "--candidates", CANDIDATES)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "从头重新开始" in again.stdout
    assert "✗" not in again.stdout
    assert again.stdout.count("相符") >= 30

    third = _run(project, home)
    assert third.returncode == 0, third.stdout + third.stderr
    assert "沿用上次的演示数据" in third.stdout
    assert third.stdout.count("相符") == again.stdout.count("相符")


def test_visitor_asks_for_too_few_candidates(project: Path, home: Path) -> None:
    told = _run(project, home, "--candidates", "3")
    assert told.returncode == 2
    assert "考生数应在" in told.stderr
