"""Two readings of one card, made into one result: what they do not both see surely goes to people."""

from __future__ import annotations

from dataclasses import dataclass

from zikao.stages.marking.cards.judging import BLANK, DOUBTFUL, DoubtReason
from zikao.stages.marking.cards.reading import CardReading, SetAsideReason

ABSENT_MARK_ITEM = 0  # the number under which a doubt about the absent mark stands


@dataclass(frozen=True, slots=True)
class Compared:
    """The card's answers so far, and what people have to look at."""

    barcode: str
    answers: str
    absent: bool
    doubts: tuple[tuple[int, DoubtReason], ...]
    set_aside: SetAsideReason | None = None


def compared(first: CardReading, second: CardReading) -> Compared:
    """Join two readings (EA-A9.2.1.4a). An item counts only where both readers are sure and agree."""
    reason = first.set_aside or second.set_aside
    if reason is None and first.barcode != second.barcode:
        reason = SetAsideReason.NO_BARCODE
    if reason is not None:
        return Compared(first.barcode or second.barcode, "", False, (), reason)
    doubts = dict(second.doubts) | dict(first.doubts)
    answers = list(first.answers)
    if first.answers != second.answers:
        for number, (one, two) in enumerate(zip(first.answers, second.answers, strict=True), start=1):
            if one != two:
                doubts.setdefault(number, DoubtReason.DIFFERENT)
    for number in doubts:
        answers[number - 1] = DOUBTFUL
    return _with_absence("".join(answers), doubts, first, second)


def _with_absence(answers: str, doubts: dict[int, DoubtReason], first: CardReading, second: CardReading) -> Compared:
    marked = bool(first.absent)
    answered = bool(answers.strip(BLANK))
    if first.absent is None or first.absent != second.absent or (marked and answered):
        doubts[ABSENT_MARK_ITEM] = DoubtReason.ABSENT_MARK
    return Compared(first.barcode, answers, marked, tuple(sorted(doubts.items())))
