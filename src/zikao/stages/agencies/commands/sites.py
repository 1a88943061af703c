"""A site from its proposal over inspection to acceptance; its rooms; its suspension."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, Conflict
from zikao.foundation.regulation import all_of
from zikao.stages.agencies import policies, rules
from zikao.stages.agencies.models import (
    Agency,
    Inspection,
    InspectionItem,
    Room,
    Site,
    SiteApproval,
    TutoringInstitution,
)
from zikao.stages.agencies.states import (
    SITE_TRANSITIONS,
    AgencyKind,
    ApprovalKind,
    CheckedItem,
    RoomRow,
    SiteState,
)


@command(writes="agencies.site-proposed", clauses=("EA-24.1", "EA-24.3"), posts=policies.SITE_PROPOSERS)
def propose_site(
    *,
    name: str,
    county_code: str,
    host: str,
    address: str,
    tutoring_institution_code: str | None = None,
    exception_reason: str = "",
    by: Actor,
    at: datetime,
) -> Outcome[Site]:
    """Propose a site of the actor's area in a county; away from the seat or at a tutoring institution with the reason.

    Source:  EA-24.1, EA-24.3
    Writes:  agencies.site-proposed
    Raises:  NotPermitted, NotFound, Refused
    """
    county = access(Agency.objects.filter(kind=AgencyKind.COUNTY), by, "code", code=county_code)
    area = Agency.objects.select_for_update(of=("self",)).get(children=county)
    institution = (
        access(TutoringInstitution.objects.all(), _province_of(by), code=tutoring_institution_code)
        if tutoring_institution_code
        else None
    )
    rules.SITE_PROPOSAL(
        on=local_day(at),
        at_seat=county.is_seat,
        in_tutoring_institution=institution is not None,
        reason=exception_reason,
    ).require()
    code = f"{area.code}-{area.sites.count() + 1:02d}"
    site = Site.objects.create(
        code=code,
        agency_code=code,
        name=name,
        area=area,
        county=county,
        host=host,
        address=address,
        tutoring_institution=institution,
        exception_reason=exception_reason,
        proposed_at=at,
    )
    return Outcome(site, facts={"code": code, "county": county.code, "at_seat": county.is_seat})


def _province_of(by: Actor) -> Actor:
    """The institutions of the whole province can be named by any of its areas."""
    return Actor(name=by.name, post=by.post, agency_code=by.agency_code[:2])


@command(
    writes="agencies.site-exception-approved",
    clauses=("EA-24.1", "EA-24.3"),
    posts=policies.EXCEPTION_APPROVERS,
)
def approve_exception(
    *, site_id: int, kind: ApprovalKind, document_number: str, by: Actor, at: datetime
) -> Outcome[SiteApproval]:
    """Record the province's approval of a site away from the seat, or on a tutoring institution's grounds.

    Source:  EA-24.1, EA-24.3
    Writes:  agencies.site-exception-approved
    Raises:  NotPermitted, NotFound, BadInput, Conflict
    """
    site = access(Site.objects.all(), by, pk=site_id)
    if not document_number.strip():
        raise BadInput("document-number-missing", field_errors={"document_number": "请填写批文号。"})
    if site.approvals.filter(kind=kind).exists():
        raise Conflict("already-approved", message="这一事项已经批准。")
    approval = SiteApproval.objects.create(
        site=site, kind=kind, document_number=document_number.strip(), approved_on=local_day(at)
    )
    return Outcome(approval, on=site, facts={"site": site.code, "kind": kind, "document": document_number})


@command(writes="agencies.site-inspected", clauses=("EA-24.2",), posts=policies.SITE_INSPECTORS)
def inspect_site(
    *, site_id: int, inspectors: str, items: Sequence[CheckedItem], by: Actor, at: datetime
) -> Outcome[Inspection]:
    """Record a standardisation inspection: every item with its evidence. A failed one takes an acceptance away.

    Source:  EA-24.2
    Writes:  agencies.site-inspected
    Raises:  NotPermitted, NotFound, BadInput, Refused
    """
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    bare = [item.code for item in items if not item.evidence.strip()]
    if bare:
        raise BadInput("evidence-missing", field_errors=dict.fromkeys(bare, "请写明检查依据。"))
    rules.SITE_INSPECTION(on=local_day(at), items=tuple(item.code for item in items)).require()
    before, passed = snapshot(site), all(item.ok for item in items)
    inspection = Inspection.objects.create(site=site, inspected_on=local_day(at), inspectors=inspectors, passed=passed)
    InspectionItem.objects.bulk_create(
        InspectionItem(inspection=inspection, code=item.code, ok=item.ok, evidence=item.evidence.strip())
        for item in items
    )
    if not (passed and site.state == SiteState.ACCEPTED):
        _move(site, SiteState.INSPECTED)
        site.save(update_fields=["state"])
    facts = {"site": site.code, "passed": passed, "failed": [item.code for item in items if not item.ok]}
    return Outcome(inspection, on=site, before=before, facts=facts)


def _move(site: Site, to: SiteState) -> None:
    check_transition(SITE_TRANSITIONS, SiteState(site.state), to)
    site.state = to


@command(writes="agencies.site-accepted", clauses=("EA-24.2", "EA-24.1", "EA-24.3"), posts=policies.SITE_ACCEPTORS)
def accept_site(*, site_id: int, accepted_until: date, filing_number: str, by: Actor, at: datetime) -> Outcome[Site]:
    """Accept an inspected site and file it, valid from today until a day (exclusive).

    Source:  EA-24.2, EA-24.1, EA-24.3
    Writes:  agencies.site-accepted
    Raises:  NotPermitted, NotFound, BadInput, WrongState, Refused
    """
    site = access(Site.objects.select_for_update(of=("self",)).select_related("county"), by, pk=site_id)
    if not filing_number.strip():
        raise BadInput("filing-number-missing", field_errors={"filing_number": "请填写备案号。"})
    before = snapshot(site)
    _move(site, SiteState.ACCEPTED)
    last = site.inspections.order_by("-id").first()
    approved = set(site.approvals.values_list("kind", flat=True))
    rules.SITE_ACCEPTANCE(
        on=local_day(at),
        inspection_passed=last is not None and last.passed,
        at_seat=site.county.is_seat,
        elsewhere_approved=ApprovalKind.ELSEWHERE in approved,
        in_tutoring_institution=site.tutoring_institution_id is not None,
        tutoring_approved=ApprovalKind.TUTORING in approved,
        accepted_until=accepted_until,
    ).require()
    site.accepted_on, site.accepted_until = local_day(at), accepted_until
    site.filing_number, site.suspension_reason = filing_number.strip(), ""
    site.save()
    return Outcome(site, before=before, facts={"site": site.code, "until": accepted_until})


@command(writes="agencies.site-suspended", clauses=("EA-24.2",), posts=policies.SITE_ACCEPTORS)
def suspend_site(*, site_id: int, reason: str, by: Actor, at: datetime) -> Outcome[Site]:
    """Take a site out of use; a new inspection and acceptance bring it back.

    Source:  EA-24.2
    Writes:  agencies.site-suspended
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明停用原因。"})
    before = snapshot(site)
    _move(site, SiteState.SUSPENDED)
    site.suspension_reason = reason.strip()
    site.save(update_fields=["state", "suspension_reason"])
    return Outcome(site, before=before, facts={"site": site.code})


@command(writes="agencies.rooms-added", clauses=("EA-25.2",), posts=policies.ROOM_ADDERS)
def add_rooms(*, site_id: int, rooms: Sequence[RoomRow], by: Actor, at: datetime) -> Outcome[list[Room]]:
    """Add rooms to a site, all or none; each with 25 or 30 seats and the spacing that the law asks.

    Source:  EA-25.2
    Writes:  agencies.rooms-added
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    numbers = [room.number for room in rooms]
    if not rooms or min(numbers) < 1 or len(set(numbers)) != len(numbers):
        raise BadInput("room-numbers", field_errors={"rooms": "考场号从1起，不能重复，不能为空。"})
    taken = sorted(site.rooms.filter(number__in=numbers).values_list("number", flat=True))
    if taken:
        raise Conflict("room-number-taken", facts={"numbers": taken}, message=f"考场号 {taken} 已经存在。")
    day = local_day(at)
    all_of(*(rules.ROOM(on=day, number=r.number, seats=r.seats, spacing_cm=r.spacing_cm) for r in rooms)).require()
    added = Room.objects.bulk_create(
        Room(site=site, number=r.number, seats=r.seats, spacing_cm=r.spacing_cm, place=r.place) for r in rooms
    )
    return Outcome(added, on=site, facts={"site": site.code, "rooms": len(rooms), "seats": sum(r.seats for r in rooms)})
