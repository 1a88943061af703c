"""The simulated scanner: a printed card, filled by a hand, becomes a grey JPEG as a machine delivers it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import simplejpeg
import zxingcpp
from numpy.typing import NDArray

from zikao.stages.marking.cards.layout import PAGE_WIDTH_MM, Box, CardLayout
from zikao.world.scans.habits import USUAL, Habits, strokes_for
from zikao.world.scans.pencil import Pencil, Stroke

Picture = NDArray[np.uint8]
_JPEG_QUALITY, _TILES = 80, 6
_BARCODE_WIDTH_MM, _BARCODE_HEIGHT_MM, _QUIET_MODULES = 72.0, 13.0, 10


@dataclass(frozen=True, slots=True)
class Flaws:
    """What the paper's way through the scanner does to it."""

    rotation_degrees: float = 1.5  # at most, either way
    upside_down: float = 0.01  # share
    shift_mm: float = 1.5
    noise: float = 5.0  # standard deviation, grey levels
    lighting: float = 0.08  # darkening at the worst place


@dataclass(frozen=True, slots=True)
class Filled:
    """What a candidate put on the card: the intended answers (A to D or "-"), and the rest."""

    barcode: str
    answers: str
    absent: bool = False
    essay_lines: int = 4


class Scanner:
    """Makes scans of one kind of card at one resolution. `blank` is the printed card as a grey picture."""

    def __init__(self, layout: CardLayout, blank: Picture, *, seed: int = 1) -> None:
        self.layout, self._blank = layout, blank
        self._scale = blank.shape[1] / PAGE_WIDTH_MM
        self._pencil = Pencil(layout.absent, pixels_per_mm=self._scale, seed=seed)
        rng = np.random.default_rng(seed)
        self._noise = rng.normal(0, 1, (blank.shape[0] + 64, blank.shape[1] + 64)).astype(np.float32)
        self._tiles: dict[float, NDArray[np.int8]] = {}
        self._lights = [_lighting(blank.shape, rng) for _ in range(_TILES)]
        self._writing = [_handwriting(layout.answer, self._scale, rng) for _ in range(_TILES)] if layout.answer else []

    def scan(self, filled: Filled, *, seed: int, habits: Habits = USUAL, flaws: Flaws | None = None) -> bytes:
        """One scan as grey JPEG; the same arguments give the same bytes."""
        rng = np.random.default_rng(seed)
        return self._delivered(self._filled(filled, habits, rng), flaws or Flaws(), rng)

    def torn(self, filled: Filled, *, seed: int) -> bytes:
        """A scan of a card with a corner torn off."""
        rng = np.random.default_rng(seed)
        picture = self._filled(filled, USUAL, rng)
        height, width = picture.shape
        reach = int(rng.integers(height // 8, height // 4))
        x, y = (0 if rng.random() < 0.5 else width), (0 if rng.random() < 0.5 else height)
        towards = (1 if x == 0 else -1, 1 if y == 0 else -1)
        edge = np.array([[x, y], [x + towards[0] * reach, y], [x, y + towards[1] * reach]], np.int32)
        cv2.fillPoly(picture, [edge], 252)
        return self._delivered(picture, Flaws(upside_down=0), rng)

    def foreign(self, *, seed: int) -> bytes:
        """A scan of a sheet that is no answer card: a page of writing."""
        rng = np.random.default_rng(seed)
        picture = np.full_like(self._blank, 250)
        for row in range(20, 270, 9):
            length = float(rng.uniform(60, 170))
            _scribble(picture, Box(20.0, float(row), length, 5.0), self._scale, rng)
        return self._delivered(picture, Flaws(), rng)

    def _filled(self, filled: Filled, habits: Habits, rng: np.random.Generator) -> Picture:
        picture = self._blank.copy()
        self._print_identity(picture, filled.barcode)
        hand = float(rng.uniform(*habits.darkness))
        for row, answer in zip(self.layout.bubbles, filled.answers, strict=True):
            for option, stroke, darkness in strokes_for(answer, hand, habits, rng):
                self._pencil.mark(picture, row[option], stroke, darkness, rng)
        if filled.absent:
            self._pencil.mark(picture, self.layout.absent, Stroke.FILL, 0.8, rng)
        elif self._writing and self.layout.answer:
            self._write(picture, self.layout.answer, filled.essay_lines, rng)
        return picture

    def _print_identity(self, picture: Picture, barcode: str) -> None:
        bars = np.asarray(
            zxingcpp.create_barcode(barcode, zxingcpp.BarcodeFormat.Code128).to_image(scale=1, add_quiet_zones=False),
            np.uint8,
        )[:1]
        padded = np.pad(bars, ((0, 0), (_QUIET_MODULES, _QUIET_MODULES)), constant_values=255)
        size = (round(_BARCODE_WIDTH_MM * self._scale), 1)
        line = cv2.resize(np.repeat(padded, 24, axis=1), size, interpolation=cv2.INTER_AREA)
        height = round(_BARCODE_HEIGHT_MM * self._scale)
        x, y = self.layout.barcode.centre
        top, left = round(y * self._scale) - height // 2, round(x * self._scale) - size[0] // 2
        picture[top : top + height, left : left + size[0]] = line
        place = (round((self.layout.identity.x + 26) * self._scale), round((self.layout.identity.y + 16) * self._scale))
        cv2.putText(picture, barcode[5:], place, cv2.FONT_HERSHEY_SIMPLEX, self._scale / 12, 40, 1, cv2.LINE_AA)

    def _write(self, picture: Picture, area: Box, lines: int, rng: np.random.Generator) -> None:
        writing = self._writing[int(rng.integers(len(self._writing)))]
        depth = min(writing.shape[0], round((12 + lines * 9) * self._scale))
        top, left = round(area.y * self._scale), round(area.x * self._scale)
        piece = picture[top : top + depth, left : left + writing.shape[1]]
        np.minimum(piece, writing[:depth], out=piece)

    def _delivered(self, picture: Picture, flaws: Flaws, rng: np.random.Generator) -> bytes:
        height, width = picture.shape
        if rng.random() < flaws.upside_down:
            picture = np.ascontiguousarray(picture[::-1, ::-1])
        angle = float(rng.uniform(-1, 1)) * flaws.rotation_degrees
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, float(rng.uniform(0.995, 1.005)))
        matrix[:, 2] += rng.uniform(-1, 1, 2) * flaws.shift_mm * self._scale
        moved = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=235)
        if flaws.lighting:
            light = self._lights[int(rng.integers(_TILES))]
            moved = cv2.multiply(moved, light, scale=1 / 255)
        if flaws.noise:
            x, y = rng.integers(0, 64, 2)
            tile = self._tile(flaws.noise)[y : y + height, x : x + width]
            moved = cv2.add(moved, tile, dtype=cv2.CV_8U)
        grey = np.ascontiguousarray(moved)[:, :, None]
        return bytes(simplejpeg.encode_jpeg(grey, quality=_JPEG_QUALITY, colorspace="GRAY", fastdct=True))

    def _tile(self, deviation: float) -> NDArray[np.int8]:
        if deviation not in self._tiles:
            self._tiles[deviation] = np.clip(self._noise * deviation, -100, 100).astype(np.int8)
        return self._tiles[deviation]


def _lighting(shape: tuple[int, ...], rng: np.random.Generator) -> Picture:
    """A smooth darkening: strips and corners are never lit evenly."""
    coarse = rng.uniform(232, 255, (4, 3)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), np.uint8)


def _handwriting(area: Box | None, scale: float, rng: np.random.Generator) -> Picture:
    assert area is not None
    sheet = np.full((round(area.height * scale), round(area.width * scale)), 255, np.uint8)
    for row in range(int((area.height - 14) // 9)):
        _scribble(sheet, Box(6.0, 8.6 + row * 9, float(rng.uniform(90, area.width - 14)), 4.6), scale, rng)
    return sheet


def _scribble(picture: Picture, line: Box, scale: float, rng: np.random.Generator) -> None:
    """Strokes as dense as written characters, without meaning."""
    x = line.x
    while x < line.x + line.width:
        strokes = int(rng.integers(4, 9))
        points = rng.uniform(0, 1, (strokes, 2, 2)) * (line.height * 0.85, line.height) + (x, line.y)
        for start, end in (points * scale).astype(np.int32):
            cv2.line(
                picture, start.tolist(), end.tolist(), int(rng.integers(30, 80)), max(1, round(scale / 3)), cv2.LINE_AA
            )
        x += line.height * 1.08
