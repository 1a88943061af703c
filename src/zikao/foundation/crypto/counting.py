"""How much a data key has sealed: a random 96-bit nonce lets one key seal 2**32 texts and no more.

Each process takes blocks of numbers from a file beside the keys, so that the count survives crashes: it may be too
high by a block a process, never too low.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from threading import Lock

from zikao.foundation.crypto.faults import KeysMissing

SEALS_PER_KEY = 2**32
BLOCK = 4096
COUNTS = "counts"


class SealCounter:
    """Counts the seals of one key over all processes of the machine."""

    def __init__(self, directory: Path, key_id: str) -> None:
        self._path = directory / COUNTS / key_id
        self._left = 0
        self._lock = Lock()

    def count(self) -> None:
        """One more seal. Raises KeysMissing once the key is exhausted."""
        with self._lock:
            if self._left == 0:
                self._left = BLOCK
                if _take(self._path, BLOCK) > SEALS_PER_KEY:
                    self._left = 0
                    raise KeysMissing("data-key-exhausted", remedy="请立即运行 ./zikao node keys rotate data。")
            self._left -= 1


def seals_of(directory: Path, key_id: str) -> int:
    """At most so many texts were sealed with this key."""
    path = directory / COUNTS / key_id
    return int(path.read_text() or 0) if path.exists() else 0


def _take(path: Path, count: int) -> int:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        total = int(os.read(handle, 32) or 0) + count
        os.pwrite(handle, str(total).encode(), 0)
    finally:
        os.close(handle)
    return total
