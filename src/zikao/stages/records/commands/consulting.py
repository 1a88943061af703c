"""Consultations: asked for, approved by the head in charge, held at the set place, every look written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import Approval, propose, require_approved, when_approved, when_refused
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, scoped, snapshot
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, NotFound, NotPermitted, WrongState
from zikao.foundation.regulation import all_of, parameter
from zikao.stages.agencies.models import Agency
from zikao.stages.records import policies, rules
from zikao.stages.records.models import Consultation, ConsultationView, Record
from zikao.stages.records.states import CONSULTATION_TRANSITIONS, ConsultationState, Part

CHAIN = "record-consultation"
LETTERS = {b"%PDF": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


@dataclass(frozen=True)
class Wanted:
    """What is to be consulted. `reader_name` empty: the asking member of staff; else a visitor with a letter."""

    admission_number: str
    purpose: str
    parts: tuple[str, ...]
    place: str
    opens_at: datetime
    closes_at: datetime
    reader_name: str = ""
    reader_unit: str = ""
    letter: bytes = b""

    @property
    def for_visitor(self) -> bool:
        """Whether a person without an account is to read."""
        return bool(self.reader_name.strip())


@command(writes="records.consultation-requested", clauses=("SR-10.4", "SR-A1.12"), posts=policies.CONSULTERS)
def request_consultation(*, wanted: Wanted, by: Actor, at: datetime, key: str | None = None) -> Outcome[Consultation]:
    """Ask to consult parts of one record, for oneself or for a visitor; nothing is shown before the head agreed.

    Source:  SR-10.4, SR-A1.12
    Writes:  records.consultation-requested
    Raises:  NotPermitted, NotFound, BadInput, Refused
    """
    if by.account_id is None:
        raise NotPermitted("consultation-without-account", message="查阅须由登录的工作人员提出或登记。")
    if wanted.for_visitor and by.post not in policies.ATTENDANTS:
        message = "外单位人员的查阅申请由考籍管理人员登记。"
        raise NotPermitted("visitor-by-record-staff", message=message, remedy="请到考籍管理部门登记。")
    _check(wanted, at)
    record = scoped(Record.objects.all(), by).filter(candidate__admission_number=wanted.admission_number).first()
    if record is None:
        raise NotFound("record-not-found", message="没有这个准考证号的考籍档案。", remedy="请核对准考证号。")
    consultation = _consultation(wanted, record, by, at)
    approval = _propose(consultation, by, at)
    consultation.approval_id = approval.pk
    consultation.save(force_insert=True)
    facts = {"record": record.pk, "parts": consultation.parts, "approval": approval.pk,
             "visitor": wanted.for_visitor, "purpose": consultation.purpose}  # fmt: skip
    return Outcome(consultation, facts=facts)


def _check(wanted: Wanted, at: datetime) -> None:
    day = local_day(at)
    shortest = int(parameter("consultation-purpose-length").on(day))
    wrong: dict[str, str] = {}
    if len(wanted.purpose.strip()) < shortest:
        wrong["purpose"] = f"请写明事由（不少于 {shortest} 个字）：办什么事、为什么要看档案。"
    if not wanted.parts or set(wanted.parts) - set(Part.values):
        wrong["parts"] = "请选择查阅内容。"
    if not wanted.place.strip():
        wrong["place"] = "请写明指定地点。"
    if wanted.for_visitor and not wanted.reader_unit.strip():
        wrong["reader_unit"] = "请填写查阅人单位。"
    if wanted.letter and not wanted.letter.startswith(tuple(LETTERS)):
        wrong["letter"] = "介绍信须是 PDF、JPEG 或 PNG 文件。"
    if wrong:
        raise BadInput("consultation-request", field_errors=wrong, message="；".join(wrong.values()))
    all_of(
        rules.CONSULTATION_TIME(on=day, at=at, opens_at=wanted.opens_at, closes_at=wanted.closes_at),
        rules.CONSULTATION_LETTER(on=day, visitor=wanted.for_visitor, letter=bool(wanted.letter)),
    ).require()


def _consultation(wanted: Wanted, record: Record, by: Actor, at: datetime) -> Consultation:
    kind = next((kind for head, kind in LETTERS.items() if wanted.letter.startswith(head)), "")
    own_unit = Agency.objects.filter(code=by.agency_code).values_list("name", flat=True).first() or by.agency_code
    return Consultation(
        pk=_next_id(), record=record, agency_code=record.agency_code, purpose=wanted.purpose.strip(),
        reader_name=wanted.reader_name.strip() or by.name,
        reader_unit=wanted.reader_unit.strip() if wanted.for_visitor else f"{own_unit}（{by.post.label}）"[:100],
        reader_account_id=None if wanted.for_visitor else by.account_id,
        letter=storage.put(wanted.letter, media_type=kind, at=at) if wanted.letter else "",
        parts=[part for part in Part.values if part in wanted.parts], place=wanted.place.strip(),
        opens_at=wanted.opens_at, closes_at=wanted.closes_at, state=ConsultationState.REQUESTED,
        requested_by=by.account_id or 0, requested_at=at,
    )  # fmt: skip


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('records_consultation', 'id'))")
        return int(cursor.fetchone()[0])


def _digest(consultation: Consultation) -> bytes:
    said: Mapping[str, Any] = {
        "consultation": consultation.pk,
        "record": consultation.record_id,
        "reader": [consultation.reader_name, consultation.reader_unit, consultation.reader_account_id],
        "letter": consultation.letter,
        "purpose": consultation.purpose,
        "parts": list(consultation.parts),
        "place": consultation.place,
        "from": int(consultation.opens_at.timestamp()),
        "to": int(consultation.closes_at.timestamp()),
    }
    return sm3(canonical(said))


def _propose(consultation: Consultation, by: Actor, at: datetime) -> Approval:
    parts = "、".join(Part(part).label for part in consultation.parts)
    return propose(
        chain=CHAIN,
        subject=f"records.consultation:{consultation.pk}",
        digest=_digest(consultation),
        title=f"{consultation.reader_unit} {consultation.reader_name} 查阅考籍档案一份",
        reason=consultation.purpose,
        evidence=[consultation.letter] if consultation.letter else [],
        shown={"查阅内容": parts, "指定地点": consultation.place},
        agency_code=consultation.agency_code,
        by=by,
        at=at,
    )


@command(writes="records.consultation-begun", clauses=("SR-10.4",), posts=policies.ATTENDANTS)
def begin_consultation(
    *, consultation_id: int, identity_checked: bool, at_the_place: bool, by: Actor, at: datetime
) -> Outcome[Consultation]:
    """Receive the reader at the set place: identity checked face to face, by another than the reader.

    Source:  SR-10.4
    Writes:  records.consultation-begun
    Raises:  NotPermitted, NotFound, BadInput, WrongState, Refused
    """
    consultation = access(Consultation.objects.select_for_update(), by, pk=consultation_id)
    check_transition(CONSULTATION_TRANSITIONS, ConsultationState(consultation.state), ConsultationState.READING)
    if consultation.reader_account_id == by.account_id:
        message = "接待人不能是查阅人本人。"
        raise NotPermitted("attended-by-reader", message=message, remedy="请由另一名考籍管理人员接待。")
    if not (identity_checked and at_the_place):
        raise BadInput("not-received", message="请当面核对身份，并确认查阅人在指定地点。")
    subject = f"records.consultation:{consultation.pk}"
    require_approved(chain=CHAIN, subject=subject, digest=_digest(consultation), at=at)
    _reading(consultation, at, attended=True, part=None)
    before = snapshot(consultation)
    consultation.state, consultation.began_at = ConsultationState.READING, at
    consultation.attended_by, consultation.attendant_name = by.account_id, by.name
    consultation.save(update_fields=["state", "began_at", "attended_by", "attendant_name"])
    return Outcome(consultation, before=before, facts={"record": consultation.record_id})


def _reading(consultation: Consultation, at: datetime, *, attended: bool, part: str | None) -> None:
    day, approved = local_day(at), part is None or part in consultation.parts
    all_of(
        rules.READING(
            on=day,
            at=at,
            opens_at=consultation.opens_at,
            closes_at=consultation.closes_at,
            attended=attended,
            part_approved=approved,
        ),
        rules.SCORES_READ(on=day, scores_asked=part == Part.SCORES, approved=approved),
    ).require()


@command(writes="records.consulted", clauses=("SR-10.4", "SR-A1.12"), posts=policies.CONSULTERS)
def look_at_part(*, consultation_id: int, part: str, by: Actor, at: datetime) -> Outcome[Consultation]:
    """Look at one approved part, now; every look is a line.

    Source:  SR-10.4, SR-A1.12
    Writes:  records.consulted
    Raises:  NotPermitted, NotFound (not the reader), Refused (outside the time, not received, part not approved)
    """
    rows = Consultation.objects.select_for_update(of=("self",)).select_related("record__candidate__major")
    consultation = scoped(rows, by).filter(pk=consultation_id).first()
    if consultation is None or not policies.may_read(by, consultation):
        raise NotFound("consultation-not-found", message="没有这次查阅，或者您不是查阅人。")
    if consultation.state not in {ConsultationState.APPROVED, ConsultationState.READING}:
        label = consultation.get_state_display()
        raise WrongState("consultation-not-open", message=f"这次查阅{label}，现在不能看档案。", clause="SR-10.4")
    _reading(consultation, at, attended=consultation.state == ConsultationState.READING, part=part)
    ConsultationView.objects.create(consultation=consultation, part=part, viewed_at=at, account_id=by.account_id or 0)
    return Outcome(consultation, facts={"record": consultation.record_id, "part": part})


@command(writes="records.consultation-ended", clauses=("SR-10.4",), posts=policies.CONSULTERS)
def end_consultation(*, consultation_id: int, by: Actor, at: datetime) -> Outcome[Consultation]:
    """End a consultation: by who reads it or by the record staff.

    Source:  SR-10.4
    Writes:  records.consultation-ended
    Raises:  NotPermitted, NotFound, WrongState
    """
    consultation = access(Consultation.objects.select_for_update(), by, pk=consultation_id)
    if by.post not in policies.ATTENDANTS and not policies.may_read(by, consultation):
        raise NotFound("consultation-not-found", message="没有这次查阅，或者您不是查阅人。")
    check_transition(CONSULTATION_TRANSITIONS, ConsultationState(consultation.state), ConsultationState.ENDED)
    before = snapshot(consultation)
    consultation.state, consultation.ended_at = ConsultationState.ENDED, at
    consultation.save(update_fields=["state", "ended_at"])
    looks = consultation.views.count()
    return Outcome(consultation, before=before, facts={"record": consultation.record_id, "looks": looks})


@when_approved(CHAIN)
def approve_consultation(approval: Approval, by: Actor, at: datetime) -> None:
    """The head in charge agreed."""
    _move(approval, ConsultationState.APPROVED)


@when_refused(CHAIN)
def refuse_consultation(approval: Approval, by: Actor, at: datetime) -> None:
    """Refused, withdrawn, or not signed in time."""
    _move(approval, ConsultationState.REFUSED)


def _move(approval: Approval, to: ConsultationState) -> None:
    pk = int(approval.subject.rpartition(":")[2])
    consultation = Consultation.objects.select_for_update().get(pk=pk)
    check_transition(CONSULTATION_TRANSITIONS, ConsultationState(consultation.state), to)
    consultation.state = to
    consultation.save(update_fields=["state"])
