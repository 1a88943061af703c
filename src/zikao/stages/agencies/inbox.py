"""What the centre answers to the letters about premises of tutoring institutions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput
from zikao.foundation.exchange import handles, handles_answer
from zikao.stages.agencies import commands
from zikao.stages.agencies.commands.letters import CENTRE, LETTER


@handles("agencies.premises-letter-answer")
def answered(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre has received the letter, or sends it back."""
    if peer != CENTRE:
        raise BadInput("not-the-centre", facts={"peer": peer}, message="只接收教育部考试中心的答复。")
    return commands.answer_premises_letter(
        number=str(body["number"]),
        digest=str(body["digest"]),
        received=bool(body["received"]),
        answer=str(body["answer"]),
        by=by,
        at=at,
    )


@handles_answer(LETTER)
def not_taken(body: dict[str, Any], answer: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre could not take the letter at all: it comes back with what the centre said."""
    if answer["state"] != "rejected":
        return None
    return commands.answer_premises_letter(
        number=str(body["letter"]["number"]),
        digest=str(body["digest"]),
        received=False,
        answer=str(answer.get("message", "")) or "教育部考试中心未予接收。",
        by=by,
        at=at,
    )
