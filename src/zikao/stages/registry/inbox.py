"""What comes from the centre: which certificates are registered, and which are not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.exchange import handles, handles_answer
from zikao.stages.registry import commands


@handles("registry.answer")
def answered(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre's answer to a part of a batch."""
    return commands.take_in_answer(
        batch_on=date.fromisoformat(body["batch_on"]),
        registered=body["registered"],
        rejected=body["rejected"],
        by=by,
        at=at,
    )


@handles_answer("registry.batch")
def batch_answered(body: dict[str, Any], answer: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre could not take the part at all: every certificate in it comes back with what the centre said."""
    if answer["state"] != "rejected":
        return None
    reason = str(answer.get("message", "")) or "教育部考试中心未予接收。"
    return commands.take_in_answer(
        batch_on=date.fromisoformat(body["batch_on"]),
        registered=[],
        rejected={certificate["number"]: reason for certificate in body["certificates"]},
        by=by,
        at=at,
    )


@handles("registry.revoked")
def revoked(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre has revoked a registration of ours."""
    return commands.take_in_revocation(number=body["number"], reason=body["reason"], by=by, at=at)
