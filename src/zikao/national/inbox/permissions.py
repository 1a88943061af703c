"""Provinces ask of national courses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.exchange import handles
from zikao.national.commands import permissions


@handles("programmes.permission-request")
def permission_request(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """A province asks for another time, a paper of its own, or a change to the paper."""
    return permissions.record_permission_request(province=peer.partition(":")[2], body=body, by=by, at=at)
