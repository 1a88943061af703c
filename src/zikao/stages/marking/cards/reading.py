"""Reading a scanned card: decode, place, recognise, measure, judge.

A card that cannot be read whole is set aside with a coded reason and goes to people; it is never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

import cv2
import numpy as np
import simplejpeg
import zxingcpp
from numpy.typing import NDArray

from zikao.stages.marking.cards import alignment
from zikao.stages.marking.cards.alignment import FindMark, Matrix, Picture
from zikao.stages.marking.cards.judging import Band, DoubtReason, Judgement, judge, judge_single
from zikao.stages.marking.cards.layout import BARCODE_DIGITS, OPTIONS, Box, CardLayout

LEAST_WIDTH_PX = 1100  # about 135 dpi: the rules ask for 150
LEAST_PAPER = 110.0
LEAST_CONTRAST = 70.0  # between a black mark and paper, grey levels
MOST_DOUBTS = 0.5  # with more than this share in doubt the card is set aside whole


class SetAsideReason(StrEnum):
    """Why a card is set aside whole."""

    UNREADABLE = "unreadable"  # no picture, damaged or too coarse
    NO_CORNERS = "no-corners"  # torn, folded, cut or not a card
    FOREIGN_FORM = "foreign-form"  # another kind of card
    NO_BARCODE = "no-barcode"  # the barcode cannot be read
    WRONG_COURSE = "wrong-course"  # the card of another course
    DAMAGED = "damaged"  # too many items cannot be judged
    DUPLICATE = "duplicate"  # a second card of the same seat, or the same picture again
    UNKNOWN_SEAT = "unknown-seat"  # no such entry in this sitting


@dataclass(frozen=True, slots=True)
class CardReading:
    """What one reader saw. `matrix` (nine numbers) maps millimetres on the card to pixels, for cutting pictures."""

    barcode: str = ""
    answers: str = ""
    doubts: tuple[tuple[int, DoubtReason], ...] = ()
    absent: bool | None = False
    turned: bool = False
    set_aside: SetAsideReason | None = None
    matrix: tuple[float, ...] = ()


class Sampling(Protocol):
    """How a reader measures bubbles."""

    def levels(self, picture: Picture, matrix: Matrix) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Darkness of every bubble (items x options, then the absent mark) and the paper around each row."""
        ...


class CardReader:
    """One reading of cards of one layout. Keeps its decoding buffer: use one reader a process."""

    def __init__(
        self, layout: CardLayout, *, name: str, find_mark: FindMark, sampling: Sampling, band: Band, absent_band: Band
    ) -> None:
        self.layout, self.name = layout, name
        self._find_mark, self._sampling, self._band, self._absent_band = find_mark, sampling, band, absent_band
        self._buffer = bytearray(0)

    def read(self, jpeg: bytes, *, course: str = "") -> CardReading:
        """Read one scanned card. `course` is the five-digit code expected, if only one course is expected."""
        picture = self._decoded(jpeg)
        if picture is None:
            return CardReading(set_aside=SetAsideReason.UNREADABLE)
        corners = alignment.find_corners(picture, self.layout, self._find_mark)
        if corners is None:
            return CardReading(set_aside=SetAsideReason.NO_CORNERS)
        found = recognised(picture, corners, self.layout)
        if found is None:
            return CardReading(set_aside=SetAsideReason.FOREIGN_FORM)
        matrix, turned = found
        place = tuple(float(number) for number in matrix.ravel())
        barcode = read_barcode(picture, matrix, self.layout.barcode)
        if barcode is None:
            return CardReading(turned=turned, matrix=place, set_aside=SetAsideReason.NO_BARCODE)
        if course and barcode[:5] != course:
            reason = SetAsideReason.WRONG_COURSE
            return CardReading(barcode=barcode, turned=turned, matrix=place, set_aside=reason)
        judgement, absent = self._judged(picture, matrix)
        spoilt = len(judgement.doubts) > MOST_DOUBTS * max(24, self.layout.items)
        reason_or_none = SetAsideReason.DAMAGED if spoilt else None
        return CardReading(barcode, judgement.answers, judgement.doubts, absent, turned, reason_or_none, place)

    def _decoded(self, jpeg: bytes) -> Picture | None:
        try:
            height, width, _, _ = simplejpeg.decode_jpeg_header(jpeg)
            if width < LEAST_WIDTH_PX or width * height > 40_000_000:
                return None
            if len(self._buffer) < width * height:
                self._buffer = bytearray(width * height)
            grey = simplejpeg.decode_jpeg(jpeg, "GRAY", fastdct=True, buffer=self._buffer)
        except ValueError:
            return None
        return np.asarray(grey, np.uint8).reshape(height, width)

    def _judged(self, picture: Picture, matrix: Matrix) -> tuple[Judgement, bool | None]:
        levels, paper = self._sampling.levels(picture, matrix)
        rows = levels[:-1].reshape(self.layout.items, len(OPTIONS))
        absent = judge_single(float(levels[-1]), self._absent_band)
        return judge(rows, self._band, paper=paper[:-1], least_paper=LEAST_PAPER), absent


def recognised(picture: Picture, corners: alignment.Corners, layout: CardLayout) -> tuple[Matrix, bool] | None:
    """The card's placement, and whether it lies upside down; None for a form that is not this card."""
    upright = alignment.placement(corners, layout)
    here, there = _means(picture, upright, (layout.orientation, layout.orientation.turned()))
    if abs(here - there) < LEAST_CONTRAST:
        return None
    turned = bool(there < here)
    matrix = alignment.placement(corners, layout, turned=True) if turned else upright
    seen = _means(picture, matrix, tuple(box for box, _ in layout.form)) < (here + there) / 2
    return (matrix, turned) if seen.tolist() == [black for _, black in layout.form] else None


@lru_cache(maxsize=256)
def _grids(boxes: tuple[Box, ...]) -> NDArray[np.float32]:
    steps = (np.arange(5) + 1.5) / 7
    points = [
        (box.x + box.width * across, box.y + box.height * down, 1.0)
        for box in boxes
        for across in steps
        for down in steps
    ]
    return np.array(points, np.float32).T


def _means(picture: Picture, matrix: Matrix, boxes: tuple[Box, ...]) -> NDArray[np.float32]:
    x, y = alignment.placed(matrix, _grids(boxes)).astype(np.intp)
    values = picture.ravel().take(y * picture.shape[1] + x, mode="clip")
    return np.asarray(values.reshape(len(boxes), -1).mean(1, dtype=np.float32), np.float32)


def read_barcode(picture: Picture, matrix: Matrix, box: Box) -> str | None:
    """The 17 digits of the barcode: on its own region first, then on a larger one, upright and sharpened."""
    top, bottom, left, right = alignment.bounds(matrix, box, picture)
    text = _decoded_barcode(picture[top:bottom, left:right])
    if text is None:
        scale = 2 * picture.shape[1] / 210
        text = _decoded_barcode(alignment.cut_out(picture, matrix, box.grown(4), pixels_per_mm=scale), thorough=True)
    return text


def _decoded_barcode(region: Picture, *, thorough: bool = False) -> str | None:
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(region),
        formats=zxingcpp.BarcodeFormat.Code128,
        try_rotate=False,
        try_downscale=thorough,
        try_invert=False,
    )
    if not found and thorough:
        blurred = cv2.GaussianBlur(region, (0, 0), 2)
        sharp = cv2.addWeighted(region, 1.8, blurred, -0.8, 0)
        found = zxingcpp.read_barcodes(sharp, formats=zxingcpp.BarcodeFormat.Code128)
    texts = {each.text for each in found if len(each.text) == BARCODE_DIGITS and each.text.isdigit()}
    return texts.pop() if len(texts) == 1 else None
