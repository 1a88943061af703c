"""What the queue does for programmes: units proposed for a draft timetable, candidates counted."""

from __future__ import annotations

from zikao.foundation import clock
from zikao.foundation.actors import node_actor
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.working import Progress, Result, long_work
from zikao.stages.programmes import queries
from zikao.stages.programmes.commands import demand
from zikao.stages.programmes.commands.proposals import KIND, keep_proposal


@long_work(KIND)
def propose(work: Work, progress: Progress) -> Result:
    """Solve outside any transaction, and keep what was found once for this work."""
    sitting_code, seed = work.given["sitting"], int(work.given["seed"])
    problem = queries.solver_problem(queries.sitting(sitting_code))
    solution = queries.solve(problem, seed=seed)
    progress.add()
    keep_proposal(
        sitting_code=sitting_code,
        seed=seed,
        problem=problem.digest,
        solution=solution,
        key=f"proposal:{work.pk}",
        by=node_actor(),
        at=clock.now(),
    )
    return Result(summary={"before": solution.before, "after": solution.after})


@long_work(demand.KIND)
def count(work: Work, progress: Progress) -> Result:
    """Count the candidates below the agency that asked, outside any transaction, and keep it once for this work."""
    sitting = queries.sitting(work.given["sitting"])
    found = queries.demand_for(queries.courses_offered(sitting))
    progress.add()
    demand.keep_demand(
        sitting_code=sitting.code,
        agency_code=work.agency_code,
        courses=queries.digest_of_courses(sitting),
        demand=found,
        key=f"demand:{work.pk}",
        by=node_actor(),
        at=clock.now(),
    )
    return Result(summary={"candidates": sum(found.registered.values())})
