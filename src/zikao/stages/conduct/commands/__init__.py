"""A room's record: kept seat by seat, or the signed sheets taken in for a whole site and unit."""

from zikao.stages.conduct.commands.room import admit, hand_in, mark_attendance, open_room, sign_room
from zikao.stages.conduct.commands.sheets import take_in_room_sheets

__all__ = ["admit", "hand_in", "mark_attendance", "open_room", "sign_room", "take_in_room_sheets"]
