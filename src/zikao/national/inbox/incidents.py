"""Provinces report grave incidents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.exchange import handles
from zikao.national.commands import incidents
from zikao.national.states import code_of


@handles("incidents.report")
def incident_reported(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """A report of an incident, the first one or a later one: they may come in any order."""
    return incidents.receive_incident_report(province=code_of(peer), body=body, by=by, at=at)
