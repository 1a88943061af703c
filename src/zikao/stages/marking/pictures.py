"""Pieces cut out of scanned cards: what a person looks at, and nothing more than that."""

from __future__ import annotations

import cv2
import numpy as np
import simplejpeg
import zxingcpp

from zikao.foundation.errors import NotFound
from zikao.foundation.storage import get
from zikao.stages.marking.cards import alignment
from zikao.stages.marking.cards.alignment import Matrix, Picture
from zikao.stages.marking.cards.comparing import ABSENT_MARK_ITEM
from zikao.stages.marking.cards.layout import PAGE_WIDTH_MM, Box
from zikao.stages.marking.models import Card, Doubt, Reading, Script
from zikao.stages.marking.queries import layout_of

_OVERVIEW_WIDTH_PX = 900


def item_picture(doubt: Doubt) -> bytes:
    """The row of a doubtful item, or the absent mark, as JPEG."""
    layout = layout_of(doubt.card.paper)
    box = layout.absent.grown(6) if doubt.item == ABSENT_MARK_ITEM else layout.item_strip(doubt.item)
    return _cut(doubt.card, box, pixels_per_mm=12)


def answer_picture(script: Script) -> bytes:
    """The written answer of a script as JPEG: the answer area only, without name, number or barcode."""
    layout = layout_of(script.card.paper)
    assert layout.answer is not None
    matrix = _placement(script.card)
    if matrix is None:
        matrix = _rough_placement(_decoded(script.card))
    return _jpeg(alignment.cut_out(_decoded(script.card), matrix, layout.answer, pixels_per_mm=6))


def whole_picture(card: Card) -> bytes:
    """The whole card, smaller, as JPEG; what cannot be decoded is given as it came."""
    try:
        picture = _decoded(card)
    except ValueError:
        return get(card.image)
    scale = _OVERVIEW_WIDTH_PX / picture.shape[1]
    return _jpeg(np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8))


def _cut(card: Card, box: Box, *, pixels_per_mm: float) -> bytes:
    matrix = _placement(card)
    if matrix is None:
        return whole_picture(card)
    return _jpeg(alignment.cut_out(_decoded(card), matrix, box, pixels_per_mm=pixels_per_mm))


def _placement(card: Card) -> Matrix | None:
    places = Reading.objects.filter(card=card).order_by("reader").values_list("matrix", flat=True)
    found = next((place for place in places if place), None)
    return None if found is None else np.array(found, np.float32).reshape(3, 3)


def _rough_placement(picture: Picture) -> Matrix:
    """Where a card without corner marks lies if the sheet fills the picture; which end is up tells the barcode.

    Without either nobody can say where the name stands: then no picture is shown.
    """
    height, width = picture.shape
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.Code128)
    if not found:
        raise NotFound(
            "answer-not-placed",
            message="这份答卷缺损，不能自动裁切作答区域。",
            remedy="请报告学科评卷组长，由专人遮盖姓名、准考证号后提供原卷。",
        )
    scale = width / PAGE_WIDTH_MM
    if found[0].position.top_left.y > height / 2:
        return np.array([[-scale, 0, width], [0, -scale, height], [0, 0, 1]], np.float32)
    return np.array([[scale, 0, 0], [0, scale, 0], [0, 0, 1]], np.float32)


def _decoded(card: Card) -> Picture:
    grey = simplejpeg.decode_jpeg(get(card.image), "GRAY")
    return np.asarray(grey, np.uint8).reshape(grey.shape[0], grey.shape[1])


def _jpeg(picture: Picture) -> bytes:
    ready = np.ascontiguousarray(picture)[:, :, None]
    return bytes(simplejpeg.encode_jpeg(ready, quality=82, colorspace="GRAY"))
