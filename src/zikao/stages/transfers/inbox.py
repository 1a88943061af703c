"""What comes over the transfer platform: a file for us, the outcome of a file of ours."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.exchange import handles, handles_answer
from zikao.stages.transfers import commands
from zikao.stages.transfers.states import TransferFileData


@handles("transfers.incoming")
def file_arrives(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The platform passes a candidate's file on to us."""
    return commands.receive_file(file=TransferFileData.of(body["file"]), digest=body["digest"], by=by, at=at)


@handles("transfers.outcome")
def outcome_arrives(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The platform passes on what the destination decided."""
    return commands.take_in_outcome(
        number=body["number"], completed=body["completed"], code=body["code"], reason=body["reason"], by=by, at=at
    )


@handles_answer("transfers.file")
def upload_answered(body: dict[str, Any], answer: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The platform did not take our file: the transfer ends here, with what the platform said."""
    if answer["state"] != "rejected":
        return None
    return commands.take_in_outcome(
        number=body["number"],
        completed=False,
        code=str(answer.get("clause") or answer.get("code")),
        reason=str(answer.get("message", ""))[:300],
        by=by,
        at=at,
    )
