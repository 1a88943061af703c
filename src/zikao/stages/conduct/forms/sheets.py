"""The room sheets of a whole site and unit as a table of text: every bad cell is named by line, column and reason."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from zikao.foundation.sheets.text import UNREADABLE_ROW, text_of
from zikao.stages.agencies.models import Room
from zikao.stages.conduct.states import RoomSheet
from zikao.stages.personnel.models import Person

COLUMNS = ("考场", "缺考座位", "未采集笔迹座位", "监考员甲", "监考员乙", "考场情况")
MAX_BYTES = 1024 * 1024
_BETWEEN = re.compile(r"[\s、，;；]+")


class SheetsForm(forms.Form):
    """A file or pasted lines; `rooms` by number and who is on duty in each room."""

    file = forms.FileField(
        label="登记表（CSV 文件）", required=False, widget=forms.FileInput(attrs={"accept": ".csv,text/csv"})
    )
    text = forms.CharField(
        label="或者直接粘贴",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "code"}),
        help_text=f"每个考场一行，各列依次为：{'，'.join(COLUMNS)}；座位号之间空一格",
    )

    def __init__(
        self, *args: Any, rooms: Mapping[int, Room], on_duty: Mapping[int, Sequence[Person]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.rooms, self.on_duty = rooms, on_duty

    def clean(self) -> dict[str, Any]:
        """The sheets, or every bad cell with its reason."""
        data = super().clean() or {}
        upload = data.get("file")
        name = "file" if isinstance(upload, UploadedFile) else "text"
        text = _decoded(upload) if isinstance(upload, UploadedFile) else data.get("text", "")
        if text is None:
            self.add_error("file", "文件太大，或不是 CSV 文本（请存为 UTF-8 或 GBK 编码）。")
            return data
        if not text.strip():
            self.add_error("text", "请上传登记表，或粘贴各考场的记录。")
            return data
        sheets, faults = self._read(text)
        for fault in faults:
            self.add_error(name, fault)
        return data if faults else {"sheets": sheets}

    def _read(self, text: str) -> tuple[list[RoomSheet], list[str]]:
        sheets: list[RoomSheet] = []
        faults: list[str] = []
        first: dict[int, int] = {}
        delimiter = "\t" if "\t" in text else ","
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error:
            return [], [UNREADABLE_ROW]
        for number, cells in enumerate(rows, start=1):
            if not any(cells) or (number == 1 and cells[0].lstrip("\ufeff").strip() == COLUMNS[0]):
                continue
            line = _Line(number, [*(cell.strip() for cell in cells), *([""] * len(COLUMNS))])
            sheet = self._sheet(line)
            if sheet is not None and sheet.room_id in first:
                line.fault(0, f"与第 {first[sheet.room_id]} 行是同一个考场。")
            elif sheet is not None:
                first[sheet.room_id] = number
                sheets.append(sheet)
            faults += line.faults
        return sheets, faults

    def _sheet(self, line: _Line) -> RoomSheet | None:
        room = self._room(line)
        absent, unwritten = line.seats(1), line.seats(2)
        if room is None:
            return None
        signers = tuple(self._person(line, column, room) for column in (3, 4))
        if len(line.cells[5]) > 500:
            line.fault(5, "不能超过 500 字。")
        if line.faults:
            return None
        return RoomSheet(room.pk, absent, tuple(pk for pk in signers if pk), unwritten, line.cells[5])

    def _room(self, line: _Line) -> Room | None:
        text = line.cells[0].lstrip("\ufeff")
        room = self.rooms.get(int(text)) if text.isascii() and text.isdigit() and len(text) < 5 else None
        if room is None:
            line.fault(0, f"“{text}”不是本考点本单元使用的考场。")
        return room

    def _person(self, line: _Line, column: int, room: Room) -> int | None:
        name = line.cells[column]
        found = [person for person in self.on_duty.get(room.pk, ()) if name in {person.name, str(person.pk)}]
        if not name:
            line.fault(column, "没有填写。")
        elif not found:
            line.fault(column, f"“{name}”不是派到本考场本单元的监考员。")
        elif len(found) > 1:
            line.fault(column, f"本考场有同名的监考员，请改填人员编号（{'、'.join(str(p.pk) for p in found)}）。")
        else:
            return found[0].pk
        return None


class _Line:
    """A line of the table with the faults found in it."""

    def __init__(self, number: int, cells: list[str]) -> None:
        self.number, self.cells, self.faults = number, cells, list[str]()

    def fault(self, column: int, reason: str) -> None:
        self.faults.append(f"第 {self.number} 行“{COLUMNS[column]}”：{reason}")

    def seats(self, column: int) -> frozenset[int]:
        parts = [part for part in _BETWEEN.split(self.cells[column]) if part]
        wrong = [part for part in parts if not (part.isascii() and part.isdigit() and len(part) < 4)]
        if wrong:
            self.fault(column, f"“{'、'.join(wrong)}”不是座位号。")
        return frozenset(int(part) for part in parts if part not in wrong)


def _decoded(upload: UploadedFile[bytes]) -> str | None:
    if upload.size is None or upload.size > MAX_BYTES:
        return None
    return text_of(upload.read())
