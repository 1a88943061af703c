"""The centre's timetable taken over, and its corrections, each in its turn however they come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, ZikaoError
from zikao.stages.programmes import policies, queries, rules
from zikao.stages.programmes.commands.editions import Corrected, Origin, correct, digest_of, with_all_units
from zikao.stages.programmes.commands.rows import check_whole, courses_of, papers_of_rows
from zikao.stages.programmes.commands.sittings import make_sitting, put_units
from zikao.stages.programmes.models import Course, NationalEdition, Paper, PaperMajor, Sitting, Timetable
from zikao.stages.programmes.states import EditionKind, NationalState, TimetableData, TimetableState, UnitData

CLAUSES = ("EA-22.1", "EA-22.2")
CLEARED = "全国统考安排的考试时间与原草稿不同，原草稿已清空，请按全国统考安排重新拟定。"
CORRECTED = "全国统考安排第 {number} 号更正已收到，草稿中的全国统考课程已照改，请核对。"


@command(writes="programmes.national-timetable-taken-over", clauses=CLAUSES, posts=policies.TIMETABLE_TAKERS)
def take_over_timetable(*, body: Mapping[str, Any], by: Actor, at: datetime) -> Outcome[Timetable]:
    """Take the centre's timetable of national courses over: its sitting, units and papers, before the province drafts.

    Corrections that came before it take effect with it.

    Source:  EA-22.1, EA-22.2
    Writes:  programmes.national-timetable-taken-over
    Raises:  NotPermitted, BadInput, Conflict, Refused
    """
    data = TimetableData.of_body(body)
    year, month = data.year_and_month
    _check_national(data, month, at)
    sitting = Sitting.objects.select_for_update().filter(year=year, month=month).first()
    sitting = sitting or make_sitting(year, month, at)
    timetable, _ = Timetable.objects.get_or_create(sitting=sitting, defaults={"drafted_at": at})
    if timetable.national_digest or timetable.state != TimetableState.DRAFTED:
        raise Conflict("timetable-taken-over", message="这一考次的全国统考安排已经接收。")
    cleared = _put_anew(sitting, data)
    digest = digest_of(data)
    timetable.national_digest, timetable.drafted_at = digest, at
    timetable.returned_reason = CLEARED if cleared else ""
    timetable.save(update_fields=["national_digest", "drafted_at", "returned_reason"])
    NationalEdition.objects.create(
        sitting_code=sitting.code, number=0, body=data.as_body(), digest=digest, state=NationalState.TAKEN,
        received_at=at, taken_at=at,
    )  # fmt: skip
    taken = _take_what_waits(timetable, at)
    return Outcome(
        timetable,
        facts={
            "sitting": sitting.code,
            "papers": len(data.slots),
            "digest": digest,
            "cleared": cleared,
            "later": taken,
        },
    )


@command(writes="programmes.national-correction-taken", clauses=CLAUSES, posts=policies.TIMETABLE_TAKERS)
def take_national_correction(
    *, number: int, body: Mapping[str, Any], reason: str, by: Actor, at: datetime
) -> Outcome[NationalEdition]:
    """Take a correction of the centre's timetable: in force at once, or kept until its turn where others come first.

    Entries move with their courses; those of a course that is no longer held are withdrawn and paid back.

    Source:  EA-22.1, EA-22.2
    Writes:  programmes.national-correction-taken
    Raises:  NotPermitted, BadInput, Conflict, Refused (list frozen, sitting begun)
    """
    data = TimetableData.of_body(body)
    _check_national(data, data.year_and_month[1], at)
    timetable = Timetable.objects.select_for_update(of=("self",)).select_related("sitting")
    ours = timetable.filter(sitting__code=data.sitting_code).exclude(national_digest="").first()
    edition = _kept(number, data, reason, at)
    before = snapshot(edition)
    done, later = Corrected(), []
    if ours is not None and number == _last_taken(data.sitting_code) + 1:
        done = _take(ours, edition, at)
        later = _take_what_waits(ours, at)
    return Outcome(
        edition,
        before=before,
        facts={
            "sitting": data.sitting_code,
            "number": number,
            "digest": edition.digest,
            "state": edition.state,
            "changes": done.changes,
            "retimed": done.entries.retimed,
            "clashing": done.entries.clashing,
            "withdrawn": done.entries.withdrawn,
            "refund_fen": done.entries.refund_fen,
            "later": later,
        },
    )


def _kept(number: int, data: TimetableData, reason: str, at: datetime) -> NationalEdition:
    if number < 1 or not reason.strip():
        raise BadInput("correction-malformed", message="更正没有编号或没有说明原因。")
    digest = digest_of(data)
    edition, _ = NationalEdition.objects.select_for_update().get_or_create(
        sitting_code=data.sitting_code,
        number=number,
        defaults={"body": data.as_body(), "digest": digest, "reason": reason[:500], "received_at": at},
    )
    if edition.digest != digest or edition.state == NationalState.TAKEN:
        raise Conflict("correction-taken-over", message=f"第 {number} 号更正已经接收。")
    return edition


def _last_taken(sitting_code: str) -> int:
    taken = NationalEdition.objects.filter(sitting_code=sitting_code, state=NationalState.TAKEN)
    return taken.order_by("-number").values_list("number", flat=True).first() or 0


def _take_what_waits(timetable: Timetable, at: datetime) -> list[int]:
    """Take the corrections whose turn has come; one that the law refuses stays, with why, as do later ones."""
    done: list[int] = []
    code = timetable.sitting.code
    while True:
        rows = NationalEdition.objects.select_for_update()
        edition = rows.filter(sitting_code=code, number=_last_taken(code) + 1).first()
        if edition is None:
            return done
        try:
            with transaction.atomic():
                _take(timetable, edition, at)
        except ZikaoError as refusal:
            edition.state, edition.taken_at, edition.trouble = NationalState.WAITING, None, str(refusal.message)[:500]
            edition.save(update_fields=["state", "taken_at", "trouble"])
            return done
        done.append(edition.number)


def _take(timetable: Timetable, edition: NationalEdition, at: datetime) -> Corrected:
    """Put a correction into force: the centre's rows first, and the province's that follow them."""
    data = TimetableData.of_body(edition.body)
    sitting = timetable.sitting
    whole = with_national(queries.timetable_data(sitting), data, *_places(sitting))
    origin = Origin(EditionKind.NATIONAL, f"全国统考安排第{edition.number}号更正", edition.reason)
    done = Corrected()
    is_draft = timetable.state == TimetableState.DRAFTED
    if not _overlaps(sitting, data):
        done = correct(timetable, whole, origin, at)
        _put_issued(sitting, data)
    elif is_draft:
        _put_anew(sitting, data)
    else:
        raise Conflict(
            "own-units-overlap",
            message="更正后的全国统考单元与本省增设的单元时间重叠，没有生效。",
            remedy="请先更正本省增设的单元，再请教育部考试中心补发这份更正。",
            clause="EA-22.1",
        )
    edition.state, edition.taken_at, edition.trouble = NationalState.TAKEN, at, ""
    edition.save(update_fields=["state", "taken_at", "trouble"])
    timetable.national_digest = edition.digest
    timetable.returned_reason = CORRECTED.format(number=edition.number) if is_draft else timetable.returned_reason
    timetable.save(update_fields=["national_digest", "returned_reason"])
    return done


def with_national(
    whole: TimetableData, national: TimetableData, issued: Collection[str], approved: Mapping[str, int]
) -> TimetableData:
    """The province's timetable with the centre's new rows; what the centre approved for another unit stays there."""
    units = {slot.course_code: slot.unit_number for slot in national.slots}
    slots = []
    for slot in whole.slots:
        code = slot.course_code
        if approved.get(code) == slot.unit_number or (code not in units and code not in issued):
            slots.append(slot)
        elif code in units:
            slots.append(replace(slot, unit_number=units[code]))
    times = {unit.number: unit for unit in (*whole.units, *national.units)}
    return TimetableData(whole.sitting_code, tuple(times.values()), tuple(slots))


def _places(sitting: Sitting) -> tuple[frozenset[str], dict[str, int]]:
    """The courses that the centre issued so far, and the units that it approved for some of them."""
    rows = sitting.papers.filter(issued_unit__isnull=False)
    return frozenset(rows.values_list("course__code", flat=True)), queries.approved_units(sitting.code)


def _overlaps(sitting: Sitting, data: TimetableData) -> bool:
    return bool(with_all_units(sitting, data).faults)


def _check_national(data: TimetableData, month: int, at: datetime) -> None:
    only = all(slot.national for slot in data.slots)
    rules.NATIONAL_ISSUE(on=local_day(at), month=month, all_national=only).require()
    check_whole(data)


def _put_issued(sitting: Sitting, data: TimetableData) -> None:
    """Say of the centre's courses where it has them now, and put those there that no major offers."""
    courses = courses_of(data.slots)
    Course.objects.filter(code__in=courses, kinds__isnull=True).update(national=True)
    papers, approved = papers_of_rows(sitting, data.slots, courses), queries.approved_units(sitting.code)
    units = {unit.number: unit for unit in sitting.units.all()}
    wanted = {slot.course_code: slot.unit_number for slot in data.slots}
    for code, paper in papers.items():
        if code in wanted and approved.get(code) != paper.unit.number:
            paper.unit = units[wanted[code]]
        paper.issued_unit, paper.national = wanted.get(code), paper.national or code in wanted
    Paper.objects.bulk_update(papers.values(), ["unit", "issued_unit", "national"])


def _put_anew(sitting: Sitting, data: TimetableData) -> int:
    """Write the centre's rows into a draft that gives way where it must; the number of rows that were cleared."""
    cleared = _give_way(sitting, data)
    put_units(sitting, data.units)
    courses = courses_of(data.slots)
    Course.objects.filter(code__in=courses, kinds__isnull=True).update(national=True)
    papers = papers_of_rows(sitting, data.slots, courses)
    units = {unit.number: unit for unit in sitting.units.all()}
    for slot in data.slots:
        paper = papers[slot.course_code]
        paper.unit, paper.issued_unit, paper.national = units[slot.unit_number], slot.unit_number, True
    Paper.objects.bulk_update(papers.values(), ["unit", "issued_unit", "national"])
    return cleared


def _give_way(sitting: Sitting, data: TimetableData) -> int:
    """Clear a draft whose units are at other times than the centre's; the number of rows that were in it."""
    own = {unit.number: unit for unit in sitting.units.all()}
    kept = tuple(UnitData(n, u.starts_at, u.ends_at) for n, u in own.items() if n not in {x.number for x in data.units})
    moved = any((own[u.number].starts_at, own[u.number].ends_at) != (u.starts_at, u.ends_at)
                for u in data.units if u.number in own)  # fmt: skip
    if not moved and not replace(data, units=(*data.units, *kept)).faults:
        return 0
    rows = sitting.papers.count()
    PaperMajor.objects.filter(paper__sitting=sitting).delete()
    sitting.papers.all().delete()
    sitting.units.all().delete()
    return rows
