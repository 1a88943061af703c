"""The last signed head of the ledger, for anyone to keep and compare."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from zikao.foundation.api import Problem
from zikao.foundation.errors import NotFound
from zikao.foundation.ledger.models import Checkpoint

router = Router(tags=["公开账本"])


class CheckpointOut(Schema):
    """A signed head: the note is what the SM2 signature (DER, base64) is over; the root is hexadecimal."""

    tree_size: int
    root: str
    signed_at: datetime
    key_id: str
    note: str
    signature: str


@router.get("/checkpoint", response={200: CheckpointOut, 404: Problem, 422: Problem}, summary="最近的检查点")
def checkpoint(request: HttpRequest) -> CheckpointOut:
    """The newest signed head of this node's ledger."""
    last = Checkpoint.objects.order_by("-tree_size").first()
    if last is None:
        raise NotFound("no-checkpoint", message="账本还没有签发过检查点。", remedy="请稍后再来。")
    return CheckpointOut(
        tree_size=last.tree_size,
        root=bytes(last.root).hex(),
        signed_at=last.signed_at,
        key_id=last.key_id,
        note=last.note,
        signature=b64encode(bytes(last.signature)).decode(),
    )
