"""What the centre tells a province of its candidates: accounts, numbers elsewhere, suspensions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.exchange import MessageState, handles, handles_answer
from zikao.stages.candidates import commands
from zikao.stages.candidates.commands import Order


@handles("candidates.accounts")
def accounts_told(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """The accounts of a batch."""
    return commands.take_accounts(batch_id=int(body["batch"]), accounts=body["accounts"], by=by, at=at)


@handles("candidates.elsewhere")
def elsewhere_told(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """Persons registered here who are registered elsewhere, too."""
    return commands.take_elsewhere(numbers=body["numbers"], by=by, at=at)


@handles_answer("candidates.base-information")
def batch_answered(body: dict[str, Any], answer: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """A batch that the centre refuses is sent again."""
    if answer["state"] != MessageState.REJECTED or body["kind"] != "registrations":
        return None
    refs = [int(each["ref"]) for each in body["records"]]
    return commands.note_refused_batch(batch_id=int(body["batch"]), refs=refs, by=by, at=at)


@handles("candidates.national-suspension")
def suspension_told(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """A suspension that another province ordered."""
    return commands.take_suspension(id_number=body["secret"]["id_number"], order=Order.of(body), by=by, at=at)


@handles("candidates.national-lifting")
def lifting_told(body: dict[str, Any], peer: str, *, by: Actor, at: datetime) -> object:
    """A suspension that was lifted where it had been ordered."""
    return commands.take_lifting(
        id_number=body["secret"]["id_number"],
        reference=str(body["reference"]),
        lifted_by=str(body["lifted_by"]),
        by=by,
        at=at,
    )
