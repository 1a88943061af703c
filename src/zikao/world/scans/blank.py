"""The printed card as the simulated scanner takes it in: the same template that prints the real ones."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from zikao.foundation.documents import render_picture
from zikao.stages.marking.cards.layout import CardLayout
from zikao.stages.marking.cards.printing import sheet_data


@lru_cache(maxsize=32)
def printed_blank(
    layout: CardLayout, *, dpi: int = 150, title: str = "高等教育自学考试答题卡", subtitle: str = ""
) -> NDArray[np.uint8]:
    """A card without name and barcode, as a grey picture (do not write into it)."""
    png = render_picture("marking/card.typ", sheet_data(layout, title=title, subtitle=subtitle), ppi=dpi)
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    grey = np.asarray(picture, np.uint8)
    grey.setflags(write=False)
    return grey
