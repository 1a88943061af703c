"""Which incidents go up at once and to whom, what is late, when one may be closed (EA-5.2, EA-30.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

RECEIVERS = Rule[list[str]]("incidents.receivers", title="突发事件须报告到哪里")
REPORTED_AT_ONCE = Rule("incidents.reported-at-once", title="发现后立即报告")
ACKNOWLEDGED_AT_ONCE = Rule("incidents.acknowledged-at-once", title="收到报告后立即签收")
CLOSING = Rule("incidents.closing", title="终报并经各级签收后办结")


@RECEIVERS.version(("EA-30.2", "EA-5.2"), since=IN_FORCE)
def _(*, kind: str, major: bool, on: date) -> list[str]:
    """A grave kind, or what is major whatever its kind: beyond the province to the centre and the ministry's group."""
    own = ["province", "group"]
    return [*own, "centre", "ministry"] if major or kind in parameter("incident-kinds-grave").on(on) else own


@REPORTED_AT_ONCE.version("EA-30.2", since=IN_FORCE)
def _(*, minutes: int, on: date, province: str | None) -> Decision:
    limit = int(parameter("incident-report-minutes").on(on, province=province))
    return decide("EA-30.2", minutes <= limit, "incident-reported-late", minutes=minutes, limit=limit)


@ACKNOWLEDGED_AT_ONCE.version("EA-30.2", since=IN_FORCE)
def _(*, minutes: int, on: date, province: str | None) -> Decision:
    limit = int(parameter("incident-acknowledge-minutes").on(on, province=province))
    return decide("EA-30.2", minutes <= limit, "incident-acknowledged-late", minutes=minutes, limit=limit)


@CLOSING.version(("EA-5.2", "EA-30.2"), since=IN_FORCE)
def _(*, final: bool, waiting: Sequence[str]) -> Decision:
    """`waiting`: the receivers, in words, who have not acknowledged a report."""
    return all_of(
        decide("EA-5.2", final, "incident-without-final-report"),
        decide("EA-30.2", not waiting, "incident-not-acknowledged", waiting="、".join(waiting)),
    )
