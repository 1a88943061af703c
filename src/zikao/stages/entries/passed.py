"""Which courses a candidate has passed, and to which areas they moved.

What is passed is known to `programmes` (the results register it there). Moves come after entering in the order of
stages, so the transfers register their query here:

    from zikao.stages.entries.passed import answer_moved
    answer_moved(lambda candidate_ids: {candidate_id: frozenset(area_codes)})
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date

from zikao.stages.programmes.queries import passes_by_candidate, replacing_plans
from zikao.stages.programmes.rules import replaced

Moved = Callable[[Collection[int]], Mapping[int, frozenset[str]]]
_moved: list[Moved] = []


def answer_moved(answer: Moved) -> None:
    """Register the query that gives, by candidate, the areas to which a move within the province was accepted."""
    _moved[:] = [answer]


def moved_by_candidate(candidate_ids: Collection[int]) -> Mapping[int, frozenset[str]]:
    """The areas open by an accepted move (SR-16), by candidate id; empty while nobody answers."""
    return _moved[0](candidate_ids) if _moved else {}


def passed_by_candidate(candidate_ids: Collection[int]) -> Mapping[int, frozenset[str]]:
    """The codes of passed courses by candidate id."""
    return {person: frozenset(ways) for person, ways in passes_by_candidate(candidate_ids).items()}


def passed_courses(candidate_id: int) -> frozenset[str]:
    """The codes of the courses that one candidate has passed."""
    return passed_by_candidate((candidate_id,)).get(candidate_id, frozenset())


def replaced_by_candidate(passed: Mapping[int, frozenset[str]], on: date) -> list[tuple[int, int, str]]:
    """(candidate id, plan id, course code) for every course of a plan for which passed ones stand on a day."""
    found = []
    for plan_id, (codes, stands) in replacing_plans(on).items():
        for person, own in passed.items():
            found += [(person, plan_id, code) for code in replaced(own, stands, codes)]
    return found
