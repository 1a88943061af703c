"""How values are written for people: local dates in Chinese, money, masked numbers."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from zikao.foundation import clock
from zikao.foundation.clock import LOCAL

_WEEKDAYS = "一二三四五六日"


def day_text(value: date | datetime | None) -> str:
    """2026年8月20日; a datetime is taken in local time."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = value.astimezone(LOCAL).date()
    return f"{value.year}年{value.month}月{value.day}日"


def weekday_text(value: date) -> str:
    """周六."""
    return f"周{_WEEKDAYS[value.weekday()]}"


def moment_text(value: datetime | None) -> str:
    """2026年8月20日 10:00, local time."""
    if value is None:
        return "—"
    local = value.astimezone(LOCAL)
    return f"{day_text(local)} {local:%H:%M}"


def since_text(value: datetime | None, now: datetime | None = None) -> str:
    """How long ago or ahead: 刚才, 12 分钟前, 3 天前, 还有 5 小时, 已过 2 天."""
    if value is None:
        return "—"
    gap = (now or clock.now()) - value
    ahead = gap < timedelta(0)
    minutes = int(abs(gap).total_seconds() // 60)
    if minutes < 1:
        return "刚才"
    size = next(
        (f"{minutes // per} {unit}" for per, unit in ((1440, "天"), (60, "小时"), (1, "分钟")) if minutes >= per), ""
    )
    return f"还有 {size}" if ahead else f"{size}前"


def money_text(fen: int | None) -> str:
    """¥35.00 from 3500 fen."""
    if fen is None:
        return "—"
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}¥{fen // 100:,}.{fen % 100:02d}"


def masked(text: str | None) -> str:
    """An identifier with its middle hidden: 3201**********1234, 138****5678; short ones show one character."""
    if not text:
        return "—"
    head, tail = (6, 4) if len(text) >= 15 else (3, 4) if len(text) >= 11 else (1, 0)
    return text[:head] + "*" * max(1, len(text) - head - tail) + (text[-tail:] if tail else "")
