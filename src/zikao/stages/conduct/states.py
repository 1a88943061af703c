"""The state of a room in one unit, and the sheet that a room hands in."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class RoomState(TextChoices):
    OPEN = "open", "记录中"
    SIGNED = "signed", "已签字"


class CheckState(TextChoices):
    UNCHECKED = "unchecked", "未检查"
    FAILED = "failed", "不合格，停用"
    GOOD = "good", "合格"


TRANSITIONS: dict[RoomState, frozenset[RoomState]] = {
    RoomState.OPEN: frozenset({RoomState.SIGNED}),
    RoomState.SIGNED: frozenset(),
}


@dataclass(frozen=True)
class RoomSheet:
    """A room's record of one unit as its invigilators hand it in.

    `absent` and `no_handwriting` are seat numbers; `invigilators` are ids of the persons who signed.
    """

    room_id: int
    absent: frozenset[int]
    invigilators: tuple[int, ...]
    no_handwriting: frozenset[int] = frozenset()
    remarks: str = ""


@dataclass(frozen=True)
class RoomFault:
    """A room that is not in order: the codes of the conditions that it does not meet, and what was seen."""

    room_id: int
    failed: frozenset[str]
    note: str
