"""Discipline of exam staff: breaches and commendations on record; a serious breach ends the duties of the sitting."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command
from zikao.foundation.errors import BadInput, WrongState
from zikao.stages.personnel import policies, queries
from zikao.stages.personnel.models import ConductRecord, Duty, Person
from zikao.stages.personnel.states import ConductKind


@command(writes="personnel.conduct-recorded", clauses=("EA-7.2", "EA-A5.8"), posts=policies.CONDUCT_RECORDERS)
def record_conduct(
    *,
    person_id: int,
    sitting_code: str,
    kind: ConductKind,
    text: str,
    evidence: str,
    happened_on: date,
    code: str = "",
    serious: bool = False,
    evidence_file: bytes = b"",
    evidence_type: str = "",
    by: Actor,
    at: datetime,
) -> Outcome[ConductRecord]:
    """Record a breach or a commendation; a serious breach ends all duties of the sitting that are not done.

    Source:  EA-7.2, EA-A5.8
    Writes:  personnel.conduct-recorded
    Raises:  NotPermitted, NotFound, BadInput
    """
    person = access(Person.objects.select_for_update(of=("self",)), by, pk=person_id)
    policies.check_not_oneself(by, person, policies.OWN_CONDUCT)
    _check(kind, code, serious, text, evidence, happened_on, local_day(at))
    record = ConductRecord.objects.create(
        person=person,
        sitting_code=sitting_code,
        kind=kind,
        code=code,
        serious=serious,
        text=text.strip(),
        evidence=evidence.strip(),
        evidence_file=storage.put(evidence_file, media_type=evidence_type, at=at) if evidence_file else "",
        recorded_by=by.name,
        recorded_post=by.post.label,
        happened_on=happened_on,
        recorded_at=at,
        agency_code=person.agency_code,
    )
    ended = _end_duties(person, sitting_code, happened_on, at) if serious else 0
    facts = {"kind": kind, "code": code, "serious": serious, "sitting": sitting_code, "duties_ended": ended}
    return Outcome(record, on=person, facts=facts)


def _end_duties(person: Person, sitting_code: str, happened_on: date, at: datetime) -> int:
    open_duties = Duty.objects.filter(person=person, sitting_code=sitting_code, done_at__isnull=True)
    to_come = open_duties.exclude(held_on__lt=happened_on, unit_number__isnull=False)
    return to_come.update(ended_at=at, end_reason="违反工作纪律，情节严重")


def _check(
    kind: ConductKind, code: str, serious: bool, text: str, evidence: str, happened_on: date, today: date
) -> None:
    wrong = {}
    if kind == ConductKind.BREACH and code not in queries.breaches(today):
        wrong["code"] = "请选择违反了哪一项工作纪律。"
    if kind == ConductKind.COMMENDATION and (serious or code):
        wrong["serious"] = "表扬不选违纪行为，也没有情节严重之分。"
    if not text.strip():
        wrong["text"] = "请写明事实。"
    if not evidence.strip():
        wrong["evidence"] = "请写明证据。"
    if happened_on > today:
        wrong["happened_on"] = "发生日期不能晚于今天。"
    if wrong:
        raise BadInput("conduct", field_errors=wrong)


@command(writes="personnel.conduct-annulled", clauses=("EA-7.2", "EA-A5.8"), posts=policies.CONDUCT_RECORDERS)
def annul_conduct(*, record_id: int, reason: str, by: Actor, at: datetime) -> Outcome[ConductRecord]:
    """Annul a record that was wrong by a further line; duties that were ended stay ended and may be given anew.

    Source:  EA-7.2, EA-A5.8
    Writes:  personnel.conduct-annulled
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    record = access(ConductRecord.objects.select_related("person"), by, pk=record_id)
    policies.check_not_oneself(by, record.person, policies.OWN_ANNULMENT)
    if record.annuls_id is not None or ConductRecord.objects.filter(annuls=record).exists():
        raise WrongState("conduct-annulled", message="这一记录已经撤销，或者本身就是撤销。")
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明撤销的原因和依据。"})
    line = ConductRecord.objects.create(
        person=record.person,
        sitting_code=record.sitting_code,
        kind=record.kind,
        code=record.code,
        text=reason.strip(),
        evidence=f"撤销 {record.pk} 号记录",
        recorded_by=by.name,
        recorded_post=by.post.label,
        happened_on=local_day(at),
        recorded_at=at,
        annuls=record,
        agency_code=record.agency_code,
    )
    return Outcome(line, on=record.person, facts={"annuls": record.pk})
