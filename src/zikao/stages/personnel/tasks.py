"""What the queue does for exam staff: a sitting's candidates compared with an agency's people."""

from __future__ import annotations

from zikao.foundation import clock
from zikao.foundation.actors import node_actor
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.working import Progress, Result, long_work
from zikao.stages.personnel import commands, queries
from zikao.stages.personnel.commands.interests import DETECTION


@long_work(DETECTION)
def detect_interests(work: Work, progress: Progress) -> Result:
    """Find the signs of interests and keep them; the same data finds the same again, which changes nothing."""
    sitting, agency = work.given["sitting"], work.given["agency"]
    found = list(queries.detected(agency, sitting))
    receipt = commands.record_findings(sitting_code=sitting, found=found, by=node_actor(agency), at=clock.now())
    progress.add(work.total)
    return Result(summary={"found": len(found), "new": receipt.value})
