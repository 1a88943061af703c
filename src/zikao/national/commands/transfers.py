"""The transfer platform: a file carried from origin to destination, the outcome carried back."""

from __future__ import annotations

import json
from datetime import datetime

from zikao.foundation import exchange
from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.national import policies
from zikao.national.models import TransferFile
from zikao.national.models.transfers import FILE
from zikao.national.states import FILE_TRANSITIONS, FileState
from zikao.stages.transfers.states import TransferFileData


@command(writes="national.transfer-file-received", clauses=("SR-A2.1", "SR-A2.2", "SR-A2.6"), posts=policies.INBOX)
def receive_transfer_file(
    *, file: TransferFileData, digest: str, origin: str, by: Actor, at: datetime
) -> Outcome[TransferFile]:
    """Take a file from its origin and pass it on to its destination.

    Source:  SR-A2.1, SR-A2.2, SR-A2.6
    Writes:  national.transfer-file-received
    Raises:  NotPermitted, BadInput, Conflict
    """
    fields = file.as_dict()
    if file.origin != origin or sm3(canonical(fields)).hex() != digest:
        raise BadInput("file-not-origins", message="电子档案与上传省份或摘要不符。", remedy="请转出地重新生成上传。")
    if TransferFile.objects.filter(number=file.number).exists():
        raise Conflict("file-there", message=f"转考编号 {file.number} 的电子档案已经上传。")
    stored = TransferFile.objects.create(
        number=file.number,
        origin=origin,
        destination=file.destination,
        file_sealed=FILE.seal(json.dumps(fields, ensure_ascii=False), file.number),
        digest=digest,
        courses=len(file.scores),
        uploaded_at=at,
    )
    exchange.send(
        to=f"province:{file.destination}",
        kind="transfers.incoming",
        body={"number": file.number, "digest": digest, "file": fields},
        at=at,
    )
    return Outcome(stored, facts={"origin": origin, "destination": file.destination, "digest": digest})


@command(writes="national.transfer-outcome", clauses=("SR-A2.2", "SR-A2.4.5", "SR-A2.6"), posts=policies.INBOX)
def receive_outcome(
    *, number: str, destination: str, completed: bool, code: str, reason: str, by: Actor, at: datetime
) -> Outcome[TransferFile]:
    """Take the destination's outcome and pass it on to the origin; a refusal must name its rule.

    Source:  SR-A2.2, SR-A2.4.5, SR-A2.6
    Writes:  national.transfer-outcome
    Raises:  NotPermitted, NotFound, WrongState, BadInput
    """
    file = TransferFile.objects.select_for_update().filter(number=number, destination=destination).first()
    if file is None:
        raise NotFound("file-not-found", message=f"转考平台没有转入该省的档案 {number}。")
    if not completed and not code:
        raise BadInput("rule-not-named", message="退回电子档案须写明所违反的规定。", clause="SR-A2.4.5")
    to = FileState.COMPLETED if completed else FileState.REFUSED
    check_transition(FILE_TRANSITIONS, FileState(file.state), to)
    before = snapshot(file)
    file.state, file.outcome_at, file.outcome_code, file.outcome_reason = to, at, code, reason
    file.save(update_fields=["state", "outcome_at", "outcome_code", "outcome_reason"])
    exchange.send(
        to=f"province:{file.origin}",
        kind="transfers.outcome",
        body={"number": number, "completed": completed, "code": code, "reason": reason},
        at=at,
    )
    return Outcome(file, before=before, facts={"completed": completed, "code": code})
