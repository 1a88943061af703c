"""What comes from the centre: its timetable, and its answer to the province's filing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput
from zikao.foundation.exchange import handles, handles_answer
from zikao.stages.programmes import commands
from zikao.stages.programmes.commands.filing import FILING

CENTRE = "national"


@handles("programmes.national-timetable")
def take_over(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre's timetable of national courses."""
    _only_the_centre(peer)
    return commands.take_over_timetable(body=body, by=by, at=at)


@handles("programmes.timetable-acknowledged")
def acknowledged(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre has filed our timetable under a number."""
    _only_the_centre(peer)
    return commands.acknowledge_timetable(
        sitting_code=body["sitting"], digest=body["digest"], filing_number=body["number"], by=by, at=at
    )


@handles("programmes.timetable-returned")
def returned(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre sends our timetable back, with its reasons."""
    _only_the_centre(peer)
    return commands.return_timetable(
        sitting_code=body["sitting"], digest=body["digest"], reason=body["reason"], by=by, at=at
    )


@handles("programmes.permission-answered")
def permission_answered(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre approves or refuses what we asked of a national course."""
    _only_the_centre(peer)
    return commands.record_permission_answer(
        reference=int(body["reference"]),
        approved=body["approved"] is True,
        number=str(body["number"]),
        answer=str(body["answer"]),
        by=by,
        at=at,
    )


@handles("programmes.detailed-rules-answered")
def rules_answered(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre has filed our detailed rules, or sends them back."""
    _only_the_centre(peer)
    return commands.record_rules_answer(
        reference=int(body["reference"]),
        acknowledged=body["acknowledged"] is True,
        number=str(body["number"]),
        reason=str(body["reason"]),
        by=by,
        at=at,
    )


@handles_answer(FILING)
def filing_answered(body: dict[str, Any], answer: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre could not take the filing at all: it goes back to draft with what the centre said."""
    if answer["state"] != "rejected":
        return None
    return commands.return_timetable(
        sitting_code=body["timetable"]["sitting"],
        digest=body["digest"],
        reason=str(answer.get("message", "")) or "教育部考试中心未予接收。",
        by=by,
        at=at,
    )


def _only_the_centre(peer: str) -> None:
    if peer != CENTRE:
        raise BadInput("not-the-centre", facts={"peer": peer}, message="只接收教育部考试中心发来的考试安排。")
