"""From darkness to an answer: a band in which people decide, not one threshold.

Levels are darkness from 0 (paper) to 1 (black), one row a question and one column an option.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from zikao.stages.marking.cards.layout import OPTIONS

BLANK, DOUBTFUL = "-", "?"
Levels = NDArray[np.float32]


class DoubtReason(StrEnum):
    """Why a person has to look at an item."""

    FAINT = "faint"  # something is there, but too light or too small to be sure
    DOUBLE = "double"  # two or more filled
    RIVAL = "rival"  # one filled, another more than a trace
    UNPRINTED = "unprinted"  # the printed bubble cannot be seen: torn, covered, folded
    NO_PAPER = "no-paper"  # no clean paper around the item to compare with
    DIFFERENT = "different"  # the two readers do not agree
    ABSENT_MARK = "absent-mark"  # the absent mark is unclear, or contradicts the room sheet or the answers


@dataclass(frozen=True, slots=True)
class Band:
    """Below `trace` a bubble is empty, from `filled` on it is filled; between them people decide.

    Beside a filled bubble a second one may leave up to `residue` (an erasure) before it is a rival.
    """

    trace: float
    filled: float
    residue: float
    printed: float  # an empty bubble must show at least this much of its printed letter


@dataclass(frozen=True, slots=True)
class Judgement:
    """Answers, one character an item: A to D, "-" blank, "?" doubtful with a reason."""

    answers: str
    doubts: tuple[tuple[int, DoubtReason], ...]


_LETTERS = np.frombuffer(OPTIONS.encode(), np.uint8)


def judge(levels: Levels, band: Band, *, paper: NDArray[np.float32], least_paper: float) -> Judgement:
    """The answers of all items. `paper` is the brightness around each item (0 to 255)."""
    if not len(levels):
        return Judgement("", ())
    filled = levels >= band.filled
    count = filled.sum(1)
    rest = np.where(filled, 0.0, levels).max(1)
    one, none = count == 1, count == 0
    codes = np.where(one, _LETTERS[levels.argmax(1)], ord(BLANK)).astype(np.uint8)
    reasons: list[tuple[NDArray[np.bool_], DoubtReason]] = [
        (paper < least_paper, DoubtReason.NO_PAPER),
        (levels.min(1) < band.printed, DoubtReason.UNPRINTED),
        (count > 1, DoubtReason.DOUBLE),
        (one & (rest >= band.residue), DoubtReason.RIVAL),
        (none & (rest >= band.trace), DoubtReason.FAINT),
    ]
    doubtful = np.logical_or.reduce([hit for hit, _ in reasons])
    codes[doubtful] = ord(DOUBTFUL)
    doubts = tuple(
        (int(index) + 1, next(reason for hit, reason in reasons if hit[index])) for index in np.flatnonzero(doubtful)
    )
    return Judgement(codes.tobytes().decode(), doubts)


def judge_single(level: float, band: Band) -> bool | None:
    """One bubble standing alone (the absent mark): filled, empty, or None for a person to decide."""
    if level >= band.filled:
        return True
    return False if level < band.trace else None
