"""Who holds a segment: first taken, changed by its holder, issued anew when lost or when the holder changes."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command
from zikao.stages.results import archive, policies
from zikao.stages.results.archive import NewSegment, windows


@command(writes="results.segment-set", clauses=("SR-A1.10a",), posts=policies.CUSTODIANS | policies.WITNESSES)
def set_segment(*, new: NewSegment, by: Actor, at: datetime) -> Outcome[int]:
    """Take a post's segment for the first time; the database lets nobody replace it this way later.

    Source:  SR-A1.10a
    Writes:  results.segment-set
    Raises:  NotPermitted, WrongState
    """
    number = windows.first_segment(by.post.value, by.account_id, new.salt, new.cost, new.stored_key)
    return Outcome(number, on=f"results.segment:{number}", facts={"post": by.post, "cost": new.cost})


@command(writes="results.segment-changed", clauses=("SR-A1.10a",), posts=policies.CUSTODIANS | policies.WITNESSES)
def change_segment(*, new: NewSegment, proof: bytes, by: Actor, at: datetime) -> Outcome[int]:
    """Change one's own segment: `proof` is the old one's word for the new one.

    Source:  SR-A1.10a
    Writes:  results.segment-changed
    Raises:  NotPermitted, WrongState, BadInput
    """
    archive.segment_of(by)
    number = windows.change_segment(by.post.value, new.salt, new.cost, new.stored_key, proof)
    return Outcome(number, on=f"results.segment:{number}", facts={"post": by.post, "cost": new.cost})
