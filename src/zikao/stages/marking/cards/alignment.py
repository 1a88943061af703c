"""Where the card lies in the picture: the four corner marks, in two ways that fail differently.

Coordinates of pictures are pixels (x, y); a placement maps millimetres on the card to pixels.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from zikao.stages.marking.cards.layout import CORNER_SIZE_MM, PAGE_WIDTH_MM, Box, CardLayout

Picture = NDArray[np.uint8]
Matrix = NDArray[np.float32]
Corners = NDArray[np.float32]  # four centres in the order of CardLayout.corners
FindMark = Callable[[Picture, float], tuple[float, float] | None]

SEARCH_MM = 11.0  # how far from its place a corner mark is looked for
_SIDE_TOLERANCE, _SKEW_TOLERANCE = 0.03, 0.02


def find_corners(picture: Picture, layout: CardLayout, find: FindMark) -> Corners | None:
    """The centres of the four corner marks in pixels, or None where one is missing or they form no such sheet."""
    scale = picture.shape[1] / PAGE_WIDTH_MM
    found = np.empty((4, 2), np.float32)
    for index, box in enumerate(layout.corners):
        x, y = box.centre
        left, top = max(0, int((x - SEARCH_MM) * scale)), max(0, int((y - SEARCH_MM) * scale))
        region = picture[top : int((y + SEARCH_MM) * scale), left : int((x + SEARCH_MM) * scale)]
        centre = find(region, scale * CORNER_SIZE_MM) if region.size else None
        if centre is None:
            return None
        found[index] = centre[0] + left, centre[1] + top
    return found if _is_the_sheet(found, layout, scale) else None


def _is_the_sheet(found: Corners, layout: CardLayout, scale: float) -> bool:
    expected = np.array([box.centre for box in layout.corners], np.float32) * scale
    sides = np.linalg.norm(np.roll(found, -1, 0) - found, axis=1) / np.linalg.norm(
        np.roll(expected, -1, 0) - expected, axis=1
    )
    diagonals = np.linalg.norm(found[:2] - found[2:], axis=1)
    return bool(np.abs(sides - 1).max() < _SIDE_TOLERANCE and abs(diagonals[0] / diagonals[1] - 1) < _SKEW_TOLERANCE)


def mark_by_component(region: Picture, side: float) -> tuple[float, float] | None:
    """The one dark component of the right size and shape; None when there is none.

    Every second pixel is enough: the centre of gravity of a hundred of them lies within a tenth of a pixel.
    """
    region, side = np.ascontiguousarray(region[::2, ::2]), side / 2
    _, black = cv2.threshold(region, float(region.mean()) * 0.55, 255, cv2.THRESH_BINARY_INV)
    _, _, stats, centres = cv2.connectedComponentsWithStats(black, connectivity=4)
    best, best_error = None, 0.35
    for (_, _, width, height, area), centre in zip(stats[1:], centres[1:], strict=True):
        if area < 0.5 * side * side or area < 0.7 * width * height:
            continue
        error = float(max(abs(width / side - 1), abs(height / side - 1), abs(area / (side * side) - 1)))
        if error < best_error:
            best, best_error = (2 * float(centre[0]) + 0.5, 2 * float(centre[1]) + 0.5), error
    return best


def mark_by_window(region: Picture, side: float) -> tuple[float, float] | None:
    """The place where a dark square stands out most from the ring around it, refined by its centre of gravity."""
    inner = max(3, round(side * 0.8))
    dark = 255 - cv2.boxFilter(region, -1, (inner, inner)).astype(np.int16)
    ring = cv2.boxFilter(region, -1, (round(side * 1.7), round(side * 1.7))).astype(np.int16)
    score = dark + ring
    edge = inner // 2 + 1
    score[:edge], score[-edge:], score[:, :edge], score[:, -edge:] = 0, 0, 0, 0
    y, x = divmod(int(score.argmax()), score.shape[1])
    reach = round(side * 0.8)
    top, left = max(0, y - reach), max(0, x - reach)
    patch = region[top : y + reach + 1, left : x + reach + 1].astype(np.float32)
    paper, ink = float(np.percentile(patch, 85)), float(np.percentile(patch, 10))
    weight = np.clip((paper - 20 - patch) / max(1.0, paper - ink), 0, 1)
    mass = float(weight.sum())
    if paper - ink < 60 or not 0.6 < mass / (side * side) < 1.35:
        return None
    rows, columns = np.arange(patch.shape[0]), np.arange(patch.shape[1])
    return (
        float(weight.sum(0) @ columns) / mass + left + 0.5,
        float(weight.sum(1) @ rows) / mass + top + 0.5,
    )


def placement(corners: Corners, layout: CardLayout, *, turned: bool = False) -> Matrix:
    """The 3x3 matrix from millimetres on the card to pixels; `turned` for a sheet scanned upside down."""
    source = np.array([box.centre for box in layout.corners], np.float32)
    target = np.roll(corners, 2, axis=0) if turned else corners
    return np.asarray(cv2.getPerspectiveTransform(source, np.ascontiguousarray(target)), np.float32)


def placed(matrix: Matrix, points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Points (3 x n, homogeneous millimetres) as pixels (2 x n)."""
    moved = matrix @ points
    return np.asarray(moved[:2] / moved[2], np.float32)


def bounds(matrix: Matrix, box: Box, picture: Picture) -> tuple[int, int, int, int]:
    """The upright rectangle of pixels (top, bottom, left, right) that holds a box of the card."""
    xs, ys = (box.x, box.x + box.width), (box.y, box.y + box.height)
    corners = np.array([[x, y, 1] for x in xs for y in ys], np.float32).T
    x, y = placed(matrix, corners)
    height, width = picture.shape
    return (
        max(0, int(y.min())),
        min(height, int(y.max()) + 1),
        max(0, int(x.min())),
        min(width, int(x.max()) + 1),
    )


def cut_out(picture: Picture, matrix: Matrix, box: Box, *, pixels_per_mm: float) -> Picture:
    """A box of the card as an upright picture."""
    scale = pixels_per_mm
    to_card = np.array([[1 / scale, 0, box.x], [0, 1 / scale, box.y], [0, 0, 1]], np.float32)
    size = (round(box.width * scale), round(box.height * scale))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(picture, matrix @ to_card, size, flags=flags, borderValue=255), np.uint8)
