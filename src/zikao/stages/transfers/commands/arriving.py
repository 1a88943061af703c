"""A transfer in: the file received and checked, reviewed course by course, completed in person."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from zikao.foundation import exchange
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.crypto import canonical, indexes_of, sm3
from zikao.foundation.errors import BadInput, NotFound
from zikao.stages.candidates.models import Candidate
from zikao.stages.records.models import Record
from zikao.stages.records.states import RecordState
from zikao.stages.results import archive
from zikao.stages.results.models import ChangeList, Score
from zikao.stages.results.queries import passes_of
from zikao.stages.results.rules import PASSING
from zikao.stages.results.states import HowObtained, ListKind
from zikao.stages.transfers import policies, queries, rules
from zikao.stages.transfers.models import Transfer, TransferCourse
from zikao.stages.transfers.states import REFUSING_CLAUSES, TRANSITIONS, Direction, TransferFileData, TransferState, Way


@command(writes="transfers.received", clauses=("SR-A2.2", "SR-A2.4.1"), posts=policies.INBOX)
def receive_file(*, file: TransferFileData, digest: str, by: Actor, at: datetime) -> Outcome[Transfer]:
    """Receive an electronic file from the platform; what breaks the rules is refused with the rule that it breaks.

    Source:  SR-A2.2, SR-A2.4.1
    Writes:  transfers.received
    Raises:  NotPermitted, NotFound, BadInput, Refused
    """
    if sm3(canonical(file.as_dict())).hex() != digest:
        raise BadInput("file-digest-differs", message="电子档案与摘要不符。", remedy="请转考平台重新传送。")
    candidate = Candidate.objects.filter(admission_number=file.destination_admission_number).first()
    if candidate is None:
        raise NotFound("no-such-candidate", message="转入地没有这个准考证号的考生。")
    day = local_day(at)
    identity_agrees = bytes(candidate.id_number_index) in indexes_of(file.id_number) and candidate.name == file.name
    rules.RECEIVED_FILE(
        on=day,
        identity_agrees=identity_agrees,
        scores=len(file.scores),
        exempted=sum(score.how == HowObtained.EXEMPTION for score in file.scores),
        passes_here=passes_of(candidate.pk).count(),
    ).require()
    transfer = Transfer.objects.create(
        number=file.number,
        direction=Direction.IN,
        candidate=candidate,
        state=TransferState.RECEIVED,
        counterpart=file.origin,
        counterpart_admission_number=file.origin_admission_number,
        counterpart_major=file.major_code,
        integrity=list(file.integrity),
        file_digest=digest,
        applied_at=at,
        agency_code=candidate.agency_code,
    )
    _keep_courses(transfer, file)
    return Outcome(transfer, facts={"number": file.number, "courses": len(file.scores), "digest": digest})


def _keep_courses(transfer: Transfer, file: TransferFileData) -> None:
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
        for score in file.scores
    )


@command(writes="transfers.reviewed", clauses=("SR-A2.4.2", "SR-A2.4.5"), posts=policies.REVIEWERS)
def review_file(*, transfer_id: int, by: Actor, at: datetime) -> Outcome[Transfer]:
    """Set for each course as what it counts here, by our plan and our published substitutions.

    Source:  SR-A2.4.2, SR-A2.4.5
    Writes:  transfers.reviewed
    Raises:  NotPermitted, NotFound, WrongState
    """
    transfer, before = _locked(transfer_id, by, TransferState.REVIEWED)
    courses = list(transfer.courses.order_by("course_code"))
    proposed = queries.proposals(transfer.candidate, [course.course_code for course in courses], local_day(at))
    for course, proposal in zip(courses, proposed, strict=True):
        course.way, course.counts_as = proposal.way, proposal.counts_as
    TransferCourse.objects.bulk_update(courses, ["way", "counts_as"])
    transfer.state, transfer.reviewed_at = TransferState.REVIEWED, at
    transfer.save(update_fields=["state", "reviewed_at"])
    ways = {way: sum(course.way == way for course in courses) for way in Way}
    return Outcome(transfer, before=before, facts={"ways": ways})


@command(writes="transfers.completed", clauses=("SR-A2.4.4", "SR-A2.2"), posts=policies.CLERKS)
def complete_transfer(
    *,
    transfer_id: int,
    identity_document: bool,
    own_admission_card: bool,
    signed: bool,
    by: Actor,
    at: datetime,
) -> Outcome[Transfer]:
    """The candidate has signed the transfer-in form: the scores go to the archive, and with them the transfer is done.

    Where no course counts here, there is nothing to file and the outcome goes to the platform at once.

    Source:  SR-A2.4.4, SR-A2.2
    Writes:  transfers.completed
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    transfer, before = _locked(transfer_id, by, TransferState.SIGNED)
    rules.CONFIRMATION(
        on=local_day(at), identity_document=identity_document, own_admission_card=own_admission_card, signed=signed
    ).require()
    rows = _counting_here(transfer, local_day(at))
    if not rows:
        _hold_record(transfer, None, at)
        _close(transfer, TransferState.COMPLETED, "", "", at)
        return Outcome(transfer, before=before, facts={"scores": 0})
    title = f"转考 {transfer.number} 转入成绩（{len(rows)} 门）"
    staged = archive.stage(
        ListKind.TRANSFER,
        f"transfer:{transfer.pk}",
        title,
        rows,
        agency_code=transfer.agency_code,
        by=by,
        at=at,
    )
    transfer.state = TransferState.SIGNED
    transfer.save(update_fields=["state"])
    return Outcome(transfer, before=before, facts={"scores": len(rows), "list": staged.pk})


def scores_filed(filed: ChangeList, at: datetime) -> None:
    """The transfer's scores stand in the archive: they count here, and the outcome goes to the platform."""
    transfer = Transfer.objects.select_for_update().get(pk=int(filed.subject.removeprefix("transfer:")))
    check_transition(TRANSITIONS, TransferState(transfer.state), TransferState.COMPLETED)
    _hold_record(transfer, Score.objects.filter(list=filed).order_by("line").first(), at)
    _close(transfer, TransferState.COMPLETED, "", "", at)


@command(writes="transfers.refused", clauses=("SR-A2.4.5", "SR-A2.4.1"), posts=policies.REVIEWERS)
def refuse_file(*, transfer_id: int, code: str, reason: str, by: Actor, at: datetime) -> Outcome[Transfer]:
    """Refuse a received file by naming the rule of the regulation that it breaks: `code` is that clause's id.

    Source:  SR-A2.4.5, SR-A2.4.1
    Writes:  transfers.refused
    Raises:  NotPermitted, NotFound, WrongState, BadInput
    """
    transfer, before = _locked(transfer_id, by, TransferState.REFUSED)
    if code not in REFUSING_CLAUSES or not reason.strip():
        raise BadInput(
            "rule-not-named",
            field_errors={"code": "退回电子档案须写明所违反的转考规定条款和理由。"},
            clause="SR-A2.4.5",
        )
    _close(transfer, TransferState.REFUSED, code, reason, at)
    return Outcome(transfer, before=before, facts={"code": code})


def _hold_record(transfer: Transfer, first: Score | None, at: datetime) -> None:
    record = Record.objects.filter(candidate_id=transfer.candidate_id).first()
    if record is not None and record.state == RecordState.TRANSFERRED:
        record.state = RecordState.HELD
        record.save(update_fields=["state"])
    elif record is None and first is not None:
        Record.objects.create(
            candidate_id=transfer.candidate_id,
            state=RecordState.HELD,
            opened_at=at,
            opened_by_score=first,
            agency_code=transfer.agency_code,
        )


def _counting_here(transfer: Transfer, on: date) -> list[archive.StagedRow]:
    passed = passes_of(transfer.candidate_id).values("course_id")
    counted = (
        transfer.courses.exclude(Q(counts_as__isnull=True) | Q(counts_as__in=passed))
        .select_related("counts_as")
        .order_by("course_code")
    )
    rows: dict[int, archive.StagedRow] = {}
    for course in counted:
        assert course.counts_as_id is not None
        rows.setdefault(course.counts_as_id, _row(transfer, course, course.counts_as_id, on))
    return list(rows.values())


def _row(transfer: Transfer, course: TransferCourse, counts_as: int, on: date) -> archive.StagedRow:
    return archive.StagedRow(
        transfer.candidate_id,
        counts_as,
        course.sitting_label,
        HowObtained.TRANSFER,
        course.value,
        course.grade,
        PASSING(on=on, value=course.value, grade=course.grade),
        f"转考 {transfer.number}（{Way(course.way).label}，原课程 {course.course_code}）",
        transfer.agency_code,
        evidence=transfer.file_digest,
    )


def _close(transfer: Transfer, to: TransferState, code: str, reason: str, at: datetime) -> None:
    transfer.state, transfer.completed_at = to, at
    transfer.refusal_code, transfer.refusal_reason = code, reason
    transfer.save(update_fields=["state", "completed_at", "refusal_code", "refusal_reason"])
    exchange.send(
        to="national",
        kind="transfers.outcome-uploaded",
        body={
            "number": transfer.number,
            "completed": to is TransferState.COMPLETED,
            "code": code,
            "reason": reason,
        },
        at=at,
    )


def _locked(transfer_id: int, by: Actor, to: TransferState) -> tuple[Transfer, dict[str, object]]:
    rows = Transfer.objects.filter(direction=Direction.IN).select_related("candidate")
    transfer = access(rows.select_for_update(of=("self",)), by, pk=transfer_id)
    check_transition(TRANSITIONS, TransferState(transfer.state), to)
    return transfer, snapshot(transfer)
