"""Keeping what a verification of our ledger found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import Outcome, command
from zikao.foundation.witness.models import Verification

KEPT_PROBLEMS = 50


@command(writes="witness.verified", clauses=("EA-49.1", "SR-A1.10b", "EA-A9.2.1.2"), posts={Post.NODE})
def keep_verification(
    *,
    started_at: datetime,
    counts: Mapping[str, int],
    problems: Sequence[Mapping[str, Any]],
    asked_by: int | None = None,
    work_id: int | None = None,
    key: str | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[Verification]:
    """Keep the verdict of a verification: what was read, what does not hold, who asked.

    `counts` holds leaves, pending, checkpoints, cosignatures, files.

    Source:  EA-49.1, SR-A1.10b, EA-A9.2.1.2
    Writes:  witness.verified
    Raises:  NotPermitted
    """
    row = Verification.objects.create(
        started_at=started_at,
        ended_at=at,
        holds=not problems,
        leaves=counts["leaves"],
        pending=counts["pending"],
        checkpoints=counts["checkpoints"],
        cosignatures=counts["cosignatures"],
        files=counts.get("files", 0),
        problem_count=len(problems),
        problems=[dict(each) for each in problems[:KEPT_PROBLEMS]],
        account_id=asked_by,
        work_id=work_id,
    )
    return Outcome(row, facts={"holds": row.holds, "leaves": row.leaves, "problems": row.problem_count})
