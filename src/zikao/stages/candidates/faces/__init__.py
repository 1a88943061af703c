"""How many faces a picture shows, and how large the largest is: YuNet by OpenCV, on the node itself (see README.md)."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

WEIGHTS = Path(__file__).with_name("yunet.onnx")
LOOKED_AT_WIDTH = 96
LARGEST_RATIO = 3  # a strip so long is no portrait, and costs as much as many
CERTAINTY = 0.45
_own = threading.local()


@dataclass(frozen=True)
class Faces:
    """The faces found; `height_percent` is the largest one's height in the picture's."""

    count: int = 0
    height_percent: int = 0


def faces_in(picture: np.ndarray[Any, np.dtype[np.uint8]]) -> Faces:
    """The faces of a coloured picture (BGR); none where it is no upright picture at all."""
    height, width = picture.shape[:2]
    if height > LARGEST_RATIO * width or width > LARGEST_RATIO * height:
        return Faces()
    size = LOOKED_AT_WIDTH, max(round(LOOKED_AT_WIDTH * height / width), 32)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    detector = _detector()
    detector.setInputSize(size)
    _, found = detector.detect(small)
    if found is None:
        return Faces()
    return Faces(len(found), round(100 * max(float(face[3]) for face in found) / size[1]))


def _detector() -> Any:
    """One a thread: it is not made to be shared. So small a picture costs twice the work on two cores."""
    if not hasattr(_own, "detector"):
        cv2.setNumThreads(1)
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
        _own.detector = cv2.FaceDetectorYN.create(str(WEIGHTS), "", (LOOKED_AT_WIDTH, 128), CERTAINTY)
    return _own.detector
