"""What comes from the provinces."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.exchange import handles
from zikao.national.commands import filings


@handles("programmes.timetable-filing")
def timetable_filing(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """A province files its timetable, or a correction of it."""
    return filings.record_timetable_filing(
        province=peer.partition(":")[2],
        body=body.get("timetable", {}),
        digest=str(body.get("digest")),
        correction=body.get("correction"),
        by=by,
        at=at,
    )
