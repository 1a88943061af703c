"""The queue verifies the ledger: every line, every signed head, every cosignature; the verdict is kept."""

from __future__ import annotations

from dataclasses import asdict

from zikao.foundation import clock
from zikao.foundation.actors import node_actor
from zikao.foundation.clock import local_day
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.working import Progress, Result, long_work
from zikao.foundation.ledger.verify import report
from zikao.foundation.regulation import parameter
from zikao.foundation.witness.commands import keep_verification
from zikao.foundation.witness.files import check_files, some_digests
from zikao.foundation.witness.verify import verify_own
from zikao.portals.trust.commands import KIND


@long_work(KIND)
def verify_ledger(work: Work, progress: Progress) -> Result:
    """Verify, keep the verdict once for this work, and hand over the report."""
    began = clock.now()
    result, cosignatures = verify_own()
    limit = int(parameter("files-per-verification").on(local_day(began)))
    files, damaged = check_files(some_digests(limit))
    result.problems += damaged
    progress.add(min(result.leaves, work.total))
    keep_verification(
        started_at=began,
        counts={
            "leaves": result.leaves,
            "pending": result.pending,
            "checkpoints": result.checkpoints,
            "cosignatures": cosignatures,
            "files": files,
        },
        problems=[asdict(each) for each in result.problems],
        asked_by=work.account_id,
        work_id=work.pk,
        key=f"verification:{work.pk}",
        by=node_actor(),
        at=clock.now(),
    )
    summary = {"lines": result.leaves, "stored_files": files, "problems": len(result.problems)}
    return Result(report(result).encode(), "ledger-verification.txt", "text/plain; charset=utf-8", summary)
