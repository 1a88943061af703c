"""Sizes and times as people read them."""

from __future__ import annotations

from datetime import datetime

MEGABYTE = 1 << 20
GIGABYTE = 1 << 30


def size(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / MEGABYTE:,.1f} MB" if count < GIGABYTE else f"{count / GIGABYTE:,.2f} GB"


def ago(then: datetime, at: datetime) -> str:
    """How long ago, in words."""
    minutes = max(0, int((at - then).total_seconds() // 60))
    for unit, name, until in ((1, "分钟", 120), (60, "小时", 2880)):
        if minutes < until:
            return f"{minutes // unit} {name}前"
    return f"{minutes // 1440} 天前"
