"""The centre's timetable issued to the provinces, and their own filed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.exchange import send
from zikao.foundation.regulation import Decision, all_of
from zikao.national import policies
from zikao.national.models import IssuedTimetable, TimetableFiling
from zikao.national.queries import permissions
from zikao.national.queries import timetables as queries
from zikao.national.states import FilingState
from zikao.stages.programmes import rules
from zikao.stages.programmes.states import PermissionKind, TimetableData


@command(writes="national.timetable-issued", clauses=("EA-22.1",), posts=policies.OFFICERS)
def issue_timetable(*, data: TimetableData, to: Sequence[str], by: Actor, at: datetime) -> Outcome[IssuedTimetable]:
    """Issue the timetable of national courses of a sitting and send it to nodes ("province:32").

    Source:  EA-22.1
    Writes:  national.timetable-issued
    Raises:  NotPermitted, BadInput, Conflict, Refused
    """
    _, month = data.year_and_month
    everything_national = all(slot.national for slot in data.slots)
    rules.NATIONAL_ISSUE(on=local_day(at), month=month, all_national=everything_national).require()
    if data.faults:
        raise BadInput("units-faulty", field_errors=data.faults, message=" ".join(data.faults.values()))
    if IssuedTimetable.objects.filter(sitting_code=data.sitting_code).exists():
        raise Conflict("timetable-issued", message=f"考次 {data.sitting_code} 的全国统考安排已经发布。")
    body = data.as_body()
    digest = sm3(canonical(body)).hex()
    issued = IssuedTimetable.objects.create(sitting_code=data.sitting_code, body=body, digest=digest, issued_at=at)
    for node in to:
        send(to=node, kind=queries.ISSUE, body=body, at=at)
    facts = {"sitting": data.sitting_code, "courses": len(data.slots), "digest": digest, "to": list(to)}
    return Outcome(issued, facts=facts)


@command(writes="national.timetable-sent-again", clauses=("EA-22.1",), posts=policies.OFFICERS)
def send_timetable_again(*, sitting_code: str, to: Sequence[str], by: Actor, at: datetime) -> Outcome[IssuedTimetable]:
    """Send an issued timetable to nodes that joined later or could not take it; who has it keeps what they have.

    Source:  EA-22.1
    Writes:  national.timetable-sent-again
    Raises:  NotPermitted, NotFound
    """
    issued = IssuedTimetable.objects.filter(sitting_code=sitting_code).first()
    if issued is None:
        raise NotFound("timetable-not-issued", message=f"没有发布过考次 {sitting_code} 的全国统考安排。")
    for node in to:
        send(to=node, kind=queries.ISSUE, body=issued.body, at=at)
    return Outcome(issued, facts={"sitting": sitting_code, "digest": issued.digest, "to": list(to)})


@command(writes="national.timetable-filing-recorded", clauses=("EA-22.5", "EA-22.2"), posts=policies.INBOX)
def record_timetable_filing(
    *, province: str, body: Mapping[str, Any], digest: str, by: Actor, at: datetime
) -> Outcome[TimetableFiling]:
    """Record a province's timetable and answer: a filing number, or the reasons why it goes back.

    A filing that is there already (same province, sitting and digest) is answered again with the same number.

    Source:  EA-22.5, EA-22.2
    Writes:  national.timetable-filing-recorded
    Raises:  NotPermitted, BadInput
    """
    data = TimetableData.of_body(body)
    if sm3(canonical(data.as_body())).hex() != digest:
        raise BadInput("filing-digest-differs", message="考试安排与摘要不一致，未予接收。")
    decision = _examined(data, province, at)
    reason = " ".join(finding.message for finding in decision.refusals)
    earlier = TimetableFiling.objects.filter(
        province=province, sitting_code=data.sitting_code, state=FilingState.ACKNOWLEDGED
    ).first()
    if earlier is not None and earlier.digest != digest:
        reason = f"考次 {data.sitting_code} 的考试安排已备案（{earlier.number}）。"
        earlier = None
    filing = earlier or TimetableFiling.objects.create(
        province=province,
        sitting_code=data.sitting_code,
        body=dict(body),
        digest=digest,
        state=FilingState.RETURNED if reason else FilingState.ACKNOWLEDGED,
        number="" if reason else f"备{data.sitting_code.replace('-', '')}{province}",
        reason=reason[:500],
        filed_at=at,
    )
    answer = {"sitting": data.sitting_code, "digest": digest}
    kind, said = (
        ("returned", {"reason": filing.reason}) if filing.reason else ("acknowledged", {"number": filing.number})
    )
    send(to=f"province:{province}", kind=f"programmes.timetable-{kind}", body={**answer, **said}, at=at)
    facts = {"province": province, "sitting": data.sitting_code, "state": filing.state, "digest": digest}
    return Outcome(filing, facts=facts)


def _examined(data: TimetableData, province: str, at: datetime) -> Decision:
    """The filed rows held against the centre's own timetable and what it approved for this province."""
    _, month = data.year_and_month
    day = local_day(at)
    issued = IssuedTimetable.objects.filter(sitting_code=data.sitting_code).first()
    own = TimetableData.of_body(issued.body) if issued else None
    units = {slot.course_code: slot.unit_number for slot in own.slots} if own else {}
    times = {unit.number: unit.in_words for unit in own.units} if own else {}
    ours = queries.national_courses()
    elsewhere = permissions.approved(province, data.sitting_code, PermissionKind.SCHEDULE)
    set_there = permissions.approved(province, data.sitting_code, PermissionKind.SET_PAPER)
    with_ours = {slot.unit_number for slot in data.slots if slot.course_code in units}
    decisions = [
        rules.NATIONAL_UNIT(on=day, unit=unit.number, times=unit.in_words, issued=times.get(unit.number))
        for unit in data.units
        if unit.number in with_ours
    ]
    for slot in data.slots:
        code = slot.course_code
        is_ours = slot.national or code in ours
        decisions.append(
            rules.SLOT(
                on=day,
                course=code,
                national=is_ours,
                month=month,
                unit=slot.unit_number,
                issued_unit=units.get(code),
                approved_unit=elsewhere.get(code),
            )
        )
        claimed = is_ours and not slot.national
        decisions.append(
            rules.NATIONAL_PAPER(on=day, course=code, national=claimed, act="set", permitted=code in set_there)
        )
    return all_of(*decisions)
