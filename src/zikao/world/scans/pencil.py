"""What candidates do with a pencil: masks of fills, half fills, crosses, ticks, dashes and erasures."""

from __future__ import annotations

from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from zikao.stages.marking.cards.layout import Box

MARGIN_MM = 1.2
_VARIANTS = 64


class Stroke(StrEnum):
    """Ways to mark a bubble."""

    FILL = "fill"
    HALF = "half"
    CROSS = "cross"
    TICK = "tick"
    DASH = "dash"
    TRACE = "trace"  # what an eraser leaves


Mask = NDArray[np.float32]


class Pencil:
    """A box of drawn strokes at one resolution; drawing is then only multiplying a small piece of the picture."""

    def __init__(self, bubble: Box, *, pixels_per_mm: float, seed: int = 1) -> None:
        self._scale = pixels_per_mm
        self._size = (
            round((bubble.height + 2 * MARGIN_MM) * pixels_per_mm),
            round((bubble.width + 2 * MARGIN_MM) * pixels_per_mm),
        )
        rng = np.random.default_rng(seed)
        self._masks = {stroke: [self._drawn(stroke, rng) for _ in range(_VARIANTS)] for stroke in Stroke}

    def mark(
        self, picture: NDArray[np.uint8], bubble: Box, stroke: Stroke, darkness: float, rng: np.random.Generator
    ) -> None:
        """Draw a stroke of `darkness` (0 paper to 1 black) onto a bubble of the upright card."""
        mask = self._masks[stroke][int(rng.integers(_VARIANTS))]
        top, left = round((bubble.y - MARGIN_MM) * self._scale), round((bubble.x - MARGIN_MM) * self._scale)
        piece = picture[top : top + mask.shape[0], left : left + mask.shape[1]]
        piece[:] = piece * (1 - darkness * mask)

    def _drawn(self, stroke: Stroke, rng: np.random.Generator) -> Mask:
        height, width = self._size
        canvas = np.zeros((height * 4, width * 4), np.uint8)
        for line in self._lines(stroke, rng):
            thickness = max(2, round(self._scale * 4 * float(rng.uniform(0.32, 0.6))))
            cv2.polylines(canvas, [line.astype(np.int32)], False, int(rng.integers(205, 256)), thickness, cv2.LINE_AA)
        blur = 5.0 if stroke is Stroke.TRACE else 1.6
        mask = cv2.resize(cv2.GaussianBlur(canvas, (0, 0), blur), (width, height), interpolation=cv2.INTER_AREA)
        grain = rng.uniform(0.8, 1.0, mask.shape).astype(np.float32)  # the paper's tooth
        return np.asarray(mask / 255.0 * grain, np.float32)

    def _lines(self, stroke: Stroke, rng: np.random.Generator) -> list[NDArray[np.float64]]:
        margin = MARGIN_MM * self._scale * 4
        right, bottom = self._size[1] * 4 - margin, self._size[0] * 4 - margin
        wobble = 0.25 * self._scale * 4
        if stroke in (Stroke.FILL, Stroke.TRACE, Stroke.HALF):
            if stroke is Stroke.HALF:
                right = margin + (right - margin) * float(rng.uniform(0.35, 0.6))
            return [_zigzag((margin, margin, right, bottom), self._scale * 4, wobble, rng) for _ in range(2)]
        ends = np.array([[margin, margin], [right, bottom]], np.float64)
        if stroke is Stroke.CROSS:
            other = np.array([[margin, bottom], [right, margin]], np.float64)
            return [ends + rng.normal(0, wobble, (2, 2)), other + rng.normal(0, wobble, (2, 2))]
        if stroke is Stroke.TICK:
            knee = np.array([[margin + (right - margin) * 0.35, bottom]])
            line = np.concatenate([[[margin, (margin + bottom) / 2]], knee, [[right, margin]]])
            return [line + rng.normal(0, wobble, (3, 2))]
        middle = (margin + bottom) / 2
        return [np.array([[margin, middle], [right, middle]]) + rng.normal(0, wobble, (2, 2))]


def _zigzag(
    area: tuple[float, float, float, float], millimetre: float, wobble: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    left, top, right, bottom = area
    turns = int((bottom - top) / (0.28 * millimetre)) + 2
    ys = np.linspace(top + 0.15 * millimetre, bottom - 0.15 * millimetre, turns)
    xs = np.where(np.arange(turns) % 2, right - 0.15 * millimetre, left + 0.15 * millimetre)
    return np.stack([xs, ys], axis=1) + rng.normal(0, wobble, (turns, 2))
