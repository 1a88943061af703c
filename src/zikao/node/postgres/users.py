"""Who uses a home's cluster: the last to leave stops it.

Every process holds a shared lock while it uses the cluster; the kernel gives the lock up when the process ends,
however it ends.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from zikao.node.postgres.cluster import stop_cluster

_held: dict[Path, IO[str]] = {}


def use_cluster(home: Path) -> None:
    """Count this process among the users of the home's cluster."""
    home = home.resolve()
    if home not in _held:
        home.mkdir(parents=True, exist_ok=True)
        file = (home / "postgres.users").open("a")
        fcntl.flock(file, fcntl.LOCK_SH)
        _held[home] = file


def keep_using_after_exec() -> None:
    """Let the program that this process is about to become stay a user."""
    for file in _held.values():
        os.set_inheritable(file.fileno(), True)


def leave_clusters() -> None:
    """Use no cluster any more; one that nobody else uses is stopped."""
    while _held:
        home, file = _held.popitem()
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            stop_cluster(home)
