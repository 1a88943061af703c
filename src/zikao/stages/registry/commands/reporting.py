"""A batch checked, approved, reported to the centre; what came back is reported again after correction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from zikao.foundation import exchange
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import Conflict, NotFound, WrongState
from zikao.stages.graduation import rules as graduation_rules
from zikao.stages.graduation.models import GraduationCertificate
from zikao.stages.programmes.states import Level
from zikao.stages.records.queries import held_by, plan_fact
from zikao.stages.records.rules import Held
from zikao.stages.registry import policies, queries, rules
from zikao.stages.registry.models import Registration, RegistrationBatch
from zikao.stages.registry.states import TRANSITIONS, BatchState, Registrable, RowState

CERTIFICATES_A_MESSAGE = 100
"""With portraits, a message of this many stays well below what a message may hold."""


@command(
    writes="registry.checked",
    clauses=("SR-A3.3", "SR-A3.5a", "SR-A3.5b", "SR-A3.5c", "SR-A3.5d"),
    posts=policies.CHECKERS,
)
def check_batch(*, batch_on: date, by: Actor, at: datetime) -> Outcome[RegistrationBatch]:
    """Gather the certificates of an issue date and check each against plan, identity, scores and qualification.

    Source:  SR-A3.3, SR-A3.5
    Writes:  registry.checked
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    if RegistrationBatch.objects.filter(batch_on=batch_on).exists():
        raise Conflict("batch-exists", message="这一批的电子注册信息已经整理。")
    found = list(
        GraduationCertificate.objects.filter(issued_on=batch_on)
        .select_related("application__candidate", "application__plan__major", "application__school")
        .order_by("number")
    )
    if not found:
        raise NotFound("no-certificates", message="这一批没有已制作的毕业证书。")
    _check_each(found, local_day(at))
    digest = sm3(canonical([certificate.number for certificate in found])).hex()
    batch = RegistrationBatch.objects.create(
        batch_on=batch_on, count=len(found), digest=digest, checked_at=at, checked_by=by.account_id
    )
    Registration.objects.bulk_create(
        Registration(batch=batch, certificate=certificate, agency_code=certificate.agency_code) for certificate in found
    )
    return Outcome(batch, facts={"count": batch.count, "digest": digest})


def _check_each(found: list[GraduationCertificate], day: date) -> None:
    held = held_by(certificate.application.candidate_id for certificate in found)
    plans = {plan.pk: plan_fact(plan) for plan in {certificate.application.plan for certificate in found}}
    for certificate in found:
        application = certificate.application
        mine = held.get(application.candidate_id, Held())
        audit = graduation_rules.AUDIT(on=day, plan=plans[application.plan_id], held=mine)
        bachelor = application.plan.major.level == Level.BACHELOR
        rules.CHECKS(
            on=day,
            plan_on_file=application.plan.since <= application.batch_on,
            identity_agrees=application.candidate.admission_number in certificate.number,
            scores_agree=audit.granted,
            prior_verified=application.prior_verified or not bachelor,
        ).require()


@command(writes="registry.approved", clauses=("SR-A3.3",), posts=policies.APPROVERS)
def approve_batch(*, batch_on: date, by: Actor, at: datetime) -> Outcome[RegistrationBatch]:
    """Approve a checked batch, by another person than checked it.

    Source:  SR-A3.3
    Writes:  registry.approved
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    batch, before = locked_batch(batch_on, BatchState.APPROVED)
    rules.APPROVAL(on=local_day(at), checked_by=batch.checked_by, approver=by.account_id).require()
    batch.state, batch.approved_at, batch.approved_by = BatchState.APPROVED, at, by.account_id
    batch.save(update_fields=["state", "approved_at", "approved_by"])
    return Outcome(batch, before=before, facts={"digest": batch.digest})


@command(writes="registry.sent", clauses=("SR-A3.2", "SR-A3.3", "SR-20", "SR-21"), posts=policies.SENDERS)
def send_batch(*, batch_on: date, by: Actor, at: datetime) -> Outcome[RegistrationBatch]:
    """Report an approved batch to the centre, within the period of registration.

    Source:  SR-A3.2, SR-A3.3, SR-20, SR-21
    Writes:  registry.sent
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    rules.PERIOD(on=local_day(at), issued_on=batch_on).require()
    batch, before = locked_batch(batch_on, BatchState.SENT)
    if batch.state != BatchState.APPROVED:
        raise WrongState("batch-answered", message="这一批已经上报并得到答复。", remedy="退回的证书请更正后重新上报。")
    _report(batch_on, queries.registrables(batch.rows.all(), by.agency_code[:2]), at)
    batch.state, batch.sent_at = BatchState.SENT, at
    batch.save(update_fields=["state", "sent_at"])
    return Outcome(batch, before=before, facts={"count": batch.count, "digest": batch.digest})


@command(
    writes="registry.resent",
    clauses=("SR-A3.2", "SR-A3.3", "SR-A3.5a", "SR-A3.5b", "SR-A3.5c", "SR-A3.5d"),
    posts=policies.APPROVERS,
)
def resend_rejected(*, batch_on: date, by: Actor, at: datetime) -> Outcome[RegistrationBatch]:
    """Check the rejected certificates of a batch anew and report them again, approved by who sends them.

    Source:  SR-A3.2, SR-A3.3, SR-A3.5
    Writes:  registry.resent
    Raises:  NotPermitted, NotFound, WrongState, Refused, Conflict
    """
    day = local_day(at)
    rules.PERIOD(on=day, issued_on=batch_on).require()
    batch, before = locked_batch(batch_on, BatchState.SENT)
    rules.APPROVAL(on=day, checked_by=batch.checked_by, approver=by.account_id).require()
    rejected = batch.rows.filter(state=RowState.REJECTED)
    found = list(queries.certificates_of(rejected))
    if not found:
        raise Conflict("nothing-rejected", message="这一批没有退回的证书。")
    _check_each(found, day)
    _report(batch_on, [queries.registrable(each, by.agency_code[:2]) for each in found], at)
    rejected.update(state=RowState.READY, reason="", answered_at=None)
    batch.state, batch.sent_at = BatchState.SENT, at
    batch.save(update_fields=["state", "sent_at"])
    return Outcome(batch, before=before, facts={"count": len(found)})


def _report(batch_on: date, registrables: Iterable[Registrable], at: datetime) -> None:
    certificates = [each.as_dict() for each in registrables]
    for start in range(0, len(certificates), CERTIFICATES_A_MESSAGE):
        part = certificates[start : start + CERTIFICATES_A_MESSAGE]
        exchange.send(
            to="national",
            kind="registry.batch",
            body={"batch_on": batch_on.isoformat(), "count": len(part), "certificates": part},
            at=at,
        )


def locked_batch(batch_on: date, to: BatchState) -> tuple[RegistrationBatch, dict[str, object]]:
    """A batch under lock with its state before; NotFound, WrongState where it may not become `to`."""
    batch = RegistrationBatch.objects.select_for_update().filter(batch_on=batch_on).first()
    if batch is None:
        raise NotFound("batch-not-found", message=f"没有 {batch_on} 这一批的电子注册信息。")
    check_transition(TRANSITIONS, BatchState(batch.state), to)
    return batch, snapshot(batch)
