"""What a document needs to draw the mark: a slanted field of dots, the same on every page."""

from __future__ import annotations

from typing import TypedDict

from zikao.foundation.exports.watermark.coding import TILE_CELLS, tile_of

CELL_MM = 1.8
"""A tile is 21.6 mm wide, so that every piece of 5 x 5 cm holds each cell about five times."""
DOT_MM = 0.44
SHIFT = 0.2
"""How far left or right of its cell's middle a dot stands, in cells."""
SLANT_DEGREES = 17
"""Turned away from the page's own lines, whose spectrum would drown the lattice."""
GREY = 200


class DotField(TypedDict):
    """The tile's dots in millimetres (x, y of their middles), its side, a dot's radius, the slant, the grey."""

    dots: list[list[float]]
    side: float
    radius: float
    slant: int
    grey: int


def dot_field(mark: int) -> DotField:
    """The dots of a mark's tile, for `watermark(...)` of the documents' library."""
    tile = tile_of(mark)
    dots = [
        [round((x + 0.5 + (SHIFT if tile[y, x] else -SHIFT)) * CELL_MM, 3), round((y + 0.5) * CELL_MM, 3)]
        for y in range(TILE_CELLS)
        for x in range(TILE_CELLS)
    ]
    return DotField(dots=dots, side=TILE_CELLS * CELL_MM, radius=DOT_MM / 2, slant=SLANT_DEGREES, grey=GREY)
