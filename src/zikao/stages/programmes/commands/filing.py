"""The province's timetable filed with the centre, acknowledged or returned, and published."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, NotFound, WrongState
from zikao.foundation.exchange import send
from zikao.stages.programmes import policies, queries
from zikao.stages.programmes.commands.editions import first_edition
from zikao.stages.programmes.models import Timetable
from zikao.stages.programmes.states import TIMETABLE_TRANSITIONS, TimetableState

FILING = "programmes.timetable-filing"


@command(writes="programmes.timetable-filed", clauses=("EA-22.5",), posts=policies.TIMETABLE_FILERS)
def file_timetable(*, sitting_code: str, by: Actor, at: datetime) -> Outcome[Timetable]:
    """File the drafted timetable with the national centre, as a signed message.

    Source:  EA-22.5
    Writes:  programmes.timetable-filed
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    timetable = _locked(sitting_code)
    before = snapshot(timetable)
    _move(timetable, TimetableState.FILED)
    data = queries.timetable_data(timetable.sitting)
    if not data.slots:
        raise BadInput("timetable-empty", field_errors={"timetable": "考试安排里还没有课程，不能报备案。"})
    body = data.as_body()
    timetable.digest = sm3(canonical(body)).hex()
    timetable.filed_at, timetable.returned_reason = at, ""
    timetable.save()
    send(to="national", kind=FILING, body={"timetable": body, "digest": timetable.digest}, at=at)
    facts = {"sitting": sitting_code, "papers": len(data.slots), "digest": timetable.digest}
    return Outcome(timetable, before=before, facts=facts)


@command(writes="programmes.timetable-acknowledged", clauses=("EA-22.5",), posts=policies.INBOX)
def acknowledge_timetable(
    *, sitting_code: str, digest: str, filing_number: str, by: Actor, at: datetime
) -> Outcome[Timetable]:
    """Record the centre's filing number for the timetable that was filed with this digest.

    Source:  EA-22.5
    Writes:  programmes.timetable-acknowledged
    Raises:  NotPermitted, NotFound, WrongState
    """
    timetable = _locked(sitting_code)
    before = snapshot(timetable)
    _check_digest(timetable, digest)
    _move(timetable, TimetableState.ACKNOWLEDGED)
    timetable.filing_number, timetable.acknowledged_at = filing_number, at
    timetable.save()
    return Outcome(timetable, before=before, facts={"sitting": sitting_code, "number": filing_number})


@command(writes="programmes.timetable-returned", clauses=("EA-22.5", "EA-22.2"), posts=policies.INBOX)
def return_timetable(*, sitting_code: str, digest: str, reason: str, by: Actor, at: datetime) -> Outcome[Timetable]:
    """Take a filed timetable back to draft, with the centre's reason.

    Source:  EA-22.5, EA-22.2
    Writes:  programmes.timetable-returned
    Raises:  NotPermitted, NotFound, WrongState
    """
    timetable = _locked(sitting_code)
    before = snapshot(timetable)
    _check_digest(timetable, digest)
    _move(timetable, TimetableState.DRAFTED)
    timetable.returned_reason = reason[:500]
    timetable.save()
    return Outcome(timetable, before=before, facts={"sitting": sitting_code})


@command(writes="programmes.timetable-published", clauses=("EA-22.5",), posts=policies.TIMETABLE_FILERS)
def publish_timetable(*, sitting_code: str, by: Actor, at: datetime) -> Outcome[Timetable]:
    """Publish the timetable; refused before the centre has acknowledged its filing.

    Source:  EA-22.5
    Writes:  programmes.timetable-published
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    timetable = _locked(sitting_code)
    before = snapshot(timetable)
    queries.publication(timetable, at).require()
    _move(timetable, TimetableState.PUBLISHED)
    timetable.published_at = at
    timetable.save()
    first_edition(timetable, at)
    return Outcome(timetable, before=before, facts={"sitting": sitting_code, "digest": timetable.digest})


def _locked(sitting_code: str) -> Timetable:
    found = Timetable.objects.select_for_update(of=("self",)).select_related("sitting")
    timetable = found.filter(sitting__code=sitting_code).first()
    if timetable is None:
        raise NotFound("timetable-not-found", facts={"sitting": sitting_code}, message="还没有拟定考试安排。")
    return timetable


def _move(timetable: Timetable, to: TimetableState) -> None:
    check_transition(TIMETABLE_TRANSITIONS, TimetableState(timetable.state), to)
    timetable.state = to


def _check_digest(timetable: Timetable, digest: str) -> None:
    if timetable.digest != digest:
        raise WrongState(
            "filing-digest-differs", facts={"digest": digest}, message="回复所指的考试安排不是最近报备的一份。"
        )
