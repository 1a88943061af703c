"""An uploaded picture as grey pixels, without being drowned by a small file that states a huge picture."""

from __future__ import annotations

import cv2
import numpy as np

from zikao.foundation.exports.watermark.reading import Grey

SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
LARGEST_PIXELS = 60_000_000
_START_OF_FRAME = frozenset({0xC0, 0xC1, 0xC2, 0xC3})


def grey_of(content: bytes) -> Grey | None:
    """The pixels of a JPEG or PNG; None for anything else, anything broken and anything too large."""
    if not content.startswith(SIGNATURES) or not 0 < _pixels(content) <= LARGEST_PIXELS:
        return None
    try:
        decoded = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        return None
    return None if decoded is None else np.asarray(decoded, dtype=np.uint8)


def _pixels(content: bytes) -> int:
    if content.startswith(SIGNATURES[1]):
        return int.from_bytes(content[16:20]) * int.from_bytes(content[20:24])
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        if content[at + 1] in _START_OF_FRAME:
            return int.from_bytes(content[at + 5 : at + 7]) * int.from_bytes(content[at + 7 : at + 9])
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return 0
