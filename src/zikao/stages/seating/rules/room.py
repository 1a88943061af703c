"""How numbered seats stand in a room: a serpentine from the door, for sheets and pictures only."""

from __future__ import annotations

from dataclasses import dataclass

ROWS = {25: 5, 30: 6}
USUAL_ROWS = 6


@dataclass(frozen=True)
class Desk:
    """A desk: its seat number, its column from the door (from 1) and its row from the front (from 1)."""

    number: int
    column: int
    row: int


def desks(seats: int) -> list[Desk]:
    """The desks of a room of so many seats, by number: the first column runs back, the next forward, and so on."""
    rows = ROWS.get(seats, USUAL_ROWS)
    placed = []
    for number in range(1, seats + 1):
        column, step = divmod(number - 1, rows)
        placed.append(Desk(number, column + 1, step + 1 if column % 2 == 0 else rows - step))
    return placed
