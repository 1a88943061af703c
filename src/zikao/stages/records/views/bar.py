"""The credits of a plan as a bar: one filled piece for each passed course, the rest still to be earned."""

from __future__ import annotations

from dataclasses import dataclass

from zikao.stages.records.queries import Progress

WIDTH = 720


@dataclass(frozen=True)
class Piece:
    """A passed course in the bar: where it begins, how wide it is (of 720), what it is."""

    x: float
    width: float
    title: str


@dataclass(frozen=True)
class Bar:
    """The bar's pieces and where the goal stands."""

    pieces: tuple[Piece, ...]
    goal_x: float


def bar_of(progress: Progress) -> Bar:
    """The bar of a candidate's progress; it is as long as the credits needed or earned, whichever is more."""
    grouped = (course for group in progress.groups for course in group.courses)
    passed = [course for course in (*progress.required, *grouped) if course.passed]
    passed.sort(key=lambda course: (course.score.sitting_label if course.score else "", course.code))
    scale = WIDTH / max(progress.needed, progress.credits, 1)
    pieces, at = [], 0
    for course in passed:
        title = f"{course.name} {course.credits} 学分"
        pieces.append(Piece(round(at * scale, 1), round(max(course.credits * scale - 2, 1), 1), title))
        at += course.credits
    return Bar(tuple(pieces), round(progress.needed * scale, 1))
