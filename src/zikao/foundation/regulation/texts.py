"""The sentences a person reads when the law refuses: what happened and what would change the answer."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from zikao.foundation.regulation.faults import LawError
from zikao.foundation.regulation.lawfiles import LAW_FOLDER, read_entries

_LOCAL = ZoneInfo("Asia/Shanghai")
_ABSENT = "—"


@dataclass(frozen=True)
class RefusalText:
    """The two sentences of a refusal code, with `{fact}` places, and the file (stage) that they stand in."""

    code: str
    message: str
    remedy: str
    stage: str


def in_chinese(value: object) -> str:
    """Write a fact as people read it: 2026年9月1日, 30分钟, 是, a、b; None is —."""
    if value is None:
        return _ABSENT
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Enum):
        return str(getattr(value, "label", value.value))
    if isinstance(value, date | time | timedelta):
        return _moment(value)
    if isinstance(value, Mapping):
        return "、".join(f"{in_chinese(k)} {in_chinese(v)}" for k, v in value.items()) or _ABSENT
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return "、".join(in_chinese(part) for part in value) or _ABSENT
    return str(value)


def _moment(value: date | time | timedelta) -> str:
    if isinstance(value, timedelta):
        return _span(value)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, datetime):
        local = value.astimezone(_LOCAL) if value.tzinfo else value
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return f"{value.year}年{value.month}月{value.day}日"


def _span(value: timedelta) -> str:
    if value < timedelta(0):
        return "-" + _span(-value)
    seconds = int(value.total_seconds())
    parts = ((seconds // 86400, "天"), (seconds // 3600 % 24, "小时"), (seconds // 60 % 60, "分钟"))
    text = "".join(f"{count}{unit}" for count, unit in parts if count)
    return text or (f"{seconds}秒" if seconds else "0分钟")


class _Forgiving(string.Formatter):
    """Fills the places of a sentence; a missing fact or a format that does not fit never raises."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        try:
            return super().get_field(field_name, args, kwargs)
        except (KeyError, IndexError, AttributeError, TypeError, ValueError):
            return None, field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec:
            try:
                return str(super().format_field(value, format_spec))
            except (TypeError, ValueError):
                pass
        return in_chinese(value)


def fill(sentence: str, facts: Mapping[str, object]) -> str:
    """Put facts into a sentence; what is missing reads as —."""
    return _Forgiving().vformat(sentence, (), dict(facts))


def load_refusals(folder: Path) -> dict[str, RefusalText]:
    """Read all refusal texts; raises LawError for a code that stands twice or lacks a sentence."""
    texts = {}
    for stem, code, entry in read_entries(folder):
        if set(entry) != {"message", "remedy"} or not all(str(v or "").strip() for v in entry.values()):
            raise LawError(f"refusals/{stem}.yaml: {code}: needs message and remedy, nothing else")
        texts[code] = RefusalText(code, entry["message"], entry["remedy"], stem)
    return texts


@cache
def refusals() -> dict[str, RefusalText]:
    """Return all refusal texts by code."""
    return load_refusals(LAW_FOLDER / "refusals")


def refusal_text(code: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """Return (message, remedy) in Chinese; an unknown code gives a general sentence: no page breaks."""
    text = refusals().get(code)
    if text is None:
        return f"不符合规定，不能办理（{code}）。", "请核对所填内容；仍有疑问的，请联系所在地教育考试机构。"
    return fill(text.message, facts), fill(text.remedy, facts)
