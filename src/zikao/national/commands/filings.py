"""The provinces' timetables and their corrections as filed (备案): examined, and answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput
from zikao.foundation.exchange import send
from zikao.foundation.regulation import Decision, all_of
from zikao.national import policies
from zikao.national.models import TimetableFiling
from zikao.national.queries import courses, permissions
from zikao.national.queries import timetables as queries
from zikao.national.states import FilingState
from zikao.stages.programmes import rules
from zikao.stages.programmes.states import PermissionKind, TimetableData


@command(writes="national.timetable-filing-recorded", clauses=("EA-22.5", "EA-22.2"), posts=policies.INBOX)
def record_timetable_filing(
    *,
    province: str,
    body: Mapping[str, Any],
    digest: str,
    correction: Mapping[str, Any] | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[TimetableFiling]:
    """Record a province's timetable, or a correction of it, and answer: a filing number, or why it goes back.

    A filing that is there already (same province, sitting and digest) is answered again with the same number.

    Source:  EA-22.5, EA-22.2
    Writes:  national.timetable-filing-recorded
    Raises:  NotPermitted, BadInput
    """
    data = TimetableData.of_body(body)
    if sm3(canonical(data.as_body())).hex() != digest:
        raise BadInput("filing-digest-differs", message="考试安排与摘要不一致，未予接收。")
    said = correction or {}
    reference = int(said.get("reference", 0))
    filed = TimetableFiling.objects.filter(
        province=province, sitting_code=data.sitting_code, state=FilingState.ACKNOWLEDGED
    )
    same = filed.filter(correction=reference).first()
    if same is None or same.digest != digest:
        reason = _why_not(data, province, filed, same, reference, at)
        number = "" if reason else _number(data, province, filed.count() if reference else 0)
        kept = _kept(data, province, said, at)
        kept.digest, kept.number, kept.reason = digest, number, reason[:500]
        kept.state = FilingState.RETURNED if reason else FilingState.ACKNOWLEDGED
        kept.save()
        same = kept
    _answer(same, at)
    facts = {"province": province, "sitting": data.sitting_code, "state": same.state, "digest": digest}
    return Outcome(same, facts=facts)


def _kept(data: TimetableData, province: str, said: Mapping[str, Any], at: datetime) -> TimetableFiling:
    """The filing as it came; its answer is written to it next."""
    return TimetableFiling(
        province=province,
        sitting_code=data.sitting_code,
        body=data.as_body(),
        correction=int(said.get("reference", 0)),
        corrected_for=str(said.get("reason", ""))[:500],
        changes=list(said.get("changes", [])),
        filed_at=at,
    )


def _why_not(
    data: TimetableData,
    province: str,
    filed: QuerySet[TimetableFiling],
    same: TimetableFiling | None,
    reference: int,
    at: datetime,
) -> str:
    """The reasons for which a filing goes back; nothing where it is in order."""
    if same is not None:
        return f"考次 {data.sitting_code} 的考试安排已备案（{same.number}）。"
    if reference and not filed.filter(correction=0).exists():
        return f"考次 {data.sitting_code} 的考试安排还没有备案，不能更正。"
    return " ".join(finding.message for finding in _examined(data, province, at).refusals)


def _number(data: TimetableData, province: str, earlier: int) -> str:
    number = f"备{data.sitting_code.replace('-', '')}{province}"
    return f"{number}-{earlier}" if earlier else number


def _answer(filing: TimetableFiling, at: datetime) -> None:
    told: dict[str, Any] = {"sitting": filing.sitting_code, "digest": filing.digest}
    if filing.correction:
        told["correction"] = filing.correction
    kind, said = "acknowledged", {"number": filing.number}
    if filing.reason:
        kind, said = "returned", {"reason": filing.reason}
    send(to=f"province:{filing.province}", kind=f"programmes.timetable-{kind}", body={**told, **said}, at=at)


def _examined(data: TimetableData, province: str, at: datetime) -> Decision:
    """The filed rows held against the centre's own timetable and what it approved for this province."""
    _, month = data.year_and_month
    day = local_day(at)
    own = queries.current(data.sitting_code)
    units = {slot.course_code: slot.unit_number for slot in own.slots} if own else {}
    times = {unit.number: unit.in_words for unit in own.units} if own else {}
    ours = courses.national_courses(courses.first_day(data))
    former = courses.no_longer_national(courses.first_day(data))
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
        is_ours = code in ours or (slot.national and code not in former)
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
