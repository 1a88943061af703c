"""Geometry of the answer card, in millimetres from the top left corner of an A4 sheet.

The printing template receives it as data and the readers sample by it: there is no second description of the card.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

PAGE_WIDTH_MM = 210.0
PAGE_HEIGHT_MM = 297.0
MOST_ITEMS = 60
OPTIONS = "ABCD"
BARCODE_DIGITS = 17  # course code (5) and admission number (12)
FORM_BITS = 8

CORNER_SIZE_MM = 5.0
CORNER_INSET_MM = 13.0
_BUBBLE_WIDTH, _BUBBLE_HEIGHT = 5.6, 2.8
_ITEMS_A_GROUP, _GROUPS_A_ROW = 5, 4
_GROUP_WIDTH, _ITEM_PITCH, _OPTION_PITCH = 44.0, 4.8, 8.4
_GRID_LEFT, _GRID_TOP, _GROUP_ROW_GAP = 17.0, 100.0, 3.2


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the card, in millimetres."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the box."""
        return self.x + self.width / 2, self.y + self.height / 2

    def grown(self, by: float) -> Box:
        """The box with a margin of `by` millimetres on all sides."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def turned(self) -> Box:
        """Where the box lies when the sheet is turned upside down."""
        return Box(PAGE_WIDTH_MM - self.x - self.width, PAGE_HEIGHT_MM - self.y - self.height, self.width, self.height)


@dataclass(frozen=True, slots=True)
class CardLayout:
    """One kind of answer card: `bubbles[item][option]`, item 0 being question 1."""

    items: int
    corners: tuple[Box, Box, Box, Box]  # top left, top right, bottom right, bottom left
    orientation: Box
    form: tuple[tuple[Box, bool], ...]  # the marks that name the kind of card; True is printed black
    barcode: Box
    identity: Box
    notes: Box
    absent: Box
    handwriting: Box
    bubbles: tuple[tuple[Box, ...], ...]
    frame: Box  # the frame around the objective items
    answer: Box | None  # the area for the written answer

    def item_strip(self, number: int) -> Box:
        """The printed row of question `number` (from 1), its number included: what a person looks at in doubt."""
        row = self.bubbles[number - 1]
        first, last = row[0], row[-1]
        return Box(first.x - 8.2, first.y - 2.4, last.x + last.width - first.x + 10.4, first.height + 4.8)


def form_number(items: int, *, written: bool) -> int:
    """The number printed in the form marks: items, whether there is a written part, and an odd parity bit."""
    number = items << 1 | int(written)
    return number << 1 | (number.bit_count() + 1) % 2


@lru_cache(maxsize=64)
def card_layout(items: int, *, written: bool = True) -> CardLayout:
    """The card with `items` objective questions (0 to 60) and, where `written`, an area for the written answer."""
    if not 0 <= items <= MOST_ITEMS:
        raise ValueError(f"a card holds 0 to {MOST_ITEMS} items, not {items}")
    bottom = _grid_bottom(items)
    frame = Box(_GRID_LEFT - 2, _GRID_TOP - 2, _GROUP_WIDTH * _GROUPS_A_ROW + 4, bottom - _GRID_TOP + 3)
    answer_top = frame.y + frame.height + 4 if items else _GRID_TOP - 2
    return CardLayout(
        items=items,
        corners=_corners(),
        orientation=Box(36.0, 10.5, 10.0, 5.0),
        form=_form(form_number(items, written=written)),
        barcode=Box(115.0, 33.0, 80.0, 19.0),
        identity=Box(15.0, 32.0, 94.0, 35.0),
        notes=Box(15.0, 70.0, 94.0, 25.0),
        absent=Box(176.0, 58.6, _BUBBLE_WIDTH, _BUBBLE_HEIGHT),
        handwriting=Box(115.0, 70.0, 80.0, 25.0),
        bubbles=tuple(_item(index) for index in range(items)),
        frame=frame,
        answer=Box(15.0, answer_top, 180.0, 275.0 - answer_top) if written else None,
    )


def _corners() -> tuple[Box, Box, Box, Box]:
    half = CORNER_SIZE_MM / 2
    left, top = CORNER_INSET_MM - half, CORNER_INSET_MM - half
    right, bottom = PAGE_WIDTH_MM - CORNER_INSET_MM - half, PAGE_HEIGHT_MM - CORNER_INSET_MM - half
    size = CORNER_SIZE_MM
    return (
        Box(left, top, size, size),
        Box(right, top, size, size),
        Box(right, bottom, size, size),
        Box(left, bottom, size, size),
    )


def _form(number: int) -> tuple[tuple[Box, bool], ...]:
    left = PAGE_WIDTH_MM / 2 - FORM_BITS * 3.0
    return tuple(
        (Box(left + bit * 6.0, 282.0, 4.0, 4.0), bool(number >> (FORM_BITS - 1 - bit) & 1)) for bit in range(FORM_BITS)
    )


def _item(index: int) -> tuple[Box, ...]:
    group, line = divmod(index, _ITEMS_A_GROUP)
    band, column = divmod(group, _GROUPS_A_ROW)
    y = _GRID_TOP + band * (_ITEMS_A_GROUP * _ITEM_PITCH + _GROUP_ROW_GAP) + line * _ITEM_PITCH + 1.0
    x = _GRID_LEFT + column * _GROUP_WIDTH + 9.0
    return tuple(Box(x + option * _OPTION_PITCH, y, _BUBBLE_WIDTH, _BUBBLE_HEIGHT) for option in range(len(OPTIONS)))


def _grid_bottom(items: int) -> float:
    bands = -(-items // (_ITEMS_A_GROUP * _GROUPS_A_ROW))
    return _GRID_TOP + bands * (_ITEMS_A_GROUP * _ITEM_PITCH + _GROUP_ROW_GAP) - _GROUP_ROW_GAP
