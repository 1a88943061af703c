"""Letters about premises of tutoring institutions come from the provinces."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput
from zikao.foundation.exchange import handles
from zikao.national.commands import letters


@handles("agencies.premises-letter")
def premises_letter(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """A province reports a site on premises of a tutoring institution."""
    kind, _, province = peer.partition(":")
    if kind != "province" or not isinstance(body.get("letter"), dict):
        raise BadInput("not-a-letter", message="不是省级教育考试机构报送的专函。")
    return letters.receive_letter(province=province, body=body["letter"], digest=str(body.get("digest")), by=by, at=at)
