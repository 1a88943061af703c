"""What is wrong in a file, by place: every value is taken by a method that names the fault and goes on."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from zikao.foundation.errors import BadInput

LARGEST_NUMBER = 9999
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COURSE = re.compile(r"[0-9]{5}")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
EARLIEST, LATEST = date(1981, 1, 1), date(2099, 12, 31)
"""The first examinations were in 1981."""

Raw = Mapping[str, Any]


def has_unseen(text: str) -> bool:
    """Whether a text holds what nobody sees: control, zero-width and direction characters."""
    return any(unicodedata.category(character) in _UNSEEN for character in text)


def read_json(text: str) -> dict[str, Any]:
    """The object of a JSON text. Raises BadInput that says where the text goes wrong; a name given twice is wrong."""
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise _unread(f"文件不是正确的 JSON：第{error.lineno}行第{error.colno}列。") from None
    except RecursionError:
        raise _unread("文件的层次太深，不是考试计划。") from None
    except ValueError as error:
        said = error.args[0] if isinstance(error, _Said) else "文件里有大得读不出的数。"
        raise _unread(said) from None
    if not isinstance(found, dict):
        raise _unread("文件里没有考试计划。")
    return found


class _Said(ValueError):
    """A fault of the text, already in words."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        near = next((str(found[name])[:20] for name in ("code", "id", "name") if name in found), "")
        raise _Said(f"“{twice[:20]}”在同一处写了两次{f'（{near}）' if near else ''}。")
    return found


def _no_number(name: str) -> None:
    raise _Said(f"“{name}”不是数。")


def _unread(words: str) -> BadInput:
    return BadInput("plans-faulty", field_errors={"文件": words}, message="考试计划文件有误，没有导入。")


class Faults:
    """Collects what is wrong, by place ("plans[2].courses[5].credits", or what `said` makes of it)."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def require_none(self) -> None:
        """Raises BadInput that names every place."""
        if self.found:
            raise BadInput("plans-faulty", field_errors=self.found, message="考试计划文件有误，没有导入。")

    def objects(self, raw: Raw, name: str, place: str) -> Iterator[tuple[str, Raw]]:
        """(place, object) of a list of objects; nothing where the file says nothing of it."""
        rows = raw.get(name)
        if rows is None:
            return
        if not isinstance(rows, list):
            self.found[f"{place}{name}"] = "应为列表。"
            return
        for i, row in enumerate(rows):
            here = f"{place}{name}[{i}]"
            if isinstance(row, dict):
                yield here, row
            else:
                self.found[here] = "应为 {…} 的一项。"

    def only(self, raw: Raw, names: Collection[str], place: str) -> None:
        """Name what the file says that nobody reads: a name misspelt would be lost without a word."""
        for name in raw:
            if name not in names:
                self.found[f"{place}.{name[:40]}"] = f"不认识这一项，可以写的是 {'、'.join(sorted(names))}。"

    def text(self, raw: Raw, name: str, place: str, most: int) -> str:
        value = raw.get(name)
        if not isinstance(value, str) or not value.strip():
            self.found[f"{place}.{name}"] = "没有填写。" if value in (None, "") else "应为文字。"
            return ""
        return self._clean(value.strip(), f"{place}.{name}", most)

    def _clean(self, value: str, place: str, most: int) -> str:
        if has_unseen(value):
            self.found[place] = "含有看不见的控制字符，请重新键入。"
        elif len(value) > most:
            self.found[place] = f"长 {len(value)} 个字，最多 {most} 个字。"
        else:
            return value
        return ""

    def option(self, raw: Raw, name: str, place: str, most: int) -> str | None:
        """A text, or None where the file leaves it out."""
        return None if raw.get(name) in (None, "") else self.text(raw, name, place, most) or None

    def number(self, raw: Raw, name: str, place: str) -> int:
        value = raw.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_NUMBER:
            return value
        said = "" if value is None else f"，不是“{str(value)[:20]}”"
        self.found[f"{place}.{name}"] = f"应为0至{LARGEST_NUMBER}的整数{said}。"
        return 0

    def count(self, raw: Raw, name: str, place: str) -> int | None:
        """A number, or None where the file leaves it out."""
        return None if raw.get(name) is None else self.number(raw, name, place)

    def codes(self, raw: Raw, name: str, place: str) -> tuple[str, ...]:
        value = raw.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(c, str) and _COURSE.fullmatch(c) for c in value):
            self.found[f"{place}.{name}"] = "应为五位课程代码的列表。"
            return ()
        if len(set(value)) < len(value):
            self.found[f"{place}.{name}"] = "有课程写了两次。"
        return tuple(dict.fromkeys(value))

    def course(self, raw: Raw, name: str, place: str) -> str | None:
        """One course code, or None where the file leaves it out."""
        return None if raw.get(name) in (None, "") else self.code(raw, name, place, _COURSE)

    def flag(self, raw: Raw, name: str, place: str, default: bool) -> bool:
        value = raw.get(name, default)
        if isinstance(value, bool):
            return value
        self.found[f"{place}.{name}"] = "应为 true 或 false。"
        return default

    def day(self, raw: Raw, name: str, place: str) -> date | None:
        value = raw.get(name)
        if value in (None, ""):
            return None
        try:
            found = date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
        except ValueError:
            found = None
        if found is None or not EARLIEST <= found <= LATEST:
            self.found[f"{place}.{name}"] = f"应为{EARLIEST.year}至{LATEST.year}年间的日期，写作“2026-10-24”的样子。"
            return None
        return found

    def code(self, raw: Raw, name: str, place: str, shape: re.Pattern[str] = _COURSE) -> str:
        value = self.text(raw, name, place, 40)
        if value and not shape.fullmatch(value):
            lost = "；前面的0不能丢，请把这一列设为文本" if value.isdecimal() and len(value) < 5 else ""
            self.found[f"{place}.{name}"] = f"“{value}”不是正确的代码{lost}。"
        return value
