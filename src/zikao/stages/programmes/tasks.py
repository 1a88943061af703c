"""What the queue does for programmes: units proposed for a draft timetable."""

from __future__ import annotations

from zikao.foundation import clock
from zikao.foundation.actors import node_actor
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.working import Progress, Result, long_work
from zikao.stages.programmes import queries
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
