"""A province reports certificates for registration."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput
from zikao.foundation.exchange import handles
from zikao.national import commands
from zikao.stages.registry.states import Registrable


@handles("registry.batch")
def batch_arrives(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """A part of a province's batch."""
    certificates = [Registrable(**row) for row in body["certificates"]]
    if len(certificates) != body["count"]:
        raise BadInput("count-differs", message="上报份数与清单不一致。", remedy="请重新整理后上报。")
    return commands.register_certificates(
        province=peer.partition(":")[2],
        batch_on=date.fromisoformat(body["batch_on"]),
        certificates=certificates,
        by=by,
        at=at,
    )
