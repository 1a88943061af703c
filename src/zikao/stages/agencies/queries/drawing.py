"""A room as a picture: single desks in columns, numbered in a serpentine that begins at the door."""

from __future__ import annotations

from dataclasses import dataclass

COLUMNS = 5
DESK, GAP_X, GAP_Y, LEFT, TOP = 46, 34, 26, 30, 84


@dataclass(frozen=True)
class DrawnSeat:
    """A desk: its number and the corner where it is drawn."""

    number: int
    x: int
    y: int

    @property
    def middle(self) -> tuple[int, int]:
        """Where the number stands."""
        return self.x + DESK // 2, self.y + 25


@dataclass(frozen=True)
class DrawnRoom:
    """The picture's size and its desks; the blackboard is above, the door on the left in front."""

    width: int
    height: int
    spacing_cm: int
    seats: tuple[DrawnSeat, ...]
    gap_from: int
    gap_to: int


def place_of(number: int, seats: int) -> tuple[int, int]:
    """Column and row (from 0) of a seat: down the column next to the door, up the next one."""
    rows = -(-seats // COLUMNS)
    column, step = divmod(number - 1, rows)
    return column, step if column % 2 == 0 else rows - 1 - step


def draw_room(seats: int, spacing_cm: int) -> DrawnRoom:
    """The picture of a room of so many seats."""
    drawn = []
    for number in range(1, seats + 1):
        column, row = place_of(number, seats)
        drawn.append(DrawnSeat(number, LEFT + column * (DESK + GAP_X), TOP + row * (DESK + GAP_Y)))
    rows = -(-seats // COLUMNS)
    return DrawnRoom(
        width=2 * LEFT + COLUMNS * DESK + (COLUMNS - 1) * GAP_X,
        height=TOP + rows * DESK + (rows - 1) * GAP_Y + LEFT,
        spacing_cm=spacing_cm,
        seats=tuple(drawn),
        gap_from=LEFT + DESK,
        gap_to=LEFT + DESK + GAP_X,
    )
