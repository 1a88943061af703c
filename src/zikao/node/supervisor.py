"""Keeps a node's processes running: starts them, starts them again when they crash, stops them together."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

PARENT_DEATH_SIGNAL = 1  # prctl's PR_SET_PDEATHSIG
STOP_SECONDS = 10.0
STEADY_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 30.0

Say = Callable[[str], None]


@dataclass
class Child:
    """One process to keep running. `log` takes what it prints (appended); None: our own output."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    due: float = field(default=0.0, init=False)
    crashes: int = field(default=0, init=False)

    def start(self) -> None:
        """Start it; it dies with us even when we are killed (where the kernel can do that)."""
        output: IO[bytes] | None = None
        if self.log is not None:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            output = self.log.open("ab")
        try:
            self.process = subprocess.Popen(
                list(self.command),
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        finally:
            if output:
                output.close()
        self.started = time.monotonic()

    @property
    def is_running(self) -> bool:
        """Whether it is alive."""
        return self.process is not None and self.process.poll() is None

    def pause_seconds(self) -> float:
        """How long to wait before the next start: 1, 2, 4 … seconds, at most half a minute."""
        return float(min(2**self.crashes, LONGEST_PAUSE_SECONDS))


@dataclass
class Supervisor:
    """A group of children; a context manager for as long as they are wanted."""

    children: Sequence[Child]
    say: Say = print

    def __enter__(self) -> Supervisor:
        for child in self.children:
            child.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def look_after(self) -> None:
        """Start again what has crashed and has waited its time; call it about once a second, from one thread."""
        now = time.monotonic()
        for child in self.children:
            if child.is_running:
                continue
            if child.process is not None:
                self._note_crash(child, now)
            elif now >= child.due:
                child.start()

    def run(self, stop: threading.Event | None = None) -> None:
        """Look after the children until SIGTERM, SIGINT or the event."""
        stop = stop or threading.Event()

        def end(number: int, frame: FrameType | None) -> None:
            stop.set()

        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not stop.wait(0.5):
                self.look_after()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Ask all to end, and kill those that do not within ten seconds."""
        running = [child.process for child in self.children if child.process and child.is_running]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _note_crash(self, child: Child, now: float) -> None:
        assert child.process is not None
        child.crashes = 0 if now - child.started > STEADY_SECONDS else child.crashes + 1
        child.due = now + child.pause_seconds()
        code = child.process.returncode
        child.process = None
        self.say(f"{child.name} 意外停止（{code}），{child.pause_seconds():.0f} 秒后重新启动。")


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
