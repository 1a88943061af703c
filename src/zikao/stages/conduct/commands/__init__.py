"""Admission, hand-in, and the room's sheet: kept seat by seat, or taken in for a whole site and unit."""

from zikao.stages.conduct.commands.room import admit, hand_in, sign_room
from zikao.stages.conduct.commands.sheets import take_in_room_sheets

__all__ = ["admit", "hand_in", "sign_room", "take_in_room_sheets"]
