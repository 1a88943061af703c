"""A transfer out: applied for, confirmed in person, uploaded in the months of exchange, closed by the outcome."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation import exchange
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, NotFound
from zikao.foundation.regulation import all_of
from zikao.stages.candidates.models import ID_NUMBER, Candidate
from zikao.stages.records.models import Record
from zikao.stages.records.states import RecordState
from zikao.stages.transfers import policies, queries, rules
from zikao.stages.transfers.models import Transfer, TransferCourse
from zikao.stages.transfers.states import TRANSITIONS, Direction, TransferFileData, TransferState


@command(
    writes="transfers.applied",
    clauses=("SR-14", "SR-15", "SR-A2.2", "SR-A2.3.2", "SR-A2.3.3", "SR-A2.3.4", "SR-A2.3.6"),
    posts=policies.CLERKS,
)
def apply_to_leave(
    *,
    candidate_id: int,
    destination: str,
    destination_admission_number: str,
    destination_major: str,
    passes_at_destination: int,
    reason: str,
    by: Actor,
    at: datetime,
) -> Outcome[Transfer]:
    """Take in a candidate's application to transfer to another province.

    Source:  SR-14, SR-15, SR-A2.2, SR-A2.3
    Writes:  transfers.applied
    Raises:  NotPermitted, NotFound, BadInput, Refused
    """
    candidate = access(Candidate.objects.select_for_update(), by, pk=candidate_id)
    if destination == by.agency_code[:2]:
        raise BadInput("same-province", field_errors={"destination": "转入地不能是本省。"})
    if not Record.objects.filter(candidate=candidate, state=RecordState.HELD).exists():
        raise NotFound(
            "record-not-held", message="该考生在本省没有在籍的考籍档案。", remedy="有合格课程并建档后才能转出。"
        )
    day = local_day(at)
    rules.OUT(on=day, facts=queries.out_facts(candidate, passes_at_destination, day)).require()
    transfer = Transfer.objects.create(
        number=_new_number(candidate, destination, day),
        direction=Direction.OUT,
        candidate=candidate,
        state=TransferState.APPLIED,
        counterpart=destination,
        counterpart_admission_number=destination_admission_number,
        counterpart_major=destination_major,
        passes_at_destination=passes_at_destination,
        reason=reason,
        integrity=_conduct_of(candidate),
        applied_at=at,
        agency_code=candidate.agency_code,
    )
    return Outcome(transfer, facts={"candidate": candidate.pk, "destination": destination})


def _new_number(candidate: Candidate, destination: str, day: date) -> str:
    number = f"{candidate.agency_code[:2]}{destination}{day:%Y%m}{candidate.admission_number}"
    earlier = Transfer.objects.filter(number__startswith=number, direction=Direction.OUT).count()
    return f"{number}-{earlier + 1}" if earlier else number


@command(writes="transfers.confirmed", clauses=("SR-A2.3.1", "SR-A2.3.5"), posts=policies.CLERKS)
def confirm_leaving(
    *,
    transfer_id: int,
    identity_document: bool,
    own_admission_card: bool,
    signed: bool,
    by: Actor,
    at: datetime,
) -> Outcome[Transfer]:
    """The candidate has looked through the scores that move and signed the transfer-out form.

    Source:  SR-A2.3.1, SR-A2.3.5
    Writes:  transfers.confirmed
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    transfer, before = _locked(transfer_id, by, TransferState.CONFIRMED)
    day = local_day(at)
    rules.CONFIRMATION(
        on=day, identity_document=identity_document, own_admission_card=own_admission_card, signed=signed
    ).require()
    moving = queries.moving_scores(transfer.candidate, day)
    TransferCourse.objects.bulk_create(
        TransferCourse(
            transfer=transfer,
            course_code=score.course_code,
            course_name=score.course,
            credits=score.credits,
            sitting_label=score.sitting_label,
            value=score.value,
            grade=score.grade,
        )
        for score in moving
    )
    transfer.state, transfer.confirmed_at = TransferState.CONFIRMED, at
    transfer.integrity = _conduct_of(transfer.candidate)
    transfer.save(update_fields=["state", "confirmed_at", "integrity"])
    return Outcome(transfer, before=before, facts={"courses": len(moving)})


@command(
    writes="transfers.uploaded",
    clauses=("SR-A2.2", "SR-A2.5", "SR-A2.6", "SR-A2.3.3", "SR-A2.3.4", "SR-A2.3.5"),
    posts=policies.CLERKS,
)
def upload_file(*, transfer_id: int, by: Actor, at: datetime) -> Outcome[Transfer]:
    """Make the electronic file and upload it to the platform, in a month of exchange, if the candidate still may leave.

    The file holds the scores that the candidate confirmed, and no others.

    Source:  SR-A2.2, SR-A2.5, SR-A2.6, SR-A2.3
    Writes:  transfers.uploaded
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    transfer, before = _locked(transfer_id, by, TransferState.UPLOADED)
    day = local_day(at)
    facts = queries.out_facts(transfer.candidate, transfer.passes_at_destination, day, beside=transfer.pk)
    all_of(rules.EXCHANGE_MONTH(on=day), rules.OUT(on=day, facts=facts)).require()
    file = _file_of(transfer, by.agency_code[:2], day)
    fields = file.as_dict()
    digest = sm3(canonical(fields)).hex()
    exchange.send(
        to="national",
        kind="transfers.file",
        body={"number": file.number, "digest": digest, "file": fields},
        at=at,
    )
    transfer.state, transfer.uploaded_at, transfer.file_digest = TransferState.UPLOADED, at, digest
    transfer.save(update_fields=["state", "uploaded_at", "file_digest"])
    return Outcome(transfer, before=before, facts={"digest": digest, "courses": len(file.scores)})


def _conduct_of(candidate: Candidate) -> list[str]:
    return list(candidate.integrity_entries.order_by("at").values_list("text", flat=True))


def _file_of(transfer: Transfer, origin: str, day: date) -> TransferFileData:
    candidate = transfer.candidate
    confirmed = set(transfer.courses.values_list("course_code", "sitting_label"))
    moving = queries.moving_scores(candidate, day)
    return TransferFileData(
        number=transfer.number,
        name=candidate.name,
        sex=candidate.sex,
        born_on=candidate.born_on.isoformat(),
        id_number=ID_NUMBER.text(candidate),
        origin=origin,
        origin_admission_number=candidate.admission_number,
        destination=transfer.counterpart,
        destination_admission_number=transfer.counterpart_admission_number,
        major_code=candidate.major.code,
        destination_major_code=transfer.counterpart_major,
        scores=tuple(score for score in moving if (score.course_code, score.sitting_label) in confirmed),
        integrity=tuple(_conduct_of(candidate)),
    )


@command(writes="transfers.withdrawn", clauses=("SR-15",), posts=policies.CLERKS)
def withdraw_application(*, transfer_id: int, reason: str, by: Actor, at: datetime) -> Outcome[Transfer]:
    """Take back an application at the candidate's wish, as long as the file has not been uploaded.

    Source:  SR-15
    Writes:  transfers.withdrawn
    Raises:  NotPermitted, NotFound, WrongState, BadInput
    """
    transfer, before = _locked(transfer_id, by, TransferState.WITHDRAWN)
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明撤回的原因。"})
    transfer.state, transfer.completed_at, transfer.refusal_reason = TransferState.WITHDRAWN, at, reason
    transfer.save(update_fields=["state", "completed_at", "refusal_reason"])
    return Outcome(transfer, before=before)


@command(writes="transfers.outcome-taken-in", clauses=("SR-A2.2", "SR-A2.3.7"), posts=policies.INBOX)
def take_in_outcome(
    *, number: str, completed: bool, code: str, reason: str, by: Actor, at: datetime
) -> Outcome[Transfer]:
    """The destination's outcome: only when it is completed does the candidate leave this province's register.

    Source:  SR-A2.2, SR-A2.3.7
    Writes:  transfers.outcome-taken-in
    Raises:  NotPermitted, NotFound, WrongState
    """
    transfer = Transfer.objects.select_for_update().filter(number=number, direction=Direction.OUT).first()
    if transfer is None:
        raise NotFound("transfer-not-found", message=f"没有编号为 {number} 的转出。")
    to = TransferState.COMPLETED if completed else TransferState.REFUSED
    check_transition(TRANSITIONS, TransferState(transfer.state), to)
    before = snapshot(transfer)
    transfer.state, transfer.completed_at = to, at
    transfer.refusal_code, transfer.refusal_reason = code, reason
    transfer.save(update_fields=["state", "completed_at", "refusal_code", "refusal_reason"])
    if completed:
        Record.objects.filter(candidate_id=transfer.candidate_id).update(state=RecordState.TRANSFERRED)
    return Outcome(transfer, before=before, facts={"completed": completed, "code": code})


def _locked(transfer_id: int, by: Actor, to: TransferState) -> tuple[Transfer, dict[str, object]]:
    rows = Transfer.objects.filter(direction=Direction.OUT).select_related("candidate__major")
    transfer = access(rows.select_for_update(of=("self",)), by, pk=transfer_id)
    check_transition(TRANSITIONS, TransferState(transfer.state), to)
    return transfer, snapshot(transfer)
