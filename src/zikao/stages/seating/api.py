"""What binds a draw of seats before and after: commitments, seed, digests. Nothing in it is about a candidate."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from zikao.foundation.api import Problem, SittingCode
from zikao.foundation.errors import NotFound
from zikao.stages.entries.models import EntryList
from zikao.stages.seating.models import Draw

router = Router(tags=["随机编排"])


class CommitmentOut(Schema):
    """An official's digest, given before the list was closed; the secret number once it is revealed."""

    order: int
    digest: str
    committed_at: datetime
    secret: str


class DrawOut(Schema):
    """The public head of a draw; digests and seed are hexadecimal, empty where they are not there yet."""

    sitting: str
    algorithm: str
    state: str
    entries: int
    entry_digest: str
    list_closed_at: datetime | None
    commitments: list[CommitmentOut]
    seed: str
    digest: str


@router.get("/{sitting}", response={200: DrawOut, 404: Problem, 422: Problem}, summary="一次随机编排的公开信息")
def draw(request: HttpRequest, sitting: SittingCode) -> DrawOut:
    """The head of a sitting's draw. The whole record, for `zikao verify seating`, is handed out by the agency."""
    found = Draw.objects.filter(sitting__code=sitting).prefetch_related("commitments").first()
    if found is None:
        raise NotFound("draw-not-found", message=f"{sitting} 考试还没有开始随机编排。")
    closed = EntryList.objects.filter(sitting__code=sitting).first()
    return DrawOut(
        sitting=sitting,
        algorithm=found.algorithm,
        state=found.state,
        entries=closed.count if closed else 0,
        entry_digest=found.entry_digest or "",
        list_closed_at=closed.closed_at if closed else None,
        commitments=[
            CommitmentOut(
                order=each.order, digest=each.digest, committed_at=each.committed_at, secret=each.secret or ""
            )
            for each in found.commitments.all()
        ],
        seed=found.seed or "",
        digest=found.digest or "",
    )
