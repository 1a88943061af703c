"""Those who have finished their plan apply, are decided on by three bodies, certified, registered, and receive it."""

from __future__ import annotations

from collections import defaultdict

from zikao.foundation.errors import Refused
from zikao.stages.candidates.models import Candidate
from zikao.stages.graduation import commands
from zikao.stages.graduation.models import Application, GraduationCertificate
from zikao.stages.graduation.states import ApplicationState, Materials
from zikao.stages.programmes.models import Plan
from zikao.stages.records.queries import held_by, plan_fact
from zikao.stages.records.rules import is_complete
from zikao.stages.registry import commands as registry
from zikao.stages.registry.models import RegistrationBatch
from zikao.stages.registry.states import BatchState
from zikao.world.calendar import (
    BATCH_ON,
    CERTIFICATES_HANDED_OUT,
    CERTIFICATES_MADE,
    GRADUATION_APPLIED,
    REGISTRATION_SENT,
)
from zikao.world.life.context import Life

MATERIALS = {"admission_card": True, "identity_document": True, "appraisal_passed": True}


def apply_for_graduation(life: Life) -> dict[str, int]:
    """Everybody who has finished applies; one who has not is turned away."""
    finished = _finished()
    for candidate, plan in life.each("受理毕业申请", finished):
        _apply(life, candidate, plan)
    return {"refused_graduations": _one_too_early(life, {candidate.pk for candidate, _ in finished})}


def _finished() -> list[tuple[Candidate, Plan]]:
    plans = {plan.major_id: plan for plan in Plan.objects.select_related("major")}
    facts = {major: plan_fact(plan) for major, plan in plans.items()}
    candidates = list(Candidate.objects.filter(major_id__in=plans).order_by("id"))
    held = held_by(candidate.pk for candidate in candidates)
    return [
        (candidate, plans[candidate.major_id])
        for candidate in candidates
        if candidate.pk in held and is_complete(facts[candidate.major_id], held[candidate.pk].passed)
    ]


def _apply(life: Life, candidate: Candidate, plan: Plan) -> None:
    bachelor = plan.major.level == "bachelor"
    prior = f"Z{candidate.admission_number}" if bachelor else ""
    commands.apply_for_graduation(
        candidate_id=candidate.pk,
        plan_id=plan.pk,
        batch_on=BATCH_ON,
        materials=Materials(**MATERIALS, prior_certificate=prior, prior_verified=bachelor),
        by=life.who(f"clerk-{candidate.agency_code[:4]}", GRADUATION_APPLIED),
        at=GRADUATION_APPLIED,
    )


def _one_too_early(life: Life, finished: set[int]) -> int:
    plans = {plan.major_id: plan for plan in Plan.objects.select_related("major")}
    candidate = Candidate.objects.filter(major_id__in=plans).exclude(pk__in=finished).order_by("id").first()
    if candidate is None:
        return 0
    try:
        _apply(life, candidate, plans[candidate.major_id])
    except Refused:
        return 1
    raise AssertionError("somebody graduated who has not finished")


def decide(life: Life) -> None:
    """Prefectures review, the province approves, the examining schools confirm."""
    by_area: dict[str, list[int]] = defaultdict(list)
    for pk, agency in Application.objects.order_by("id").values_list("id", "agency_code"):
        by_area[agency[:4]].append(pk)
    at = GRADUATION_APPLIED
    for area, ids in life.each("毕业审定", by_area.items()):
        reviewer = life.who(f"reviewer-{area}", at)
        commands.decide_applications(application_ids=ids, to=ApplicationState.REVIEWED, by=reviewer, at=at)
    everybody = [pk for ids in by_area.values() for pk in ids]
    for username, to in (("records-head", ApplicationState.APPROVED), ("school", ApplicationState.CONFIRMED)):
        if everybody:
            commands.decide_applications(application_ids=everybody, to=to, by=life.who(username, at), at=at)


def certify(life: Life) -> None:
    """The roster is frozen and every certificate made."""
    if Application.objects.filter(state=ApplicationState.CONFIRMED).exists():
        by = life.who("records-clerk", CERTIFICATES_MADE)
        commands.make_certificates(batch_on=BATCH_ON, by=by, at=CERTIFICATES_MADE)


def report(life: Life) -> None:
    """Checked by one, approved by another, reported to the centre."""
    if not GraduationCertificate.objects.exists():
        return
    at = REGISTRATION_SENT
    registry.check_batch(batch_on=BATCH_ON, by=life.who("records-clerk", at), at=at)
    registry.approve_batch(batch_on=BATCH_ON, by=life.who("records-head", at), at=at)
    registry.send_batch(batch_on=BATCH_ON, by=life.who("records-clerk", at), at=at)


def hand_out(life: Life) -> dict[str, str]:
    """Registered, and only then handed out; names one graduate, so that a visitor can look at their pages."""
    first = GraduationCertificate.objects.order_by("number").select_related("application__candidate").first()
    if first is None:
        return {}
    life.wait_for("电子注册", RegistrationBatch.objects.filter(batch_on=BATCH_ON, state=BatchState.REGISTERED).exists)
    for certificate in life.each("颁发毕业证书", GraduationCertificate.objects.order_by("number")):
        by = life.who(f"clerk-{certificate.agency_code[:4]}", CERTIFICATES_HANDED_OUT)
        commands.hand_out_certificate(certificate_id=certificate.pk, by=by, at=CERTIFICATES_HANDED_OUT)
    return {f"graduate_{life.root}": first.application.candidate.admission_number}
