"""The mark in a page is read back from a piece of it: cropped, noisy, compressed, turned, scaled."""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zikao.foundation.documents import render
from zikao.foundation.exports.watermark import dot_field, read_mark, tile_of
from zikao.foundation.exports.watermark.coding import mark_of
from zikao.foundation.exports.watermark.pictures import grey_of

MARK = 0x5A17C3E9
Grey = np.ndarray[Any, np.dtype[np.uint8]]


def a_page(mark: int, rows: int = 60) -> bytes:
    line = ["320102261001", "张小明", "计算机科学与技术（本科）", "320102", "2026-10-17 09:00", "准考证已发"]
    return render(
        "foundation/export.typ",
        {
            "title": "考生名册", "number": "苏考出〔2026〕0001　第 1 份，共 1 份",
            "who": "李主任　苏考出〔2026〕0001　2026-11-23 10:00", "purpose": "核对人数", "recipient": "本机构工作使用",
            "told": [], "requester": "李主任", "made_at": "2026年11月23日 10:00",
            "heads": ["准考证号", "姓名", "专业", "报名县（区）", "注册时间", "状态"],
            "numbers": [False] * 6, "rows": [line] * rows, "mark": dot_field(mark),
        },
    )  # fmt: skip


@cache
def pages(dpi: int) -> list[Grey]:
    import pymupdf

    found = []
    for page in pymupdf.open(stream=a_page(MARK)):
        pixels = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY)
        found.append(np.frombuffer(pixels.samples, np.uint8).reshape(pixels.h, pixels.stride)[:, : pixels.w])
    return found


def a_crop(chance: np.random.RandomState, dpi: int, centimetres: float) -> Grey:
    """A random piece, turned up to 2 degrees, scaled by up to a tenth, with noise, as JPEG of quality 60."""
    page = pages(dpi)[chance.randint(len(pages(dpi)))]
    side = int(centimetres / 2.54 * dpi)
    whole = int(side * 1.25)
    y, x = chance.randint(0, page.shape[0] - whole), chance.randint(0, page.shape[1] - whole)
    scale = chance.uniform(0.9, 1.1)
    turn = cv2.getRotationMatrix2D((whole / 2, whole / 2), chance.uniform(-2, 2), scale)
    turn[:, 2] += side * scale / 2 - whole / 2
    piece = np.ascontiguousarray(page[y : y + whole, x : x + whole])
    small = int(side * scale)
    seen = cv2.warpAffine(piece, turn, (small, small), borderValue=(255,)).astype(float)
    noisy = np.clip(seen + chance.normal(0, 6, seen.shape), 0, 255).astype(np.uint8)
    packed = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 60])[1].tobytes()
    read = grey_of(packed)
    assert read is not None
    return read


@pytest.mark.parametrize("crops", [20, pytest.param(60, marks=pytest.mark.fuzz)])
def test_mark_is_read_from_random_crops_of_five_centimetres(crops: int) -> None:
    chance = np.random.RandomState(7)
    read = [read_mark(a_crop(chance, (150, 200)[k % 2], 5.0)) for k in range(crops)]
    assert set(read) <= {MARK, None}  # never somebody else's
    assert read.count(MARK) >= 0.95 * crops


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_mark_is_read_from_a_page_that_lies_on_its_side(quarters: int) -> None:
    page = pages(150)[0][300:800, 300:800]
    assert read_mark(np.ascontiguousarray(np.rot90(page, quarters))) == MARK


def test_mark_is_read_from_a_whole_page() -> None:
    assert read_mark(pages(150)[0]) == MARK


def test_page_without_a_mark_gives_none() -> None:
    blank = np.full((400, 400), 255, np.uint8)
    assert read_mark(blank) is None
    noise = np.random.RandomState(3).randint(150, 255, (400, 400)).astype(np.uint8)
    assert read_mark(noise) is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2**31))
def test_code_survives_a_tenth_of_its_cells_wrong(mark: int, seed: int) -> None:
    soft = tile_of(mark) * 2.0 - 1.0
    wrong = np.random.RandomState(seed).choice(144, 7, replace=False)
    soft.reshape(-1)[wrong] *= -1
    assert mark_of(soft) in {mark, None}
    assert mark_of(tile_of(mark) * 2.0 - 1.0) == mark


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\x00\x10JFIF"])
def test_what_is_no_picture_is_not_read(content: bytes) -> None:
    assert grey_of(content) is None


def test_a_small_file_that_states_a_huge_picture_is_not_decoded() -> None:
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (100_000).to_bytes(4) + (100_000).to_bytes(4)
    assert grey_of(head + b"\x08\x00\x00\x00\x00") is None
