"""What two people fill in at a hand-over; the law is asked by the command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms

from zikao.stages.agencies.models import SecureRoom
from zikao.stages.papers.models import Box
from zikao.stages.papers.states import HandOverKind, Witnessed
from zikao.stages.personnel.models import Certificate

INTACT = {
    HandOverKind.SEAL: "新封签密封完好",
}
LINE_SHAPES = {
    HandOverKind.RECEIVE: ("箱号", "封签号", "清点袋数"),
    HandOverKind.SEAL: ("箱号", "原封签号", "新封签号"),
}


class PackForm(forms.Form):
    """Which sitting's papers are packed."""

    sitting = forms.CharField(label="考次", max_length=7, help_text="例如 2026-10；全部科目一次整理完")


class _HandOverForm(forms.Form):
    """Both sides, and what the kind of hand-over asks for besides."""

    kind: HandOverKind

    def __init__(
        self,
        *args: Any,
        kind: HandOverKind,
        rooms: Iterable[SecureRoom] = (),
        takers: Iterable[Certificate] = (),
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.kind = kind
        self.fields["giver"] = forms.CharField(label="交出人", max_length=60, help_text="现在登记的保管人")
        self.fields["taker_id"] = forms.TypedChoiceField(
            label="接收人",
            coerce=int,
            choices=[(each.person_id, _taker(each)) for each in takers],
            help_text="今天持有效上岗证的人员；名单中没有的，先培训、考核并发证",
        )
        if kind is HandOverKind.STORE:
            choices = [(room.pk, f"{room.name}（有效期至 {room.accepted_until}）") for room in rooms]
            self.fields["secure_room_id"] = forms.TypedChoiceField(label="存入的保密室", coerce=int, choices=choices)
        if kind is HandOverKind.ISSUE:
            self.fields["unit_number"] = forms.IntegerField(label="领取第几单元的试卷", min_value=1, max_value=99)

    def _ask_seals(self) -> None:
        label = INTACT.get(self.kind, "双方共同核验，密封完好")
        self.fields["seal_intact"] = forms.BooleanField(label=label, required=False)
        if self.kind is HandOverKind.RECEIVE:
            self.fields["box_empty_after"] = forms.BooleanField(label="取出后查看，箱内没有留存", required=False)

    def _arguments(self, boxes: list[Witnessed], new_seals: list[str]) -> dict[str, Any]:
        given = self.cleaned_data
        names = [name for name in ("giver", "taker_id", "secure_room_id", "unit_number") if name in self.fields]
        return {"boxes": boxes, "new_seals": new_seals, **{name: given[name] for name in names}}


class BoxForm(_HandOverForm):
    """One box handed over: both sides type the seal that they see."""

    def __init__(self, *args: Any, box: Box, **more: Any) -> None:
        super().__init__(*args, **more)
        self.box = box
        label = "拆下的原封签号" if self.kind is HandOverKind.SEAL else "现场封签号"
        self.fields["seal_number"] = forms.CharField(label=label, max_length=24)
        if self.kind is HandOverKind.SEAL:
            self.fields["new_seals"] = forms.CharField(label="新封签号", max_length=24)
        if self.kind is HandOverKind.RECEIVE:
            self.fields["packs_counted"] = forms.IntegerField(label="清点试卷袋数", min_value=0, max_value=9999)
        self._ask_seals()

    def clean(self) -> dict[str, Any]:
        """The command's arguments."""
        if self.errors:
            return self.cleaned_data
        given = self.cleaned_data
        seen = Witnessed(
            box_code=self.box.code,
            seal_number=given["seal_number"],
            seal_intact=given["seal_intact"],
            packs_counted=given.get("packs_counted"),
            box_empty_after=given.get("box_empty_after", True),
        )
        return self._arguments([seen], [given["new_seals"]] if "new_seals" in given else [])


class BoxesForm(_HandOverForm):
    """Many boxes handed over at once, a line a box, as a scanner or a list gives them."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.shape = LINE_SHAPES.get(self.kind, ("箱号", "封签号"))
        self.fields["lines"] = forms.CharField(
            label="试卷箱",
            widget=forms.Textarea(attrs={"rows": 8, "class": "code"}),
            help_text=f"每行一箱，以逗号或空格分开：{'，'.join(self.shape)}",
        )
        self._ask_seals()

    def clean(self) -> dict[str, Any]:
        """The command's arguments, or every bad line with its reason."""
        if self.errors:
            return self.cleaned_data
        rows = []
        for number, line in _lines(self.cleaned_data["lines"]):
            fault = self._fault(line)
            if fault:
                self.add_error("lines", f"第 {number} 行：{fault}")
            rows.append(line)
        if self.errors:
            return self.cleaned_data
        sealing = self.kind is HandOverKind.SEAL
        return self._arguments([self._seen(row) for row in rows], [row[2] for row in rows] if sealing else [])

    def _fault(self, line: list[str]) -> str:
        if len(line) != len(self.shape):
            return f"应有 {len(self.shape)} 项（{'、'.join(self.shape)}），现有 {len(line)} 项。"
        if self.kind is HandOverKind.RECEIVE and not (line[2].isascii() and line[2].isdigit() and len(line[2]) < 5):
            return f"清点袋数“{line[2]}”不是数。"
        return ""

    def _seen(self, row: list[str]) -> Witnessed:
        return Witnessed(
            box_code=row[0],
            seal_number=row[1],
            seal_intact=self.cleaned_data["seal_intact"],
            packs_counted=int(row[2]) if self.kind is HandOverKind.RECEIVE else None,
            box_empty_after=self.cleaned_data.get("box_empty_after", True),
        )


def _taker(held: Certificate) -> str:
    return f"{held.person}　{held.get_post_kind_display()}上岗证 {held.number}，有效至 {held.last_day}"


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        parts = line.replace("，", " ").replace(",", " ").split()
        if parts:
            yield number, parts
