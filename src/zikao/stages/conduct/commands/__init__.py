"""Rooms checked before use; a room's record, kept seat by seat or taken in signed for a whole site and unit."""

from zikao.stages.conduct.commands.checks import record_room_checks
from zikao.stages.conduct.commands.room import admit, hand_in, mark_attendance, open_room, sign_room
from zikao.stages.conduct.commands.sheets import take_in_room_sheets

__all__ = ["admit", "hand_in", "mark_attendance", "open_room", "record_room_checks", "sign_room", "take_in_room_sheets"]
