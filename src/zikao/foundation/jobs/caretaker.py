"""The node's housekeeping, once a second: sequence the ledger, deliver the outbox, take back dead workers' jobs."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from django.db import close_old_connections

from zikao.foundation import clock, exchange, ledger, storage
from zikao.foundation.jobs.reaper import reap

log = logging.getLogger(__name__)


@dataclass
class Chore:
    """One piece of housekeeping and how often it is done, in seconds."""

    name: str
    every_seconds: float
    do: Callable[[], object]
    due: float = 0.0

    def run_if_due(self) -> None:
        """Do it when its time has come; a failure is logged and tried again next time."""
        if monotonic() < self.due:
            return
        self.due = monotonic() + self.every_seconds
        try:
            self.do()
        except Exception:
            log.exception("chore %s failed; it will be tried again", self.name)
            close_old_connections()


_offered: list[tuple[str, float, Callable[[], object]]] = []


def chore(name: str, *, every_seconds: float) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Offer a piece of housekeeping; a room above this one does so in its `ready`."""

    def keep(do: Callable[[], object]) -> Callable[[], object]:
        _offered.append((name, every_seconds, do))
        return do

    return keep


def chores() -> list[Chore]:
    """What the caretaker does."""
    return [
        *(Chore(name, every_seconds, do) for name, every_seconds, do in _offered),
        Chore("sequence", 1.0, ledger.sequence),
        Chore("deliver", 0.5, lambda: exchange.deliver_pending(at=clock.now())),
        Chore("subtrees", 10.0, ledger.fill_subtrees),
        Chore("checkpoint", 5.0, lambda: ledger.checkpoint(at=clock.now())),
        Chore("reap", 10.0, reap),
        Chore("sweep", 3600.0, storage.sweep),
    ]


def keep_house(stop: threading.Event | None = None) -> None:
    """Do the chores until stopped by SIGTERM, SIGINT or the event."""
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    rota = chores()
    while not stop.wait(0.25):
        for chore in rota:
            chore.run_if_due()
