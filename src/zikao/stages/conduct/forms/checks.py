"""Rooms checked before use: a whole site with its exceptions, or one room item by item."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from zikao.stages.conduct.states import RoomFault

_BETWEEN = re.compile(r"[,，\t]")
_NUMBERS = re.compile(r"[\s、;；]+")


class _CheckForm(forms.Form):
    """When, and by whom; `people`: who is on duty at the site; `conditions`: titles by code."""

    checked_at = forms.DateTimeField(label="检查时间", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    checker_id = forms.TypedChoiceField(label="检查人", coerce=int, help_text="本考次在本考点当班的人员")

    def __init__(
        self, *args: Any, people: list[tuple[int, str]], conditions: Mapping[str, str], now: datetime, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.conditions = conditions
        field = self.fields["checker_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = people
        self.fields["checked_at"].initial = f"{now:%Y-%m-%dT%H:%M}"


class ChecksForm(_CheckForm):
    """Many rooms: those that are not in order one a line, all others are."""

    rooms = forms.CharField(
        label="考场", required=False, max_length=600, help_text="不填即全部还没有检查的考场；复查的写考场号，例如 3、12"
    )
    faults = forms.CharField(
        label="不合格的考场",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="每行一个考场：考场号，不合格项目的序号（几项以空格分开），情况。没有写的考场逐项合格。",
    )

    def __init__(self, *args: Any, numbers: Mapping[int, int], **more: Any) -> None:
        super().__init__(*args, **more)
        self.numbers = numbers

    def clean(self) -> dict[str, Any]:
        """The command's arguments, or every bad line with its reason."""
        data = super().clean() or {}
        given: dict[str, Any] = {key: data[key] for key in ("checked_at", "checker_id") if key in data}
        faults = [
            fault
            for line, text in enumerate(data.get("faults", "").splitlines(), 1)
            if text.strip() and (fault := self._fault(line, text)) is not None
        ]
        wanted = [each for each in _NUMBERS.split(data.get("rooms", "").replace("，", "、").strip()) if each]
        strange = [each for each in wanted if self._room(each) is None]
        if strange:
            self.add_error("rooms", f"{'、'.join(strange)}不是本考点使用的考场。")
        ids = None if not wanted else [room for each in wanted if (room := self._room(each)) is not None]
        return {**given, "faults": faults, "room_ids": ids}

    def _room(self, text: str) -> int | None:
        plain = text.strip()
        return self.numbers.get(int(plain)) if plain.isascii() and plain.isdigit() and len(plain) < 6 else None

    def _fault(self, line: int, text: str) -> RoomFault | None:
        parts = [each.strip() for each in _BETWEEN.split(text, maxsplit=2)]
        if len(parts) != 3 or not parts[2]:
            self.add_error("faults", f"第 {line} 行：应有考场号、项目序号、情况三项。")
            return None
        room, codes = self._room(parts[0]), list(self.conditions)
        if room is None:
            self.add_error("faults", f"第 {line} 行：“{parts[0]}”不是本考点使用的考场。")
        items = _NUMBERS.split(parts[1])
        if not all(each.isascii() and each.isdigit() and 1 <= int(each) <= len(codes) for each in items):
            self.add_error("faults", f"第 {line} 行：项目序号在 1 到 {len(codes)} 之间。")
            return None
        failed = frozenset(codes[int(each) - 1] for each in items)
        return None if room is None else RoomFault(room, failed, parts[2])


class RoomCheckForm(_CheckForm):
    """One room, checked (again): what is not in order is ticked."""

    failed = forms.MultipleChoiceField(
        label="不合格的项目", required=False, widget=forms.CheckboxSelectMultiple, help_text="不勾即逐项合格"
    )
    note = forms.CharField(label="情况", required=False, max_length=200, help_text="有不合格项目时必填")

    def __init__(self, *args: Any, room_id: int, **more: Any) -> None:
        super().__init__(*args, **more)
        self.room_id = room_id
        field = self.fields["failed"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(self.conditions.items())

    def clean(self) -> dict[str, Any]:
        """The command's arguments."""
        data = super().clean() or {}
        failed, note = frozenset(data.get("failed", ())), data.get("note", "").strip()
        if failed and not note:
            self.add_error("note", "请写明不合格的情况。")
        given: dict[str, Any] = {key: data[key] for key in ("checked_at", "checker_id") if key in data}
        faults = [RoomFault(self.room_id, failed, note)] if failed else []
        return {**given, "faults": faults, "room_ids": [self.room_id]}
