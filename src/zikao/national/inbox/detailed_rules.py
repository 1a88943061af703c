"""Provinces file their detailed rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.exchange import handles
from zikao.national.commands import detailed_rules


@handles("programmes.detailed-rules")
def rules_filed(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """A province files its detailed rules."""
    return detailed_rules.record_rules_filing(province=peer.partition(":")[2], body=body, by=by, at=at)
