"""A site from its proposal over inspection to acceptance; its suspension, loss and end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, WrongState
from zikao.foundation.regulation import all_of, decide
from zikao.stages.agencies import policies, queries, rules
from zikao.stages.agencies.commands.rooms import check_idle
from zikao.stages.agencies.models import (
    Agency,
    Inspection,
    InspectionItem,
    Site,
    Succession,
    TutoringInstitution,
)
from zikao.stages.agencies.states import (
    SITE_TRANSITIONS,
    AgencyKind,
    CheckedItem,
    SiteState,
)


@command(writes="agencies.site-proposed", clauses=("EA-24.1", "EA-24.3", "EA-22.4"), posts=policies.SITE_PROPOSERS)
def propose_site(
    *,
    name: str,
    county_code: str,
    host: str,
    address: str,
    tutoring_institution_code: str | None = None,
    exception_reason: str = "",
    place_code: str | None = None,
    consent_id: int | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[Site]:
    """Propose a site of the actor's area in a county; away from the seat or at a tutoring institution with the reason.

    `place_code` is the province where the premises lie, where it is another one: then with the ministry's consent.

    Source:  EA-24.1, EA-24.3, EA-22.4
    Writes:  agencies.site-proposed
    Raises:  NotPermitted, NotFound, Refused
    """
    county = access(Agency.objects.filter(kind=AgencyKind.COUNTY, closed_on__isnull=True), by, "code", code=county_code)
    area = Agency.objects.select_for_update(of=("self",)).get(children=county)
    institution = _institution(tutoring_institution_code, by)
    place, consent = place_code or county.code[:2], queries.consent_by_id(_province_of(by), consent_id)
    all_of(
        rules.SITE_PROPOSAL(
            on=local_day(at), at_seat=county.is_seat, in_tutoring_institution=bool(institution), reason=exception_reason
        ),
        queries.place_allowed(county.code[:2], place, consent, local_day(at)),
    ).require()
    code = f"{area.code}-{next_number(area):02d}"
    site = Site.objects.create(
        code=code, agency_code=code, name=name, area=area, county=county, host=host, address=address,
        tutoring_institution=institution, exception_reason=exception_reason, place_code=place, consent=consent,
        proposed_at=at,
    )  # fmt: skip
    return Outcome(site, facts={"code": code, "county": county.code, "at_seat": county.is_seat, "place": place})


def _institution(code: str | None, by: Actor) -> TutoringInstitution | None:
    return access(TutoringInstitution.objects.all(), _province_of(by), code=code) if code else None


def next_number(area: Agency) -> int:
    """One more than the highest number that a site of the area ever bore."""
    codes = Site.objects.filter(code__startswith=f"{area.code}-").values_list("code", flat=True)
    former = Succession.objects.filter(old_code__startswith=f"{area.code}-").values_list("old_code", flat=True)
    return max((int(code.rpartition("-")[2]) for code in (*codes, *former)), default=0) + 1


def _province_of(by: Actor) -> Actor:
    """The institutions of the whole province can be named by any of its areas."""
    return Actor(name=by.name, post=by.post, agency_code=by.agency_code[:2])


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
    day, people = local_day(at), named(inspectors)
    all_of(
        rules.SITE_INSPECTION(on=day, items=tuple(item.code for item in items)),
        rules.SITE_INSPECTORS(on=day, inspectors=len(people)),
        rules.SITE_RETURN(on=day, barred_until=site.barred_until),
    ).require()
    before, passed = snapshot(site), all(item.ok for item in items)
    inspection = Inspection.objects.create(site=site, inspected_on=day, inspectors="、".join(people), passed=passed)
    _keep(inspection, items, at)
    if not (passed and site.state == SiteState.ACCEPTED):
        _move(site, SiteState.INSPECTED)
        site.save(update_fields=["state"])
    facts = {
        "site": site.code,
        "passed": passed,
        "failed": [item.code for item in items if not item.ok],
        "files": sum(bool(item.file) for item in items),
    }
    return Outcome(inspection, on=site, before=before, facts=facts)


def _keep(inspection: Inspection, items: Sequence[CheckedItem], at: datetime) -> None:
    InspectionItem.objects.bulk_create(
        InspectionItem(
            inspection=inspection,
            code=item.code,
            ok=item.ok,
            evidence=item.evidence.strip(),
            file=storage.put(item.file, media_type=item.file_type, at=at) if item.file else "",
            file_type=item.file_type,
        )
        for item in items
    )


def named(people: str) -> list[str]:
    """The different names in a line of names."""
    return list(dict.fromkeys(filter(None, re.split(r"[、，,；;\s]+", people))))


def _move(site: Site, to: SiteState) -> None:
    check_transition(SITE_TRANSITIONS, SiteState(site.state), to)
    site.state = to


@command(
    writes="agencies.site-accepted", clauses=("EA-24.2", "EA-24.1", "EA-24.3", "EA-22.4"), posts=policies.SITE_ACCEPTORS
)
def accept_site(*, site_id: int, accepted_until: date, filing_number: str, by: Actor, at: datetime) -> Outcome[Site]:
    """Accept an inspected site and file it, valid from today until a day (exclusive).

    Source:  EA-24.2, EA-24.1, EA-24.3, EA-22.4
    Writes:  agencies.site-accepted
    Raises:  NotPermitted, NotFound, BadInput, WrongState, Refused
    """
    site = access(Site.objects.select_for_update(of=("self",)).select_related("county"), by, pk=site_id)
    if not filing_number.strip():
        raise BadInput("filing-number-missing", field_errors={"filing_number": "请填写备案号。"})
    before = snapshot(site)
    _move(site, SiteState.ACCEPTED)
    queries.may_accept(site, local_day(at), accepted_until).require()
    last = site.inspections.order_by("-id").first()
    site.accepted_inspection, site.barred_until = last, None
    site.accepted_on, site.accepted_until = local_day(at), accepted_until
    site.filing_number, site.suspension_reason = filing_number.strip(), ""
    site.save()
    return Outcome(site, before=before, facts={"site": site.code, "until": accepted_until})


@command(writes="agencies.site-changed", clauses=("EA-24.2",), posts=policies.SITE_CHANGERS)
def change_site(
    *, site_id: int, name: str, host: str, address: str, reason: str, by: Actor, at: datetime
) -> Outcome[Site]:
    """Correct a site's name, host or address; one in use does not move: it is taken out of use and accepted anew.

    Source:  EA-24.2
    Writes:  agencies.site-changed
    Raises:  NotPermitted, NotFound, BadInput, Refused, WrongState
    """
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    if site.state == SiteState.CLOSED:
        raise WrongState("site-closed", message="考点已经撤销，登记不再变更。", clause="EA-24.2")
    given = {"name": name.strip(), "host": host.strip(), "address": address.strip()}
    empty = {field: "不能为空。" for field, text in given.items() if not text}
    if empty or not reason.strip():
        raise BadInput("site-bare", field_errors=empty or {"reason": "请写明变更的原因。"})
    changed = [field for field, text in given.items() if getattr(site, field) != text]
    if not changed:
        raise BadInput("nothing-changed", field_errors={"name": "与现在的登记相同，没有变更。"})
    queries.may_change(site, local_day(at), moves="address" in changed).require()
    before = snapshot(site)
    for field in changed:
        setattr(site, field, given[field])
    site.save(update_fields=changed)
    return Outcome(site, before=before, facts={"site": site.code, "changed": changed, "reason": reason.strip()})


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


@command(writes="agencies.site-disqualified", clauses=("EA-24.2",), posts=policies.SITE_ACCEPTORS)
def disqualify_site(
    *, site_id: int, unit: str, similar_rooms: int, evidence: bytes, evidence_type: str, by: Actor, at: datetime
) -> Outcome[Site]:
    """Take a site out of use this year and next: similar scripts in a fifth or more of its rooms in one unit.

    Source:  EA-24.2 (Decree 33, Art 15)
    Writes:  agencies.site-disqualified
    Raises:  NotPermitted, NotFound, BadInput, WrongState, Refused
    """
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    rooms, on = site.rooms.count(), local_day(at)
    if not evidence or not unit.strip() or not 0 < similar_rooms <= rooms:
        raise BadInput(
            "similar-rooms",
            field_errors={"similar_rooms": f"雷同卷考场数应在1至{rooms}之间，并写明考试单元、附上认定材料。"},
        )
    barred = rules.SITE_LOSS(on=on, similar_rooms=similar_rooms, rooms=rooms)
    enough = decide("EA-24.2", barred is not None, "similar-rooms-too-few", similar=similar_rooms, rooms=rooms)
    enough.require()
    before = snapshot(site)
    if site.state != SiteState.SUSPENDED:
        _move(site, SiteState.SUSPENDED)
    site.barred_until = barred
    site.suspension_reason = f"{unit.strip()}雷同卷考场 {similar_rooms} 个，达到考场总数 {rooms} 个的五分之一"
    site.save(update_fields=["state", "barred_until", "suspension_reason"])
    paper = storage.put(evidence, media_type=evidence_type, at=at)
    facts = {"site": site.code, "similar": similar_rooms, "rooms": rooms, "until": barred, "evidence": paper}
    return Outcome(site, before=before, facts=facts)


@command(writes="agencies.site-closed", clauses=("EA-24.2",), posts=policies.SITE_CLOSERS)
def close_site(*, site_id: int, reason: str, by: Actor, at: datetime) -> Outcome[Site]:
    """Close a site for good, where no candidate is seated; it stays on record, its code is not given again.

    Source:  EA-24.2
    Writes:  agencies.site-closed
    Raises:  NotPermitted, NotFound, BadInput, Conflict, WrongState
    """
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明撤销原因。"})
    check_idle(site, at, "不能撤销")
    before = snapshot(site)
    _move(site, SiteState.CLOSED)
    site.closed_on, site.suspension_reason = local_day(at), reason.strip()
    site.save(update_fields=["state", "closed_on", "suspension_reason"])
    return Outcome(site, before=before, facts={"site": site.code})
