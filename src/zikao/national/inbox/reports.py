"""The centre asks for reports, provinces answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput
from zikao.foundation.exchange import handles
from zikao.national.commands import reports


@handles("national.report-demand")
def report_demanded(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The centre asks for figures."""
    if peer != "national":
        raise BadInput("not-the-centre", facts={"peer": peer}, message="只接收教育部考试中心的上报要求。")
    return reports.take_report_demand(body=body, by=by, at=at)


@handles("national.report")
def reported(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """A province reports."""
    return reports.record_report(province=peer.partition(":")[2], body=body, by=by, at=at)
