"""The province corrects its own published timetable: compared, filed with the centre, and only then in force."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, NotFound, WrongState
from zikao.foundation.exchange import send
from zikao.foundation.regulation import all_of
from zikao.stages.programmes import policies, queries, rules
from zikao.stages.programmes.commands.editions import Origin, correct, digest_of, may_correct, with_all_units
from zikao.stages.programmes.commands.filing import FILING
from zikao.stages.programmes.commands.rows import check_courses, check_slots, check_whole, majors_of
from zikao.stages.programmes.commands.sittings import locked_sitting
from zikao.stages.programmes.models import Course, Sitting, Timetable, TimetableCorrection
from zikao.stages.programmes.states import (
    CORRECTION_TRANSITIONS,
    CorrectionState,
    Differences,
    EditionKind,
    TimetableData,
    TimetableState,
    differences,
)

CLAUSES = ("EA-22.5", "EA-22.2")
OPEN = (CorrectionState.STAGED, CorrectionState.FILED, CorrectionState.ACKNOWLEDGED)


@command(writes="programmes.correction-staged", clauses=CLAUSES, posts=policies.TIMETABLE_DRAFTERS)
def stage_correction(
    *, sitting_code: str, data: TimetableData, reason: str, by: Actor, at: datetime
) -> Outcome[TimetableCorrection]:
    """Compare a corrected file with the published timetable: what it changes is kept and shown, nothing is done yet.

    Source:  EA-22.5, EA-22.2
    Writes:  programmes.correction-staged
    Raises:  NotPermitted, NotFound, BadInput, WrongState, Conflict (another is open), Refused
    """
    sitting = locked_sitting(sitting_code)
    _check_published(sitting)
    if data.sitting_code != sitting_code:
        raise BadInput("other-sitting", field_errors={"timetable": f"文件是考次 {data.sitting_code} 的考试安排。"})
    if sitting.corrections.filter(state__in=OPEN).exists():
        raise Conflict(
            "correction-open",
            message="这一考次已有没有办完的更正。",
            remedy="请先办完或放弃那一份；都要改的，合在一份文件里。",
            clause="EA-22.5",
        )
    offered = queries.offered_only(data)
    found = _examined(sitting, offered, reason, at)
    made = TimetableCorrection.objects.create(
        sitting=sitting,
        reason=reason.strip(),
        body=offered.as_body(),
        changes=found.plain(),
        base=digest_of(queries.timetable_data(sitting)),
        digest=digest_of(offered),
        staged_at=at,
    )
    facts = {"sitting": sitting_code, "changes": len(found.changes), "digest": made.digest}
    return Outcome(made, facts=facts)


@command(writes="programmes.correction-filed", clauses=CLAUSES, posts=policies.TIMETABLE_FILERS)
def file_correction(*, correction_id: int, by: Actor, at: datetime) -> Outcome[TimetableCorrection]:
    """File a correction with the national centre, as the timetable was.

    Source:  EA-22.5, EA-22.2
    Writes:  programmes.correction-filed
    Raises:  NotPermitted, NotFound, WrongState, Conflict (timetable changed since), Refused
    """
    found = _locked(correction_id)
    before = snapshot(found)
    _move(found, CorrectionState.FILED)
    data = _still_good(found, at)
    found.filed_at = at
    found.save(update_fields=["state", "filed_at"])
    body = {
        "timetable": data.as_body(),
        "digest": found.digest,
        "correction": {"reference": found.pk, "reason": found.reason, "changes": found.changes},
    }
    send(to="national", kind=FILING, body=body, at=at)
    return Outcome(found, before=before, facts={"sitting": found.sitting.code, "digest": found.digest})


@command(writes="programmes.correction-answered", clauses=CLAUSES, posts=policies.INBOX)
def record_correction_answer(
    *, reference: int, digest: str, number: str, reason: str, by: Actor, at: datetime
) -> Outcome[TimetableCorrection]:
    """Keep the centre's answer: a filing number, or without one the reasons for which it goes back.

    Source:  EA-22.5, EA-22.2
    Writes:  programmes.correction-answered
    Raises:  NotPermitted, NotFound, WrongState
    """
    found = _locked(reference)
    before = snapshot(found)
    if found.digest != digest:
        raise WrongState("filing-digest-differs", message="回复所指的更正不是报备的一份。")
    _move(found, CorrectionState.ACKNOWLEDGED if number else CorrectionState.RETURNED)
    found.filing_number, found.answer, found.answered_at = number[:30], reason[:500], at
    found.ended_at = None if number else at
    found.save(update_fields=["state", "filing_number", "answer", "answered_at", "ended_at"])
    return Outcome(found, before=before, facts={"sitting": found.sitting.code, "state": found.state, "number": number})


@command(writes="programmes.correction-published", clauses=CLAUSES, posts=policies.TIMETABLE_FILERS)
def publish_correction(*, correction_id: int, by: Actor, at: datetime) -> Outcome[TimetableCorrection]:
    """Publish a correction that the centre has filed: it is in force, entries follow, and the earlier edition stays.

    Entries of a course that moves stay and are told; those of a course that is dropped are withdrawn and paid back.

    Source:  EA-22.5, EA-22.2, EA-16
    Writes:  programmes.correction-published
    Raises:  NotPermitted, NotFound, WrongState, Conflict, Refused (not filed, list frozen, sitting begun)
    """
    found = _locked(correction_id)
    before = snapshot(found)
    rules.PUBLICATION(on=local_day(at), acknowledged=bool(found.filing_number)).require()
    _move(found, CorrectionState.PUBLISHED)
    data = _still_good(found, at)
    origin = Origin(EditionKind.OWN, found.filing_number, found.reason)
    done = correct(_check_published(found.sitting), data, origin, at)
    found.ended_at = at
    found.save(update_fields=["state", "ended_at"])
    return Outcome(
        found,
        before=before,
        facts={
            "sitting": found.sitting.code,
            "digest": found.digest,
            "changes": done.changes,
            "retimed": done.entries.retimed,
            "clashing": done.entries.clashing,
            "withdrawn": done.entries.withdrawn,
            "refund_fen": done.entries.refund_fen,
        },
    )


@command(writes="programmes.correction-dropped", clauses=CLAUSES, posts=policies.TIMETABLE_DRAFTERS)
def drop_correction(*, correction_id: int, by: Actor, at: datetime) -> Outcome[TimetableCorrection]:
    """Put a correction away that is not in force.

    Source:  EA-22.5, EA-22.2
    Writes:  programmes.correction-dropped
    Raises:  NotPermitted, NotFound, WrongState
    """
    found = _locked(correction_id)
    before = snapshot(found)
    _move(found, CorrectionState.DROPPED)
    found.ended_at = at
    found.save(update_fields=["state", "ended_at"])
    return Outcome(found, before=before, facts={"sitting": found.sitting.code})


def _examined(sitting: Sitting, data: TimetableData, reason: str, at: datetime) -> Differences:
    """The differences, after everything the law says to them."""
    check_whole(with_all_units(sitting, data))
    check_courses(sitting, data.slots)
    majors_of(data.slots)
    known = Course.objects.in_bulk([slot.course_code for slot in data.slots], field_name="code")
    new = {s.course_code: Course(code=s.course_code, national=s.national) for s in data.slots}
    check_slots(sitting, data.slots, new | known, at)
    issued = sitting.units.filter(papers__issued_unit__isnull=False).distinct()
    times = {unit.number: unit.in_words for unit in queries.units_as_data(issued)}
    all_of(
        *(
            rules.NATIONAL_UNIT(on=local_day(at), unit=unit.number, times=unit.in_words, issued=times.get(unit.number))
            for unit in data.units
        )
    ).require()
    found = differences(queries.timetable_data(sitting), data)
    may_correct(sitting, found, reason, at, is_public=True, is_own=True).require()
    return found


def _still_good(found: TimetableCorrection, at: datetime) -> TimetableData:
    """The corrected timetable, held against the law of now; Conflict where the published one is another by now."""
    if digest_of(queries.timetable_data(found.sitting)) != found.base:
        raise Conflict(
            "timetable-changed-meanwhile",
            message="预演之后，已公布的考试安排又有变动（例如全国统考安排有更正），这份更正不再适用。",
            remedy="请放弃这份更正，下载现行的安排，改好后重新上传。",
            clause="EA-22.5",
        )
    data = TimetableData.of_body(found.body)
    _examined(found.sitting, data, found.reason, at)
    return data


def _check_published(sitting: Sitting) -> Timetable:
    timetable = Timetable.objects.select_related("sitting").filter(sitting=sitting).first()
    if timetable is None or timetable.state != TimetableState.PUBLISHED:
        raise WrongState(
            "timetable-not-published",
            message="考试安排还没有公布，不用更正。",
            remedy="草稿请直接重新拟定；已报备案的请等待答复。",
            clause="EA-22.5",
        )
    return timetable


def _locked(correction_id: int) -> TimetableCorrection:
    rows = TimetableCorrection.objects.select_for_update(of=("self",)).select_related("sitting")
    found = rows.filter(pk=correction_id).first()
    if found is None:
        raise NotFound("correction-not-found", facts={"correction": correction_id})
    locked_sitting(found.sitting.code)
    return found


def _move(found: TimetableCorrection, to: CorrectionState) -> None:
    check_transition(CORRECTION_TRANSITIONS, CorrectionState(found.state), to)
    found.state = to
