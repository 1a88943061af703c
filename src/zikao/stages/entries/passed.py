"""Which courses a candidate has passed, to which areas they moved: asked here, answered by later stages.

The results come after entering in the order of stages, so this room cannot read them. They register their query:

    from zikao.stages.entries.passed import answer_passed
    answer_passed(lambda candidate_ids: {candidate_id: frozenset(course_codes)})
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

Answer = Callable[[Collection[int]], Mapping[int, frozenset[str]]]
_answers: list[Answer] = []


def answer_passed(answer: Answer) -> None:
    """Register the query that gives, for many candidates at once, the codes of the courses they have passed."""
    _answers[:] = [answer]


Moved = Callable[[Collection[int]], Mapping[int, frozenset[str]]]
_moved: list[Moved] = []


def answer_moved(answer: Moved) -> None:
    """Register the query that gives, by candidate, the areas to which a move within the province was accepted."""
    _moved[:] = [answer]


def moved_by_candidate(candidate_ids: Collection[int]) -> Mapping[int, frozenset[str]]:
    """The areas open by an accepted move (SR-16), by candidate id; empty while nobody answers."""
    return _moved[0](candidate_ids) if _moved else {}


def passed_by_candidate(candidate_ids: Collection[int]) -> Mapping[int, frozenset[str]]:
    """The codes of passed courses by candidate id; empty while nobody answers."""
    return _answers[0](candidate_ids) if _answers else {}


def passed_courses(candidate_id: int) -> frozenset[str]:
    """The codes of the courses that one candidate has passed."""
    return passed_by_candidate((candidate_id,)).get(candidate_id, frozenset())
