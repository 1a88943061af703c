"""Units with few clashes: a descent with kicks finds a good timetable, CP-SAT makes pieces of it best.

Both count steps, not seconds, so the same problem, seed and effort give the same timetable on any machine; a limit of
seconds stops the work where a machine is too slow, and says so.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zikao.stages.programmes.queries.checker import Problem

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

KICKS = 12_000
KICKED = 6
PIECES = 12
PIECE = 12
PIECE_EFFORT = 0.4


@dataclass(frozen=True)
class Solution:
    """Units by course; the cost before and after, the cost that cannot be undercut, and how the work ended."""

    units: Mapping[str, int]
    before: int
    after: int
    least: int
    kicks: int
    pieces: int
    best_pieces: int
    stopped: bool


class _State:
    """Where every course stands, and for every course what each unit would cost it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.units = {**problem.present, **problem.fixed}
        self.near: dict[str, list[tuple[str, int]]] = {code: [] for code in self.units}
        for (one, other), weight in problem.weights.items():
            self.near[one].append((other, weight))
            self.near[other].append((one, weight))
        self.costs = {code: dict.fromkeys(problem.units, 0) for code in problem.free}
        for code, by_unit in self.costs.items():
            for other, weight in self.near[code]:
                by_unit[self.units[other]] += weight
        self.cost = problem.cost(self.units)

    def move(self, code: str, unit: int) -> None:
        """Put one course elsewhere and keep the costs right."""
        old = self.units[code]
        self.cost += self.costs[code][unit] - self.costs[code][old]
        self.units[code] = unit
        for other, weight in self.near[code]:
            if other in self.costs:
                self.costs[other][old] -= weight
                self.costs[other][unit] += weight

    def settle(self, codes: Iterable[str], undo: dict[str, int]) -> None:
        """Move courses to their cheapest unit until none gains; `undo` keeps where each stood first."""
        waiting = dict.fromkeys(codes)
        while waiting:
            code = next(iter(waiting))
            del waiting[code]
            by_unit, here = self.costs[code], self.units[code]
            best = min(self.problem.units, key=lambda unit: (by_unit[unit], unit != here, unit))
            if by_unit[best] < by_unit[here]:
                undo.setdefault(code, here)
                self.move(code, best)
                waiting |= dict.fromkeys(other for other, _ in self.near[code] if other in self.costs)


def solve(problem: Problem, *, seed: int, kicks: int = KICKS, pieces: int = PIECES, seconds: float = 120.0) -> Solution:
    """Units for the free courses, never worse than the present ones."""
    ends, chance, state = time.monotonic() + seconds, random.Random(seed), _State(problem)
    before = state.cost
    state.settle(problem.free, {})
    done = 0
    while done < kicks and problem.free and time.monotonic() < ends:
        _kick(state, chance)
        done += 1
    polished = best = 0
    while polished < pieces and problem.free and time.monotonic() < ends:
        best += _polish(state, chance, seed + polished)
        polished += 1
    stopped = bool(problem.free) and (done < kicks or polished < pieces)
    return Solution(dict(state.units), before, state.cost, problem.least, done, polished, best, stopped)


def _kick(state: _State, chance: random.Random) -> None:
    """Move a few courses anywhere, settle what they touch, and take it back where it came out worse."""
    was, undo = state.cost, {}
    chosen = chance.sample(state.problem.free, min(KICKED, len(state.problem.free)))
    for code in chosen:
        undo[code] = state.units[code]
        state.move(code, chance.choice(state.problem.units))
    touched = [other for code in chosen for other, _ in state.near[code] if other in state.costs]
    state.settle([*chosen, *touched], undo)
    if state.cost > was:
        for code, unit in undo.items():
            state.move(code, unit)


def _polish(state: _State, chance: random.Random, seed: int) -> bool:
    """Take one course and its nearest, and place them as well as can be while all others stay; True when proven."""
    from ortools.sat.python import cp_model  # slow to load, and only the queue needs it

    first = chance.choice(state.problem.free)
    near = sorted(((w, code) for code, w in state.near[first] if code in state.costs), reverse=True)
    chosen = [first, *(code for _, code in near[: PIECE - 1])]
    model, places = _model(state, chosen)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = PIECE_EFFORT
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return False
    found = {code: unit for (code, unit), place in places.items() if solver.boolean_value(place)}
    was, stood = state.cost, {code: state.units[code] for code in chosen}
    for code, unit in found.items():
        state.move(code, unit)
    if state.cost > was:
        for code, unit in stood.items():
            state.move(code, unit)
    return bool(status == cp_model.OPTIMAL)


def _model(state: _State, chosen: list[str]) -> tuple[cp_model.CpModel, dict[tuple[str, int], cp_model.IntVar]]:
    """One unit a course; a pair in one unit costs its weight; the others stand as they do."""
    from ortools.sat.python import cp_model

    model, inside = cp_model.CpModel(), set(chosen)
    places = {(code, unit): model.new_bool_var("") for code in chosen for unit in state.problem.units}
    terms = []
    for code in chosen:
        model.add_exactly_one(places[code, unit] for unit in state.problem.units)
        outside = dict(state.costs[code])
        for other, weight in state.near[code]:
            if other not in inside:
                continue
            outside[state.units[other]] -= weight
            if code < other:
                together = model.new_bool_var("")
                for unit in state.problem.units:
                    apart = [places[code, unit].negated(), places[other, unit].negated()]
                    model.add_bool_or([together, *apart])
                terms.append(together * weight)
        for unit, weight in outside.items():
            model.add_hint(places[code, unit], state.units[code] == unit)
            terms.append(places[code, unit] * weight)
    model.minimize(sum(terms))
    return model, places
