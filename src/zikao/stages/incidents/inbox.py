"""What the centre answers to reports: arrived, acknowledged, passed on to the ministry's group."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput
from zikao.foundation.exchange import handles, handles_answer
from zikao.stages.incidents import commands
from zikao.stages.incidents.commands.writing import CENTRE, MESSAGE
from zikao.stages.incidents.states import Receiver, StepAct


@handles("incidents.step")
def stepped(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre tells how far a report is."""
    if peer != CENTRE:
        raise BadInput("not-the-centre", facts={"peer": peer}, message="只接收教育部考试中心的答复。")
    try:
        step: dict[str, Any] = {
            "number": str(body["number"]),
            "serial": int(body["serial"]),
            "receiver": {"centre": Receiver.CENTRE, "ministry": Receiver.MINISTRY}[body["receiver"]],
            "act": StepAct(body["act"]),
            "happened_at": datetime.fromisoformat(body["at"]),
            "by_name": str(body["by"]),
        }
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("step-malformed", facts={"fault": repr(error)}, message="答复的数据格式有误。") from error
    return commands.record_step(**step, by=by, at=at)


@handles_answer(MESSAGE)
def not_taken(body: dict[str, Any], answer: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre could not take a report: the page says so, and that it must be told otherwise."""
    if answer["state"] != "rejected":
        return None
    return commands.record_step(
        number=str(body["incident"]["number"]),
        serial=int(body["serial"]),
        receiver=Receiver.CENTRE,
        act=StepAct.REFUSED,
        happened_at=at,
        note=str(answer.get("message", "")) or "未予接收，请电话报告。",
        by=by,
        at=at,
    )
