"""Measures a portrait file with opencv; what the numbers mean is law and stands in `rules.portrait`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import simplejpeg

from zikao.foundation.crypto import sm3
from zikao.stages.candidates import faces
from zikao.stages.candidates.rules import portrait
from zikao.stages.candidates.rules.portrait import PortraitFacts

_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
LARGEST_PIXELS = 40_000_000  # a decompression bomb is no portrait


def masked(picture: bytes) -> bytes:
    """The picture as coarse squares (JPEG): that there is one can be seen, who it is cannot."""
    coloured = _decode(picture)
    if coloured is None:
        return b""
    squares = cv2.resize(cv2.cvtColor(coloured, cv2.COLOR_BGR2GRAY), (9, 12), interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(squares, (180, 240), interpolation=cv2.INTER_NEAREST)
    return bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(coarse)[:, :, None], quality=70, colorspace="GRAY"))


def measure(picture: bytes) -> PortraitFacts:
    """The facts of a JPEG or PNG file; `readable` is false for anything else."""
    coloured = _decode(picture)
    if coloured is None:
        return PortraitFacts(readable=False)
    grey = cv2.cvtColor(coloured, cv2.COLOR_BGR2GRAY)
    height, width = grey.shape
    corner_rows, corner_columns = max(height // 8, 1), max(width // 8, 1)
    corners = np.concatenate(
        [grey[:corner_rows, :corner_columns].ravel(), grey[:corner_rows, -corner_columns:].ravel()]
    )
    middle, spread = cv2.meanStdDev(grey)
    found = faces.faces_in(coloured)
    _, roughness = cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))
    return PortraitFacts(
        readable=True,
        width=width,
        height=height,
        size_kb=-(-len(picture) // 1024),
        brightness=round(float(middle[0, 0])),
        spread=round(float(spread[0, 0])),
        background=round(float(corners.mean())),
        sharpness=round(float(roughness[0, 0]) ** 2),
        faces=found.count,
        face_percent=found.height_percent,
    )


@cache
def checker() -> str:
    """Names what measures here: any change of its text, its weights or its libraries makes it another one."""
    texts = (Path(__file__), Path(faces.__file__), Path(portrait.__file__), faces.WEIGHTS)
    parts = [*(path.read_bytes() for path in texts), cv2.__version__.encode(), np.__version__.encode()]
    return sm3(b"".join(map(sm3, parts))).hex()[:32]


def media_type(picture: bytes) -> str:
    """image/png or image/jpeg, by the file's signature."""
    return "image/png" if picture.startswith(_SIGNATURES[1]) else "image/jpeg"


def _decode(picture: bytes) -> np.ndarray[Any, np.dtype[np.uint8]] | None:
    if not picture.startswith(_SIGNATURES) or _too_many_pixels(picture):
        return None
    try:
        decoded = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return None if decoded is None else np.asarray(decoded, dtype=np.uint8)


def _too_many_pixels(picture: bytes) -> bool:
    """Whether the header states more pixels than a portrait has; a header that cannot be read counts as such."""
    if picture.startswith(_SIGNATURES[1]):
        width, height = int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
    else:
        try:
            height, width = simplejpeg.decode_jpeg_header(picture)[:2]
        except ValueError:
            return True
    return bool(width * height > LARGEST_PIXELS)
