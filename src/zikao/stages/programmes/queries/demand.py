"""How many candidates of a major still need two courses at once; said by later stages, who know the candidates.

from zikao.stages.programmes.queries.demand import answer_demand
answer_demand(lambda course_ids: Demand(registered, lacking_neither))
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Demand:
    """By major's id: how many are registered; how many have passed a course; how many have passed both of a pair.

    Keys of `passed` are (major, course), of `both` (major, lower course, higher course): ids.
    """

    registered: Mapping[int, int] = field(default_factory=dict)
    passed: Mapping[tuple[int, int], int] = field(default_factory=dict)
    both: Mapping[tuple[int, int, int], int] = field(default_factory=dict)

    def of(self, major: int, one: int, other: int) -> int:
        """How many registered candidates of the major have passed neither course; each must sit both some day."""
        low, high = sorted((one, other))
        done = self.passed.get((major, low), 0) + self.passed.get((major, high), 0)
        return max(self.registered.get(major, 0) - done + self.both.get((major, low, high), 0), 0)

    def plain(self) -> dict[str, object]:
        """As it is kept."""
        return {
            "registered": [[major, n] for major, n in self.registered.items()],
            "passed": [[*key, n] for key, n in self.passed.items()],
            "both": [[*key, n] for key, n in self.both.items()],
        }

    @classmethod
    def of_plain(cls, kept: Mapping[str, list[list[int]]]) -> Demand:
        """As it was kept."""
        return cls(
            {row[0]: row[1] for row in kept["registered"]},
            {(major, course): n for major, course, n in kept["passed"]},
            {(major, low, high): n for major, low, high, n in kept["both"]},
        )


Answer = Callable[[Collection[int]], Demand]
_answers: list[Answer] = []
_people: list[Callable[[int], int]] = []


def answer_demand(answer: Answer) -> None:
    """Register the query that counts candidates for the courses (ids) of a timetable."""
    _answers[:] = [answer]


def answer_people(answer: Callable[[int], int]) -> None:
    """Register the query that counts registered candidates, no further than a number."""
    _people[:] = [answer]


def how_many_people(most: int) -> int:
    """How many registered candidates the reader sees, counted no further than `most`."""
    return _people[0](most) if _people else 0


def demand_for(course_ids: Collection[int]) -> Demand:
    """The demand for these courses; nobody while nobody answers."""
    return _answers[0](course_ids) if _answers else Demand()
