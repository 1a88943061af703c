"""The facts of a ledger line, for people: their keys as Chinese words, their values without quotation marks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from zikao.foundation.pages.parts import Fact
from zikao.foundation.regulation.lawfiles import LAW_FOLDER, read


@cache
def ledger_words() -> dict[str, str]:
    """What each key of a line's facts is called."""
    return {str(key): str(word) for key, word in read(LAW_FOLDER / "ledger_words.yaml").items()}


def said(facts: Mapping[str, Any]) -> list[Fact]:
    """A line's facts as they are shown; a key without a word stands as it is."""
    return [Fact(ledger_words().get(name, name), _text(value)) for name, value in facts.items()]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_text(each) for each in value)
    if isinstance(value, dict):
        return "；".join(f"{ledger_words().get(key, key)} {_text(each)}" for key, each in value.items())
    return "" if value is None else str(value)
