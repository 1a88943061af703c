"""From Python values to what Typst reads: text, whole numbers, bytes, lists and dictionaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from zikao.foundation.clock import LOCAL
from zikao.foundation.documents.fonts import legible

_PLAIN = (bool, int, bytes, type(None), float)


def plain(value: Any) -> Any:
    """A value as a template reads it.

    Dates become 2026年10月17日, instants 2026年10月17日 09:00 in local time, decimals their digits, enums their value;
    a character that no font here can draw becomes its code point.
    Raises TypeError for anything a template has no business with (a model, for one).
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        local = value.astimezone(LOCAL)
        return f"{chinese_date(local.date())} {local:%H:%M}"
    if isinstance(value, date):
        return chinese_date(value)
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a document cannot be given a {type(value).__name__}")


def chinese_date(day: date) -> str:
    """A day as official papers write it: 2026年10月17日."""
    return f"{day.year}年{day.month}月{day.day}日"
