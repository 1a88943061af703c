"""Pages of keeping and destroying."""

from zikao.portals.retention.views.destructions import (
    carry_out,
    certificate,
    destruction_list,
    destruction_page,
    propose,
    witness,
)
from zikao.portals.retention.views.holdings import (
    contents,
    due,
    holding_list,
    holding_page,
    move,
    note_publication,
    register,
    schedule,
)
from zikao.portals.retention.views.holds import hold_list, hold_page, place_hold, release_hold

__all__ = [
    "carry_out",
    "certificate",
    "contents",
    "destruction_list",
    "destruction_page",
    "due",
    "hold_list",
    "hold_page",
    "holding_list",
    "holding_page",
    "move",
    "note_publication",
    "place_hold",
    "propose",
    "register",
    "release_hold",
    "schedule",
    "witness",
]
