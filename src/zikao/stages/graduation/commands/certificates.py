"""The roster of a batch and its certificates, made together; a certificate handed out."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import Conflict
from zikao.stages.graduation import policies, queries, rules
from zikao.stages.graduation.models import Application, GraduationCertificate, Roster
from zikao.stages.graduation.states import TRANSITIONS, ApplicationState
from zikao.stages.records.models import Record
from zikao.stages.records.states import RecordState


@command(writes="graduation.certified", clauses=("SR-17", "SR-18.3", "SR-18.4", "SR-21"), posts=policies.CERTIFIERS)
def make_certificates(*, batch_on: date, by: Actor, at: datetime) -> Outcome[Roster]:
    """Freeze the roster of a batch and make a certificate for everyone on it.

    Source:  SR-17, SR-18.3, SR-18.4
    Writes:  graduation.certified
    Raises:  NotPermitted, Conflict, Refused
    """
    day = local_day(at)
    rules.ISSUE_DATE(on=day, batch_on=batch_on).require()
    if Roster.objects.filter(batch_on=batch_on).exists():
        raise Conflict("roster-made", message="这一批的毕业生名册已经生成。", remedy="未赶上的申请请转入下一批。")
    found = list(queries.confirmed_without_certificate(batch_on).select_for_update(of=("self",)))
    if not found:
        raise Conflict("nobody-confirmed", message="这一批还没有审定完毕的申请。")
    numbers = {application.pk: _number(application, by, day) for application in found}
    listed = [[numbers[a.pk], a.candidate.admission_number, a.plan.major.code] for a in found]
    roster = Roster.objects.create(batch_on=batch_on, count=len(found), digest=sm3(canonical(listed)).hex(), made_at=at)
    GraduationCertificate.objects.bulk_create(
        GraduationCertificate(
            application=application,
            roster=roster,
            number=numbers[application.pk],
            issued_on=batch_on,
            made_at=at,
            agency_code=application.agency_code,
        )
        for application in found
    )
    Application.objects.filter(pk__in=numbers).update(state=ApplicationState.CERTIFIED)
    return Outcome(roster, facts={"count": roster.count, "digest": roster.digest})


def _number(application: Application, by: Actor, day: date) -> str:
    return rules.CERTIFICATE_NUMBER(
        on=day,
        level=application.plan.major.level,
        province=by.agency_code[:2],
        admission_number=application.candidate.admission_number,
    )


@command(writes="graduation.handed-out", clauses=("SR-A3.2", "SR-21"), posts=policies.RECEIVERS)
def hand_out_certificate(*, certificate_id: int, by: Actor, at: datetime) -> Outcome[GraduationCertificate]:
    """Hand a certificate to the graduate; refused until it is registered at the centre.

    Source:  SR-A3.2, SR-21
    Writes:  graduation.handed-out
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    rows = GraduationCertificate.objects.select_related("application").select_for_update(of=("self",))
    certificate = access(rows, by, pk=certificate_id)
    application = certificate.application
    check_transition(TRANSITIONS, ApplicationState(application.state), ApplicationState.HANDED_OUT)
    rules.HANDING_OUT(on=local_day(at), registered=certificate.registered_at is not None).require()
    before = snapshot(certificate)
    certificate.handed_out_at, application.state = at, ApplicationState.HANDED_OUT
    certificate.save(update_fields=["handed_out_at"])
    application.save(update_fields=["state"])
    Record.objects.filter(candidate_id=application.candidate_id).update(state=RecordState.GRADUATED)
    return Outcome(certificate, before=before)
