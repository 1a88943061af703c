"""Exceptions: a site away from the seat or in a tutoring institution, by chain; the ministry's consents."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import Approval, propose, when_approved, when_refused
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, Conflict, WrongState
from zikao.stages.agencies import policies
from zikao.stages.agencies.models import MinistryConsent, Site, SiteApproval
from zikao.stages.agencies.states import (
    EXCEPTION_TRANSITIONS,
    ApprovalKind,
    ConsentMatter,
    ExceptionState,
    SiteState,
)

CHAIN = "site-exception"
SUBJECT = "agencies.siteapproval"


@command(
    writes="agencies.site-exception-applied",
    clauses=("EA-24.1", "EA-24.3"),
    posts=policies.EXCEPTION_APPLICANTS,
)
def apply_for_exception(
    *, site_id: int, kind: ApprovalKind, reason: str, evidence: bytes, evidence_type: str, by: Actor, at: datetime
) -> Outcome[SiteApproval]:
    """Apply as an area for a site away from the seat, or on a tutoring institution's grounds; the province decides.

    Source:  EA-24.1, EA-24.3
    Writes:  agencies.site-exception-applied
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused, WrongState
    """
    site = access(Site.objects.select_for_update(of=("self",)).select_related("county"), by, pk=site_id)
    if not reason.strip() or not evidence:
        raise BadInput("exception-bare", field_errors={"reason": "请写明特殊需要的理由，并附上申请材料。"})
    _check_needed(site, kind)
    if site.approvals.exclude(state=ExceptionState.REFUSED).filter(kind=kind).exists():
        raise Conflict("exception-applied", message="这一事项已经申请，或者已经批准。")
    paper = storage.put(evidence, media_type=evidence_type, at=at)
    application = SiteApproval.objects.create(
        site=site,
        kind=kind,
        state=ExceptionState.APPLIED,
        reason=reason.strip(),
        evidence=paper,
        evidence_type=evidence_type,
        applied_at=at,
    )
    approval = propose(
        chain=CHAIN,
        subject=f"{SUBJECT}:{application.pk}",
        digest=_digest(application),
        title=f"{application.get_kind_display()}：{site.name}",
        reason=reason,
        agency_code=site.area.code,
        by=by,
        at=at,
        evidence=[paper],
        shown={"考点": f"{site.code} {site.name}", "地址": site.address, "事项": str(application.get_kind_display())},
    )
    return Outcome(application, on=site, facts={"site": site.code, "kind": kind, **approval.facts})


def _check_needed(site: Site, kind: ApprovalKind) -> None:
    needed = not site.county.is_seat if kind == ApprovalKind.ELSEWHERE else site.tutoring_institution_id is not None
    if not needed or site.state == SiteState.CLOSED:
        raise WrongState("exception-not-needed", message="这个考点不需要这项批准，或者已经撤销。", clause="EA-24.1")


def _digest(application: SiteApproval) -> bytes:
    said = {"site": application.site.code, "kind": str(application.kind), "reason": application.reason}
    return sm3(canonical({**said, "evidence": application.evidence}))


@when_approved(CHAIN)
def exception_approved(approval: Approval, by: Actor, at: datetime) -> None:
    """The province approved: the document gets its number."""
    application = _of(approval)
    check_transition(EXCEPTION_TRANSITIONS, ExceptionState(application.state), ExceptionState.APPROVED)
    application.state, application.approved_on = ExceptionState.APPROVED, local_day(at)
    application.document_number = f"自考设点〔{at.year}〕{approval.pk}号"
    application.save(update_fields=["state", "approved_on", "document_number"])


@when_refused(CHAIN)
def exception_refused(approval: Approval, by: Actor, at: datetime) -> None:
    """The proposal came to nothing; the area may apply anew."""
    application = _of(approval)
    application.state = ExceptionState.REFUSED
    application.save(update_fields=["state"])


def _of(approval: Approval) -> SiteApproval:
    number = int(approval.subject.rpartition(":")[2])
    return SiteApproval.objects.select_for_update(of=("self",)).select_related("site").get(pk=number)


@command(writes="agencies.ministry-consent-recorded", clauses=("EA-22.4",), posts=policies.CONSENT_RECORDERS)
def record_consent(
    *,
    matter: ConsentMatter,
    place_code: str,
    document_number: str,
    consented_on: date,
    until_on: date,
    document: bytes,
    document_type: str,
    by: Actor,
    at: datetime,
) -> Outcome[MinistryConsent]:
    """Put the ministry's consent on record: to examine in another province, or to examine for one.

    Source:  EA-22.4
    Writes:  agencies.ministry-consent-recorded
    Raises:  NotPermitted, BadInput, Conflict
    """
    wrong = {
        "place_code": "" if place_code.isdigit() and len(place_code) == 2 else "请填写两位省份代码。",
        "document_number": "" if document_number.strip() else "请填写同意函文号。",
        "until_on": "" if until_on > consented_on else "有效期应晚于同意日期。",
        "consented_on": "" if consented_on <= local_day(at) else "同意日期不能晚于今天。",
        "document": "" if document else "请附上同意函原件。",
    }
    if place_code == by.agency_code[:2]:
        wrong["place_code"] = "这是本省代码，本省行政区域内不需要教育部同意。"
    if any(wrong.values()):
        raise BadInput("consent-incomplete", field_errors={name: text for name, text in wrong.items() if text})
    found = {"document_number": document_number.strip(), "matter": matter, "place_code": place_code}
    if MinistryConsent.objects.filter(agency_code=by.agency_code, **found).exists():
        raise Conflict("consent-recorded", message="这份同意函已经登记。")
    consent = MinistryConsent.objects.create(
        agency_code=by.agency_code, consented_on=consented_on, until_on=until_on, document_type=document_type,
        document=storage.put(document, media_type=document_type, at=at), recorded_at=at, **found,
    )  # fmt: skip
    facts = {**found, "on": consented_on, "until": until_on, "file": consent.document}
    return Outcome(consent, facts=facts)
