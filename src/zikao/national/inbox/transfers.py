"""Provinces upload transfer files and outcomes; a destination may refuse a file as it arrives."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.exchange import handles, handles_answer
from zikao.national import commands
from zikao.stages.transfers.states import TransferFileData


@handles("transfers.file")
def file_uploaded(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The origin uploads a file."""
    file = TransferFileData.of(body["file"])
    return commands.receive_transfer_file(file=file, digest=body["digest"], origin=peer.partition(":")[2], by=by, at=at)


@handles("transfers.outcome-uploaded")
def outcome_uploaded(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The destination uploads what it decided."""
    return commands.receive_outcome(
        number=body["number"],
        destination=peer.partition(":")[2],
        completed=body["completed"],
        code=body["code"],
        reason=body["reason"],
        by=by,
        at=at,
    )


@handles_answer("transfers.incoming")
def file_answered(body: dict[str, Any], answer: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The destination refused the file as it arrived: the origin learns it, with the rule that is broken."""
    if answer["state"] != "rejected":
        return None
    return commands.receive_outcome(
        number=body["number"],
        destination=peer.partition(":")[2],
        completed=False,
        code=str(answer.get("clause") or answer.get("code")),
        reason=str(answer.get("message", ""))[:300],
        by=by,
        at=at,
    )
