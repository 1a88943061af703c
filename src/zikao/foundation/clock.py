"""The node's clock: one place that knows the time, and that a rehearsal can move.

A demonstration lives months in minutes; its node keeps an offset in `ZIKAO_CLOCK_OFFSET_SECONDS` or in the file
`clock-offset` of the node's home. A node in real use has neither, and its clock is the machine's.
"""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


def _offset() -> timedelta:
    home = os.environ.get("ZIKAO_NODE_HOME")
    path = Path(home) / "clock-offset" if home else None
    if path is not None and path.exists():
        return timedelta(seconds=int(path.read_text().strip() or 0))
    return timedelta(seconds=int(os.environ.get("ZIKAO_CLOCK_OFFSET_SECONDS", "0")))


def now() -> datetime:
    """The present instant, aware, in local time."""
    return datetime.now(tz=LOCAL) + _offset()


def today() -> date:
    """The present local day: the law's days are local days."""
    return now().date()


def local_day(at: datetime) -> date:
    """The local day of an aware instant."""
    if at.tzinfo is None:
        raise ValueError("a naive datetime has no day")
    return at.astimezone(LOCAL).date()
