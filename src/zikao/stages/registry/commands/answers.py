"""What the centre answers: numbers registered, numbers rejected, and later a registration revoked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.foundation.errors import NotFound
from zikao.stages.graduation.models import GraduationCertificate
from zikao.stages.registry import policies
from zikao.stages.registry.commands.reporting import locked_batch
from zikao.stages.registry.models import Registration, RegistrationBatch
from zikao.stages.registry.states import BatchState, RowState


@command(writes="registry.answered", clauses=("SR-A3.2", "SR-20"), posts=policies.ANSWERED)
def take_in_answer(
    *, batch_on: date, registered: Sequence[str], rejected: Mapping[str, str], by: Actor, at: datetime
) -> Outcome[RegistrationBatch]:
    """Take in the centre's answer: numbers registered, and numbers rejected with the reason.

    A batch goes to the centre in parts; it is registered when every part has been answered.

    Source:  SR-A3.2, SR-20
    Writes:  registry.answered
    Raises:  NotPermitted, NotFound, WrongState
    """
    batch, before = locked_batch(batch_on, BatchState.REGISTERED)
    rows = batch.rows.filter(certificate__number__in=[*registered, *rejected]).select_related("certificate")
    answered = list(rows.select_for_update(of=("self",)).order_by("id"))
    for row in answered:
        reason = rejected.get(row.certificate.number, "")
        row.state = RowState.REJECTED if reason else RowState.REGISTERED
        row.reason, row.answered_at = reason[:200], at
        row.certificate.registered_at = None if reason else at
    Registration.objects.bulk_update(answered, ["state", "reason", "answered_at"])
    GraduationCertificate.objects.bulk_update([row.certificate for row in answered], ["registered_at"])
    if not batch.rows.filter(answered_at__isnull=True).exists():
        batch.state, batch.registered_at = BatchState.REGISTERED, at
        batch.save(update_fields=["state", "registered_at"])
    facts = {"registered": len(registered), "rejected": len(rejected)}
    return Outcome(batch, before=before, facts=facts)


@command(writes="registry.revocation-taken-in", clauses=("SR-A3.7",), posts=policies.ANSWERED)
def take_in_revocation(*, number: str, reason: str, by: Actor, at: datetime) -> Outcome[Registration]:
    """The centre has revoked a registration: our look-up says so, and a certificate not handed out yet stays here.

    Source:  SR-A3.7
    Writes:  registry.revocation-taken-in
    Raises:  NotPermitted, NotFound
    """
    row = Registration.objects.select_for_update().filter(certificate__number=number).first()
    if row is None:
        raise NotFound("registration-not-found", message=f"本省没有上报过编号为 {number} 的证书。")
    before = snapshot(row)
    row.state, row.reason, row.revoked_at = RowState.REVOKED, reason[:200], at
    row.save(update_fields=["state", "reason", "revoked_at"])
    GraduationCertificate.objects.filter(pk=row.certificate_id, handed_out_at=None).update(registered_at=None)
    return Outcome(row, before=before, facts={"number": number})
