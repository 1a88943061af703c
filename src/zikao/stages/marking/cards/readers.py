"""The two readers (EA-A9.2.1.4a): the same card, found and measured in two different ways.

Reader 1 finds corner marks as connected components and takes the mean darkness over each bubble against the paper of
its row. Reader 2 finds them by a sliding window, cuts every bubble out with interpolation and counts how much of it
is darker than half way between its own surroundings and the card's black.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from zikao.stages.marking.cards import alignment
from zikao.stages.marking.cards.alignment import Matrix, Picture
from zikao.stages.marking.cards.judging import Band
from zikao.stages.marking.cards.layout import Box, CardLayout
from zikao.stages.marking.cards.reading import CardReader

Numbers = NDArray[np.float32]

AREA_BAND = Band(trace=0.045, filled=0.28, residue=0.20, printed=-1.0)
AREA_ABSENT = Band(trace=0.08, filled=0.34, residue=1.0, printed=-1.0)
CONTRAST_BAND = Band(trace=0.04, filled=0.45, residue=0.10, printed=-0.5)
CONTRAST_ABSENT = Band(trace=0.08, filled=0.45, residue=1.0, printed=-0.5)
PRINTED_LETTERS = (0.020, 0.028, 0.016, 0.029)  # mean darkness of the printed A, B, C, D
PRINTED_ABSENT = 0.033
OUTLINE_SEEN = 0.03  # mean darkness over the outline's place


def _points(box: Box, across: int, down: int, share: float) -> Numbers:
    """A grid of points over the middle `share` of a box, homogeneous, as columns."""
    xs = box.x + box.width * (0.5 + share * (np.arange(across) / (across - 1) - 0.5))
    ys = box.y + box.height * (0.5 + share * (np.arange(down) / (down - 1) - 0.5))
    return np.array([[x, y, 1.0] for y in ys for x in xs], np.float32).T


def _outline(box: Box) -> Numbers:
    """Points across the upper and lower edge of a box: wherever the line lies exactly, some of them hit it."""
    xs = np.linspace(box.x + 0.5, box.x + box.width - 0.5, 9)
    edges = [edge + off for edge in (box.y, box.y + box.height) for off in (-0.25, -0.08, 0.08, 0.25)]
    return np.array([[x, y, 1.0] for y in edges for x in xs], np.float32).T


def _gaps(row: Iterable[Box]) -> list[Box]:
    """The empty paper left and right of each bubble of a row."""
    boxes = list(row)
    left = [Box(box.x - 2.1, box.y + 0.3, 1.4, box.height - 0.6) for box in boxes]
    last = boxes[-1]
    return [*left, Box(last.x + last.width + 0.7, last.y + 0.3, 1.4, last.height - 0.6)]


class AreaMean:
    """Reader 1: 45 points a bubble, nearest pixel, against the brightest of the gaps in its row."""

    ACROSS, DOWN = 9, 5

    def __init__(self, layout: CardLayout) -> None:
        rows = [*layout.bubbles, (layout.absent,)]
        self._options = [len(row) for row in rows]
        bubbles = [_points(box, self.ACROSS, self.DOWN, 0.72) for row in rows for box in row]
        gaps = [_points(gap, 2, 4, 1.0) for row in rows for gap in _gaps(row)]
        self._bubbles, self._items = len(bubbles), layout.items
        self._printed = np.array([*PRINTED_LETTERS * layout.items, PRINTED_ABSENT], np.float32)
        self._all = np.concatenate([*bubbles, *gaps], axis=1)

    def levels(self, picture: Picture, matrix: Matrix) -> tuple[Numbers, Numbers]:
        """Mean darkness of each bubble against the paper of its row, less that of its printed letter."""
        x, y = alignment.placed(matrix, self._all).astype(np.intp)
        values = picture.ravel().take(y * picture.shape[1] + x, mode="clip")
        size = self._bubbles * self.ACROSS * self.DOWN
        means = values[:size].reshape(self._bubbles, -1).mean(1, dtype=np.float32)
        gaps = values[size:].reshape(-1, 8).mean(1, dtype=np.float32)
        paper = np.append(gaps[:-2].reshape(self._items, -1 if self._items else 5).max(1), gaps[-2:].max()).astype(
            np.float32
        )
        around = np.repeat(paper, self._options)
        return np.asarray(1 - means / np.maximum(around, 1) - self._printed, np.float32), paper


class LocalContrast:
    """Reader 2: each bubble cut out with interpolation; the share of it clearly darker than its own surroundings.

    It also looks for the printed outline: a bubble without one is torn off, covered or folded away.
    """

    ACROSS, DOWN = 11, 7
    DARKER = 0.72  # of the paper around: darker than the printed letters, lighter than any pencil that counts
    STROKE = 0.86  # beside the letter, where nothing is printed, a thin stroke shows earlier
    MOST_OF_STROKES = 0.09  # a trace to be looked at, never a rival to a filled bubble

    def __init__(self, layout: CardLayout) -> None:
        boxes = [box for row in layout.bubbles for box in row] + [layout.absent]
        self._items, self._count = layout.items, len(boxes)
        parts = (
            [_points(box, self.ACROSS, self.DOWN, 0.78) for box in boxes],
            [_points(box.grown(0.9), 8, 2, 1.0) for box in boxes],
            [_outline(box) for box in boxes],
        )
        self._beside = np.r_[0:3, self.ACROSS - 3 : self.ACROSS]
        self._sizes = [part[0].shape[1] for part in parts]
        self._points = np.concatenate([each for part in parts for each in part], axis=1)

    def levels(self, picture: Picture, matrix: Matrix) -> tuple[Numbers, Numbers]:
        """Share of each bubble under its local threshold (negative where nothing is printed), and the local paper."""
        taken = self._taken(picture, matrix, self._points)
        ends = np.cumsum(self._sizes)[:-1] * self._count
        inside, ring, outline = (part.reshape(self._count, -1) for part in np.split(taken, ends))
        quarter = ring.shape[1] * 3 // 4
        paper = np.partition(ring, quarter, axis=1)[:, quarter]
        share = (inside < (paper * self.DARKER)[:, None]).mean(1, dtype=np.float32)
        beside = inside.reshape(self._count, self.DOWN, self.ACROSS)[:, :, self._beside]
        strokes = (beside < (paper * self.STROKE)[:, None, None]).mean((1, 2), dtype=np.float32)
        share = np.maximum(share, np.minimum(strokes, self.MOST_OF_STROKES))
        share[outline.mean(1) > paper * (1 - OUTLINE_SEEN)] = -1
        rows = np.append(paper[:-1].reshape(self._items, -1).max(1), paper[-1]) if self._items else paper
        return share, rows.astype(np.float32)

    @staticmethod
    def _taken(picture: Picture, matrix: Matrix, points: Numbers) -> Numbers:
        x, y = alignment.placed(matrix, points)
        across = 8192  # the picture operation takes rows of limited length
        padded = -x.size % across
        grid_x, grid_y = (np.pad(axis - 0.5, (0, padded)).reshape(-1, across) for axis in (x, y))
        taken = cv2.remap(picture, grid_x, grid_y, cv2.INTER_LINEAR)
        return np.asarray(taken.ravel()[: x.size], np.float32)


@lru_cache(maxsize=64)
def _area_mean(layout: CardLayout) -> AreaMean:
    return AreaMean(layout)


@lru_cache(maxsize=64)
def _local_contrast(layout: CardLayout) -> LocalContrast:
    return LocalContrast(layout)


def first_reader(layout: CardLayout) -> CardReader:
    """Reader 1: area means."""
    return CardReader(
        layout,
        name="area",
        find_mark=alignment.mark_by_component,
        sampling=_area_mean(layout),
        band=AREA_BAND,
        absent_band=AREA_ABSENT,
    )


def second_reader(layout: CardLayout) -> CardReader:
    """Reader 2: local contrast."""
    return CardReader(
        layout,
        name="contrast",
        find_mark=alignment.mark_by_window,
        sampling=_local_contrast(layout),
        band=CONTRAST_BAND,
        absent_band=CONTRAST_ABSENT,
    )
