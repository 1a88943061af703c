"""An application taken in, and the decisions of prefecture, province and examining school."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, scoped, snapshot
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, WrongState
from zikao.foundation.regulation import all_of
from zikao.stages.candidates.models import Candidate
from zikao.stages.graduation import policies, queries, rules
from zikao.stages.graduation.models import Application
from zikao.stages.graduation.states import OPEN, TRANSITIONS, ApplicationState, Materials
from zikao.stages.programmes.models import Plan
from zikao.stages.programmes.queries import examining_school_of, plan_openness
from zikao.stages.records.queries import held_by, plan_fact
from zikao.stages.records.rules import Held, earned

STEP_OF: dict[ApplicationState, tuple[frozenset[Post], str]] = {
    ApplicationState.REVIEWED: (policies.REVIEWERS, "reviewed_at"),
    ApplicationState.APPROVED: (policies.APPROVERS, "approved_at"),
    ApplicationState.CONFIRMED: (policies.CONFIRMERS, "confirmed_at"),
}


@command(writes="graduation.applied", clauses=("SR-18.2", "SR-18.1.1", "SR-17"), posts=policies.RECEIVERS)
def apply_for_graduation(
    *, candidate_id: int, plan_id: int, batch_on: date, materials: Materials, by: Actor, at: datetime
) -> Outcome[Application]:
    """Take in an application made in person, after the whole plan has been audited.

    Source:  SR-18.2, SR-18.1, SR-17
    Writes:  graduation.applied
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    candidate = access(Candidate.objects.all(), by, pk=candidate_id)
    plan = (
        Plan.objects.select_related("major", "examining_school").filter(pk=plan_id, major_id=candidate.major_id).first()
    )
    if plan is None:
        raise NotFound("plan-not-found", message="考生报考的专业没有这个考试计划。")
    if Application.objects.filter(candidate=candidate, plan=plan).exclude(state=ApplicationState.RETURNED).exists():
        raise Conflict("already-applied", message="该考生这一专业的毕业申请已经受理。")
    day = local_day(at)
    fact = plan_fact(plan, day)
    held = held_by([candidate.pk]).get(candidate.pk, Held())
    all_of(
        plan_openness(plan, local_day(candidate.registered_at), day, candidate.agency_code[:2] or None),
        rules.ISSUE_DATE(on=day, batch_on=batch_on),
        rules.BATCH(on=day, batch_on=batch_on, roster_made=queries.roster_made(batch_on)),
        rules.MATERIALS(on=day, level=fact.level, materials=materials),
        rules.AUDIT(on=day, plan=fact, held=held),
    ).require()
    points, courses = earned(fact, held.passed)
    application = Application.objects.create(
        candidate=candidate,
        plan=plan,
        school=examining_school_of(plan, candidate.agency_code),
        batch_on=batch_on,
        appraisal_passed=materials.appraisal_passed,
        prior_certificate=materials.prior_certificate,
        prior_verified=materials.prior_verified,
        credits=points,
        courses=courses,
        submitted_at=at,
        submitted_by=by.account_id,
        agency_code=candidate.agency_code,
    )
    return Outcome(application, facts={"candidate": candidate.pk, "plan": plan.pk, "credits": points})


@command(
    writes="graduation.decided",
    clauses=("SR-18.2", "SR-18.1.1", "SR-18.1.2", "SR-18.1.3", "SR-18.1.5"),
    posts=policies.REVIEWERS | policies.APPROVERS | policies.CONFIRMERS,
)
def decide_applications(
    *, application_ids: Sequence[int], to: ApplicationState, by: Actor, at: datetime
) -> Outcome[int]:
    """Pass applications on to the next body, each audited anew; all of them or none.

    Prefecture: submitted to reviewed, by another than took it in. Province: reviewed to approved. Examining school:
    approved to confirmed.

    Source:  SR-18.2, SR-18.1
    Writes:  graduation.decided
    Raises:  NotPermitted, NotFound, WrongState, Refused, BadInput
    """
    posts, field = STEP_OF.get(to, (frozenset(), ""))
    if by.post not in posts:
        raise NotPermitted("step-not-yours", message=f"“{ApplicationState(to).label}”不由您的岗位办理。")
    found = _locked(application_ids, by)
    _audit_each(found, local_day(at))
    for application in found:
        check_transition(TRANSITIONS, ApplicationState(application.state), to)
        if to is ApplicationState.REVIEWED:
            rules.REVIEWER(on=local_day(at), received_by=application.submitted_by, reviewer=by.account_id).require()
            application.reviewed_by = by.account_id
        application.state = to
        setattr(application, field, at)
    Application.objects.bulk_update(found, ["state", field, "reviewed_by"])
    return Outcome(len(found), on=f"graduation.{to}:{min(application_ids)}", facts={"applications": application_ids})


def _audit_each(found: Sequence[Application], day: date) -> None:
    held = held_by(application.candidate_id for application in found)
    facts = {plan.pk: plan_fact(plan, day) for plan in {application.plan for application in found}}
    prepared = {pk: rules.CompiledAudit(fact, day) for pk, fact in facts.items()}
    for application in found:
        mine = held.get(application.candidate_id, Held())
        if not prepared[application.plan_id].grants(mine):
            rules.AUDIT(on=day, plan=facts[application.plan_id], held=mine).require()


def _locked(application_ids: Sequence[int], by: Actor) -> list[Application]:
    if not application_ids or len(set(application_ids)) != len(application_ids):
        raise BadInput("applications-listed-wrong", message="请选择要办理的申请，每份一次。")
    rows = scoped(Application.objects.select_related("plan__major"), by).filter(pk__in=application_ids)
    found = list(rows.select_for_update(of=("self",)).order_by("id"))
    if len(found) != len(application_ids):
        raise NotFound("application-not-found", facts={"asked": len(application_ids), "found": len(found)})
    return found


@command(writes="graduation.returned", clauses=("SR-18.2",), posts=policies.RETURNERS)
def return_application(*, application_id: int, reason: str, by: Actor, at: datetime) -> Outcome[Application]:
    """Refuse an application whose materials are incomplete or untrue, with the reason.

    Source:  SR-18.2
    Writes:  graduation.returned
    Raises:  NotPermitted, NotFound, WrongState, BadInput
    """
    application = access(Application.objects.select_for_update(), by, pk=application_id)
    check_transition(TRANSITIONS, ApplicationState(application.state), ApplicationState.RETURNED)
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明不予办理的理由。"})
    before = snapshot(application)
    application.state, application.returned_reason = ApplicationState.RETURNED, reason
    application.save(update_fields=["state", "returned_reason"])
    return Outcome(application, before=before, facts={"reason": reason})


@command(writes="graduation.postponed", clauses=("SR-18.5", "SR-17"), posts=policies.RECEIVERS)
def postpone_application(*, application_id: int, batch_on: date, by: Actor, at: datetime) -> Outcome[Application]:
    """Move an application that missed its batch to a later one; what was decided stays decided.

    Source:  SR-18.5, SR-17
    Writes:  graduation.postponed
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    application = access(Application.objects.select_for_update(), by, pk=application_id)
    if application.state not in OPEN:
        raise WrongState("application-closed", message="已制证或不予办理的申请不能转入下一批。")
    day = local_day(at)
    all_of(
        rules.ISSUE_DATE(on=day, batch_on=batch_on),
        rules.LATER_BATCH(on=day, present=application.batch_on, wanted=batch_on),
        rules.BATCH(on=day, batch_on=batch_on, roster_made=queries.roster_made(batch_on)),
    ).require()
    before = snapshot(application)
    earlier, application.batch_on = application.batch_on, batch_on
    application.save(update_fields=["batch_on"])
    return Outcome(application, before=before, facts={"from": earlier.isoformat(), "to": batch_on.isoformat()})
