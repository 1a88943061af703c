"""Reading the draw, rooms with their seats, notices, and the public record."""

from zikao.stages.seating.queries.draws import (
    area_names,
    demands,
    draw_of,
    draws,
    draws_with_notice,
    entry_list_of,
    paper_ids,
    rooms_usable,
    secrets_awaited,
    sittings_open_for_commitment,
    windows_without_commitment,
)
from zikao.stages.seating.queries.export import export_draw, write_export
from zikao.stages.seating.queries.notices import (
    counties_with_notices,
    notice_count,
    notice_of,
    notices_in,
    shared_notice_data,
)
from zikao.stages.seating.queries.seats import RoomUnit, SeatRow, room_unit, room_units, seats_of

__all__ = [
    "RoomUnit",
    "SeatRow",
    "area_names",
    "counties_with_notices",
    "demands",
    "draw_of",
    "draws",
    "draws_with_notice",
    "entry_list_of",
    "export_draw",
    "notice_count",
    "notice_of",
    "notices_in",
    "paper_ids",
    "room_unit",
    "room_units",
    "rooms_usable",
    "seats_of",
    "secrets_awaited",
    "shared_notice_data",
    "sittings_open_for_commitment",
    "windows_without_commitment",
    "write_export",
]
