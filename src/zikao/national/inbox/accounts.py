"""What provinces tell of their candidates: registrations, passes, suspensions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.exchange import handles
from zikao.national import commands
from zikao.national.states import code_of


@handles("candidates.base-information")
def base_information(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """A batch of registrations or of passes."""
    here: dict[str, Any] = {"province": code_of(peer), "batch": int(body["batch"]), "on_record": int(body["on_record"])}
    if body["kind"] == "passes":
        return commands.gather_passes(**here, records=body["records"], by=by, at=at)
    persons = body["secret"]["persons"]
    return commands.gather_registrations(**here, records=body["records"], persons=persons, by=by, at=at)


@handles("candidates.suspension")
def suspension(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """A province suspended somebody."""
    return commands.take_national_suspension(
        province=code_of(peer),
        id_number=str(body["secret"]["id_number"]),
        since_on=date.fromisoformat(body["since"]),
        until_on=date.fromisoformat(body["until"]),
        reference=str(body["reference"]),
        by=by,
        at=at,
    )


@handles("candidates.suspension-lifted")
def lifting(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The province that ordered a suspension lifts it."""
    return commands.lift_national_suspension(
        province=code_of(peer),
        id_number=str(body["secret"]["id_number"]),
        reference=str(body["reference"]),
        lifted_by=str(body["lifted_by"]),
        until_on=date.fromisoformat(body["until"]),
        by=by,
        at=at,
    )
