"""Clashes by major with the candidates concerned, and units proposed for the provincial courses."""

from __future__ import annotations

from datetime import datetime
from random import Random

import pytest

from tests.factories import programmes as make
from tests.factories.actors import head
from tests.factories.candidates import a_candidate
from zikao.foundation.errors import Conflict, WrongState
from zikao.foundation.jobs.models import Work
from zikao.stages.programmes import commands, queries, tasks
from zikao.stages.programmes.models import Paper, PaperMajor, Sitting, TimetableProposal
from zikao.stages.programmes.queries import Problem, checker, solve, unavoidable_pairs


def a_problem(courses: int, majors: int, units: int = 4, fixed: int = 5) -> Problem:
    """Majors of eight courses each, the first courses fixed, everything else in the first unit."""
    chance = Random(3)
    codes = [f"{n:05d}" for n in range(courses)]
    weights: dict[tuple[str, str], int] = {}
    least = 0
    for _ in range(majors):
        own, weight = sorted(chance.sample(codes, 8)), chance.randint(1, 50)
        least += weight * unavoidable_pairs(8, units)
        for i, one in enumerate(own):
            for other in own[i + 1 :]:
                weights[one, other] = weights.get((one, other), 0) + weight
    stay = {code: n % units + 1 for n, code in enumerate(codes[:fixed])}
    present = {code: stay.get(code, 1) for code in codes}
    return Problem(tuple(range(1, units + 1)), stay, tuple(codes[fixed:]), weights, present, least)


def test_solver_keeps_the_centres_slots_saves_clashes_and_repeats_itself() -> None:
    problem = a_problem(60, 12)
    first, second = (solve(problem, seed=5, kicks=300, pieces=2) for _ in range(2))
    assert first.units == second.units
    assert {code: first.units[code] for code in problem.fixed} == problem.fixed
    assert problem.least <= first.after == problem.cost(first.units) < first.before == problem.cost(problem.present)
    assert (first.kicks, first.pieces, first.stopped) == (300, 2, False)
    assert solve(problem, seed=5, seconds=0).stopped


def test_solver_finds_the_best_where_it_is_known() -> None:
    codes = [f"{n:05d}" for n in range(8)]
    weights = {(a, b): 1 for i, a in enumerate(codes) for b in codes[i + 1 :]}
    problem = Problem((1, 2, 3, 4), {}, tuple(codes), weights, dict.fromkeys(codes, 1), unavoidable_pairs(8, 4))
    assert solve(problem, seed=1, kicks=50, pieces=1).after == 4


@pytest.mark.parametrize(("courses", "units", "pairs"), [(4, 4, 0), (5, 4, 1), (8, 4, 4), (13, 4, 15), (3, 0, 0)])
def test_pairs_that_no_timetable_can_part(courses: int, units: int, pairs: int) -> None:
    assert unavoidable_pairs(courses, units) == pairs


@pytest.mark.django_db
def test_checker_names_majors_units_and_how_many_candidates_are_concerned(
    at: datetime, django_assert_max_num_queries: object
) -> None:
    sitting = make.a_drafted_timetable(at).sitting
    for _ in range(2):
        a_candidate(at)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        found = queries.clashes_by_major(sitting)
    first = found[0]
    assert (first.major.code, first.registered) == ("050101", 2)
    assert first.pairs == 6 + 6 + 3 + 3
    assert first.candidates == 2 * first.pairs
    assert first.unavoidable == unavoidable_pairs(14, 4)
    assert {each.major.code for each in found} == set(PaperMajor.objects.values_list("major__code", flat=True))


@pytest.mark.django_db
def test_very_many_candidates_are_counted_by_the_queue_and_shown_with_the_time(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checker, "LIVE", 1)
    a_candidate(at)
    sitting = make.a_drafted_timetable(at).sitting
    assert not Work.objects.exists()
    a_candidate(at)
    clashes, counted_at = queries.clashes_seen(sitting, "32")
    assert (counted_at, {each.candidates for each in clashes}) == (None, {None})
    work = commands.order_demand(sitting_code=sitting.code, by=head(), at=at).value
    with pytest.raises(WrongState):
        commands.order_demand(sitting_code=sitting.code, by=head(), at=at)
    tasks.count(work.pk)
    clashes, counted_at = queries.clashes_seen(sitting, "32")
    assert counted_at is not None
    assert clashes == queries.clashes_by_major(sitting)
    a_candidate(at)
    Paper.objects.filter(course__code="00037").update(unit=sitting.units.get(number=4))
    assert sum(each.registered or 0 for each in queries.clashes_seen(sitting, "32")[0]) == 2
    PaperMajor.objects.filter(paper__course__code="00037").delete()
    assert queries.clashes_seen(sitting, "32")[1] is None


@pytest.mark.django_db
def test_clerk_accepts_a_proposal_into_the_draft_unless_it_changed(at: datetime) -> None:
    sitting = make.a_drafted_timetable(at).sitting
    Paper.objects.filter(course__national=False).update(unit=sitting.units.get(number=1))
    work = commands.order_proposal(sitting_code=sitting.code, seed=3, by=head(), at=at).value
    tasks.propose(work.pk)
    offered = TimetableProposal.objects.get()
    assert Work.objects.get().state == "done"
    assert offered.after < offered.before
    a_candidate(at)
    national = dict(Paper.objects.filter(course__national=True).values_list("course__code", "unit__number"))
    commands.accept_proposal(proposal_id=offered.pk, by=head(), at=at)
    after = dict(Paper.objects.values_list("course__code", "unit__number"))
    assert {code: after[code] for code in national} == national
    assert after == {**after, **offered.units}
    with pytest.raises(WrongState):
        commands.drop_proposal(proposal_id=offered.pk, by=head(), at=at)
    changed = commands.keep_proposal(
        sitting_code=sitting.code, seed=9, problem="0" * 64, solution=solution_of(offered), by=make.the_node(), at=at
    ).value
    with pytest.raises(Conflict):
        commands.accept_proposal(proposal_id=changed.pk, by=head(), at=at)


def solution_of(offered: TimetableProposal) -> queries.Solution:
    return queries.Solution(offered.units, offered.before, offered.after, offered.least, 1, 1, 1, stopped=False)


@pytest.mark.django_db
def test_filed_timetable_takes_no_proposal(at: datetime) -> None:
    make.a_filed_timetable(at)
    with pytest.raises(WrongState):
        commands.order_proposal(sitting_code=Sitting.objects.get().code, seed=1, by=head(), at=at)
