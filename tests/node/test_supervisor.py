"""The supervisor starts again what crashes, and stops all together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from zikao.node import supervisor as module
from zikao.node.ports import free_port
from zikao.node.serving import check_port
from zikao.node.supervisor import Child, Supervisor
from zikao.node.trouble import NodeTrouble

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def child(command: list[str]) -> Child:
    return Child("child", command, dict(os.environ))


def wait_for(true, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_crashed_child_is_started_again_after_a_pause():
    said: list[str] = []
    sleeper = child(SLEEPER)
    with Supervisor([sleeper], said.append) as group:
        first = sleeper.process.pid
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: not sleeper.is_running)
        group.look_after()
        assert sleeper.process is None
        sleeper.due = 0.0
        group.look_after()
        assert sleeper.is_running
        assert sleeper.process.pid != first
    assert len(said) == 1
    assert not sleeper.is_running


def test_a_child_that_keeps_crashing_waits_longer_each_time():
    crasher = child([sys.executable, "-c", "raise SystemExit(1)"])
    pauses = []
    with Supervisor([crasher], lambda text: None) as group:
        for _ in range(7):
            wait_for(lambda: not crasher.is_running)
            group.look_after()
            pauses.append(crasher.pause_seconds())
            crasher.due = 0.0
            group.look_after()
    assert pauses == [2, 4, 8, 16, 30, 30, 30]


def test_a_deaf_child_is_killed(monkeypatch):
    monkeypatch.setattr(module, "STOP_SECONDS", 0.3)
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    deaf = child([sys.executable, "-c", code])
    with Supervisor([deaf]):
        time.sleep(0.5)
    assert deaf.process.returncode == -signal.SIGKILL


def test_children_die_with_a_killed_supervisor(tmp_path: Path):
    code = (
        "import os, sys, time; from zikao.node.supervisor import Child, Supervisor;"
        f"child = Child('child', {SLEEPER!r}, dict(os.environ));"
        "group = Supervisor([child]); group.__enter__(); print(child.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": "src"}
    )
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    if sys.platform == "linux":
        wait_for(lambda: not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes())


def test_it_stops_on_the_event():
    stop, sleeper = threading.Event(), child(SLEEPER)
    threading.Timer(0.2, stop.set).start()
    with Supervisor([sleeper]) as group:
        group.run(stop)
    assert not sleeper.is_running


def test_an_operator_is_told_of_a_taken_port():
    import socket

    port = free_port()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(NodeTrouble, match=str(port)):
            check_port(port)
