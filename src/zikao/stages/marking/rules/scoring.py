"""Points: objective answers against the key, marks within their limits, two or three marks joined, the course total."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

OBJECTIVE_SCORE = Rule[Decimal]("marking.objective-score", title="选择题得分")
POINTS = Rule("marking.points", title="只记得分，在零分与该题满分之间")
THIRD_MARK = Rule[bool]("marking.third-mark", title="双评差值超出阈限时由第三人评分")
QUESTION_SCORE = Rule["Decimal | None"]("marking.question-score", title="一题的得分")
COURSE_TOTAL = Rule[int]("marking.course-total", title="每科累计积分时才作四舍五入")


@OBJECTIVE_SCORE.version("EA-A9.2.1.3", since=IN_FORCE)
def _(*, answers: str, key: str, points: Sequence[Decimal]) -> Decimal:
    """Points of the items whose answer is the key's; blanks and doubles ("*") earn nothing."""
    return sum((worth for given, right, worth in zip(answers, key, points, strict=True) if given == right), Decimal(0))


@POINTS.version("EA-A9.2.2.2", since=IN_FORCE)
def _(*, points: Decimal, most: Decimal) -> Decision:
    return all_of(
        decide("EA-A9.2.2.2", 0 <= points <= most, "points-out-of-range", points=points, most=most),
        decide("EA-A9.2.2.2", points == points.quantize(Decimal("0.1")), "points-too-fine", points=points),
    )


@THIRD_MARK.version("EA-A9.2.2.4", since=IN_FORCE)
def _(*, first: Decimal, second: Decimal, threshold: Decimal, on: date, province: str | None = None) -> bool:
    """Whether a third marker is needed; a difference equal to the threshold passes or not as the province sets."""
    difference = abs(first - second)
    equal_passes = bool(parameter("mark-difference-equal-passes").on(on, province))
    return difference > threshold or (difference == threshold and not equal_passes)


@QUESTION_SCORE.version(("EA-A9.2.2.4", "EA-A9.2.2.3"), since=IN_FORCE)
def _(
    *, marks: Sequence[Decimal], double: bool, threshold: Decimal, on: date, province: str | None = None
) -> Decimal | None:
    """The question's score without rounding, or None while a mark is still wanted. `marks` in order of rounds."""
    if len(marks) < (2 if double else 1):
        return None
    if not double:
        return marks[0]
    if len(marks) == 2:
        third = THIRD_MARK(on=on, first=marks[0], second=marks[1], threshold=threshold, province=province)
        return None if third else _mean(marks)
    if parameter("third-mark-method").on(on, province) == "以第三评为准":
        return marks[2]
    return _closest_two(marks)


def _closest_two(marks: Sequence[Decimal]) -> Decimal:
    """The mean of the two nearest marks; with the third exactly between the others, the third itself."""
    pairs = sorted(combinations(marks[:3], 2), key=lambda pair: abs(pair[0] - pair[1]))
    nearest, next_one = pairs[0], pairs[1]
    if abs(nearest[0] - nearest[1]) == abs(next_one[0] - next_one[1]):
        return marks[2]
    return _mean(nearest)


def _mean(marks: Sequence[Decimal]) -> Decimal:
    return sum(marks, Decimal(0)) / len(marks)


@COURSE_TOTAL.version("EA-A9.2.2.3", since=IN_FORCE)
def _(*, objective: Decimal, questions: Sequence[Decimal]) -> int:
    return int((objective + sum(questions, Decimal(0))).quantize(Decimal(1), ROUND_HALF_UP))
