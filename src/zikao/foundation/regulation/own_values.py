"""Values that a province has set by its own detailed rules: kept by a stage, read from memory by the law.

A rule is pure and asks no database. So the values are read before each command and request, and again after a while;
a value binds from the day after its approval at the earliest, so what is a minute old is never stale.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import Any

from zikao.foundation.regulation.dated import Dated, put_own

Values = dict[tuple[str, str], list[tuple[date, Any]]]
Source = Callable[[], Values]

_source: list[Source] = []
_read_at: list[float] = []
_lock = Lock()


def keep_own_values(source: Source) -> Source:
    """Register where the values come from: {(province, parameter): [(first day, value)]}."""
    _source[:] = [source]
    return source


def freshen(**_: object) -> None:
    """Read the values when they were never read, are old, or were forgotten."""
    lasts = float(os.environ.get("ZIKAO_SETTINGS_SECONDS", "60"))
    if not _source or (_read_at and time.monotonic() - _read_at[0] < lasts):
        return
    with _lock:
        found = _source[0]()
        put_own({key: tuple(Dated(since, value) for since, value in rows) for key, rows in found.items()})
        _read_at[:] = [time.monotonic()]


def forget() -> None:
    """Read the values anew at the next command or request."""
    _read_at.clear()


def take_none() -> None:
    """Hold no values and take them for fresh: what a test begins with."""
    put_own({})
    _read_at[:] = [float("inf")]
