"""The centre's timetable issued to the provinces, and corrected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.exchange import send
from zikao.foundation.exchange.models import Peer
from zikao.national import policies
from zikao.national.models import IssuedCorrection, IssuedTimetable
from zikao.national.queries import courses
from zikao.national.queries import timetables as queries
from zikao.national.states import ISSUED_CORRECTION_TRANSITIONS, IssuedCorrectionState
from zikao.stages.programmes import rules
from zikao.stages.programmes.states import TimetableData, differences


@command(writes="national.timetable-issued", clauses=("EA-22.1",), posts=policies.OFFICERS)
def issue_timetable(*, data: TimetableData, to: Sequence[str], by: Actor, at: datetime) -> Outcome[IssuedTimetable]:
    """Issue the timetable of national courses of a sitting and send it to nodes ("province:32").

    Source:  EA-22.1
    Writes:  national.timetable-issued
    Raises:  NotPermitted, BadInput, Conflict, Refused
    """
    _check(data, at)
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
    """Send an issued timetable and its corrections to nodes that joined later or could not take one.

    Who has them keeps what they have.

    Source:  EA-22.1
    Writes:  national.timetable-sent-again
    Raises:  NotPermitted, NotFound
    """
    issued = IssuedTimetable.objects.filter(sitting_code=sitting_code).first()
    if issued is None:
        raise NotFound("timetable-not-issued", message=f"没有发布过考次 {sitting_code} 的全国统考安排。")
    for node in to:
        send(to=node, kind=queries.ISSUE, body=issued.body, at=at)
        for notice in courses.notices().order_by("id"):
            send(to=node, kind=courses.NOTICE, body=courses.message_of(notice), at=at)
        for correction in queries.corrections_issued().filter(issued=issued):
            send(to=node, kind=queries.CORRECTION, body=queries.message_of(correction), at=at)
    return Outcome(issued, facts={"sitting": sitting_code, "digest": issued.digest, "to": list(to)})


@command(writes="national.correction-staged", clauses=("EA-22.1",), posts=policies.OFFICERS)
def stage_correction(
    *, sitting_code: str, data: TimetableData, reason: str, by: Actor, at: datetime
) -> Outcome[IssuedCorrection]:
    """Compare a corrected file with the issued timetable: what it changes is kept and shown, nothing is sent yet.

    Source:  EA-22.1
    Writes:  national.correction-staged
    Raises:  NotPermitted, NotFound, BadInput, Conflict (another is open), Refused
    """
    issued = _locked(sitting_code)
    if data.sitting_code != sitting_code:
        raise BadInput("other-sitting", field_errors={"timetable": f"文件是考次 {data.sitting_code} 的考试安排。"})
    if issued.corrections.filter(state=IssuedCorrectionState.STAGED).exists():
        raise Conflict("correction-open", message="已有一份更正还没有发布。", remedy="请先发布或放弃那一份。")
    _check(data, at)
    changes = _changes(sitting_code, data, reason, at)
    body = data.as_body()
    made = IssuedCorrection.objects.create(
        issued=issued,
        number=queries.corrections_issued().filter(issued=issued).count() + 1,
        reason=reason.strip(),
        body=body,
        changes=changes,
        digest=sm3(canonical(body)).hex(),
        staged_at=at,
    )
    facts = {"sitting": sitting_code, "number": made.number, "changes": len(changes), "digest": made.digest}
    return Outcome(made, facts=facts)


@command(writes="national.correction-issued", clauses=("EA-22.1",), posts=policies.OFFICERS)
def issue_correction(*, correction_id: int, digest: str, by: Actor, at: datetime) -> Outcome[IssuedCorrection]:
    """Issue a correction exactly as it was shown, to every node that the centre knows.

    Source:  EA-22.1
    Writes:  national.correction-issued
    Raises:  NotPermitted, NotFound, WrongState, Conflict (another file was shown), Refused
    """
    found = _staged(correction_id)
    before = snapshot(found)
    check_transition(ISSUED_CORRECTION_TRANSITIONS, IssuedCorrectionState(found.state), IssuedCorrectionState.ISSUED)
    if digest != found.digest:
        raise Conflict(
            "correction-changed-meanwhile", message="所示的更正不是现在这一份。", remedy="请刷新页面，重新核对。"
        )
    _changes(found.issued.sitting_code, TimetableData.of_body(found.body), found.reason, at)
    found.state, found.ended_at = IssuedCorrectionState.ISSUED, at
    found.save(update_fields=["state", "ended_at"])
    to = list(Peer.objects.exclude(code="national").order_by("code").values_list("code", flat=True))
    for node in to:
        send(to=node, kind=queries.CORRECTION, body=queries.message_of(found), at=at)
    facts = {"sitting": found.issued.sitting_code, "number": found.number, "digest": found.digest, "to": to}
    return Outcome(found, before=before, facts=facts)


@command(writes="national.correction-dropped", clauses=("EA-22.1",), posts=policies.OFFICERS)
def drop_correction(*, correction_id: int, by: Actor, at: datetime) -> Outcome[IssuedCorrection]:
    """Put a correction away that was not issued.

    Source:  EA-22.1
    Writes:  national.correction-dropped
    Raises:  NotPermitted, NotFound, WrongState
    """
    found = _staged(correction_id)
    before = snapshot(found)
    check_transition(ISSUED_CORRECTION_TRANSITIONS, IssuedCorrectionState(found.state), IssuedCorrectionState.DROPPED)
    found.state, found.ended_at = IssuedCorrectionState.DROPPED, at
    found.save(update_fields=["state", "ended_at"])
    return Outcome(found, before=before, facts={"sitting": found.issued.sitting_code, "number": found.number})


def _check(data: TimetableData, at: datetime) -> None:
    _, month = data.year_and_month
    former = courses.no_longer_national(courses.first_day(data))
    everything_national = all(slot.national and slot.course_code not in former for slot in data.slots)
    rules.NATIONAL_ISSUE(on=local_day(at), month=month, all_national=everything_national).require()
    if data.faults:
        raise BadInput("units-faulty", field_errors=data.faults, message=" ".join(data.faults.values()))


def _changes(sitting_code: str, data: TimetableData, reason: str, at: datetime) -> list[dict[str, str]]:
    """What a correction changes, after what the law says to it: before the first day, for a reason, and something."""
    standing = queries.current(sitting_code)
    assert standing is not None
    names = {slot.course_code: slot.course_name for slot in standing.slots}
    wrong = {
        f"课程 {s.course_code}": f"已发布为“{names[s.course_code]}”，与文件中的“{s.course_name}”不同。"
        for s in data.slots
        if names.get(s.course_code, s.course_name) != s.course_name
    }
    if wrong:
        raise BadInput("courses-differ", field_errors=wrong, message="课程名称与发布的不同。")
    found = differences(standing, data)
    begins_on = min(local_day(unit.starts_at) for unit in standing.units)
    rules.CORRECTION(
        on=local_day(at), reason=reason, changes=len(found.changes), begins_on=begins_on, listed=0
    ).require()
    return found.plain()


def _locked(sitting_code: str) -> IssuedTimetable:
    found = IssuedTimetable.objects.select_for_update().filter(sitting_code=sitting_code).first()
    if found is None:
        raise NotFound("timetable-not-issued", message=f"没有发布过考次 {sitting_code} 的全国统考安排。")
    return found


def _staged(correction_id: int) -> IssuedCorrection:
    rows = IssuedCorrection.objects.select_for_update(of=("self",)).select_related("issued")
    found = rows.filter(pk=correction_id).first()
    if found is None:
        raise NotFound("correction-not-found", facts={"correction": correction_id})
    return found
