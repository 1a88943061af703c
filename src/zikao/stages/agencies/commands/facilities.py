"""Secure rooms, printing units, vehicles and cameras: registered, renewed, ended."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, WrongState
from zikao.stages.agencies import policies, rules
from zikao.stages.agencies.models import Agency, Facility, SecureRoom, Site
from zikao.stages.agencies.states import FacilityKind


@command(
    writes="agencies.secure-room-registered",
    clauses=("EA-18.2", "EA-21.5"),
    posts=policies.SECURE_ROOM_REGISTRARS,
)
def register_secure_room(
    *,
    agency_code: str,
    name: str,
    cameras: int,
    acceptance_number: str,
    accepted_on: date,
    accepted_until: date,
    by: Actor,
    at: datetime,
) -> Outcome[SecureRoom]:
    """Put a secure room with the secrecy department's acceptance on record, valid until a day (exclusive).

    Source:  EA-18.2, EA-21.5
    Writes:  agencies.secure-room-registered
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    agency = access(Agency.objects.filter(closed_on__isnull=True), by, "code", code=agency_code)
    rules.SECURE_ROOM(
        on=local_day(at), cameras=cameras, accepted_on=accepted_on, accepted_until=accepted_until
    ).require()
    if agency.secure_rooms.filter(name=name).exists():
        raise Conflict("secure-room-registered", facts={"name": name}, message=f"保密室“{name}”已登记。")
    room = SecureRoom.objects.create(
        agency=agency,
        agency_code=agency.code,
        name=name,
        cameras=cameras,
        acceptance_number=acceptance_number,
        accepted_on=accepted_on,
        accepted_until=accepted_until,
    )
    return Outcome(room, facts={"agency": agency.code, "cameras": cameras, "until": accepted_until})


@command(
    writes="agencies.secure-room-accepted-anew",
    clauses=("EA-18.2", "EA-21.5"),
    posts=policies.SECURE_ROOM_REGISTRARS,
)
def renew_secure_room(
    *,
    room_id: int,
    cameras: int,
    acceptance_number: str,
    accepted_on: date,
    accepted_until: date,
    by: Actor,
    at: datetime,
) -> Outcome[SecureRoom]:
    """Record that a secure room was accepted anew.

    Source:  EA-18.2, EA-21.5
    Writes:  agencies.secure-room-accepted-anew
    Raises:  NotPermitted, NotFound, Refused, WrongState
    """
    room = access(SecureRoom.objects.select_for_update(), by, pk=room_id)
    _check_standing(room.ended_on)
    rules.SECURE_ROOM(
        on=local_day(at), cameras=cameras, accepted_on=accepted_on, accepted_until=accepted_until
    ).require()
    before = snapshot(room)
    room.cameras, room.acceptance_number = cameras, acceptance_number
    room.accepted_on, room.accepted_until = accepted_on, accepted_until
    room.save(update_fields=["cameras", "acceptance_number", "accepted_on", "accepted_until"])
    return Outcome(room, before=before, facts={"agency": room.agency_code, "until": accepted_until})


@command(writes="agencies.secure-room-ended", clauses=("EA-18.2",), posts=policies.SECURE_ROOM_REGISTRARS)
def end_secure_room(*, room_id: int, by: Actor, at: datetime) -> Outcome[SecureRoom]:
    """Give a secure room up: from today no papers are kept there.

    Source:  EA-18.2
    Writes:  agencies.secure-room-ended
    Raises:  NotPermitted, NotFound, WrongState
    """
    room = access(SecureRoom.objects.select_for_update(), by, pk=room_id)
    _check_standing(room.ended_on)
    before = snapshot(room)
    room.ended_on = local_day(at)
    room.accepted_until = max(min(room.accepted_until, room.ended_on), _day_after(room.accepted_on))
    room.save(update_fields=["ended_on", "accepted_until"])
    return Outcome(room, before=before, facts={"agency": room.agency_code})


@command(
    writes="agencies.facility-registered", clauses=("EA-19", "EA-21.1", "EA-24.2"), posts=policies.FACILITY_REGISTRARS
)
def register_facility(
    *,
    kind: FacilityKind,
    agency_code: str,
    name: str,
    identifier: str,
    site_code: str | None = None,
    cameras: int,
    has_positioning: bool,
    certificate_number: str,
    valid_from: date,
    valid_until: date,
    evidence: bytes,
    evidence_type: str,
    by: Actor,
    at: datetime,
) -> Outcome[Facility]:
    """Put a printing unit, a vehicle or a site's cameras on record with their proof, valid until a day (exclusive).

    Source:  EA-19, EA-21.1, EA-24.2
    Writes:  agencies.facility-registered
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    agency = access(Agency.objects.filter(closed_on__isnull=True), by, "code", code=agency_code)
    site = access(Site.objects.all(), by, code=site_code) if site_code else None
    if (kind == FacilityKind.CAMERAS) != (site is not None):
        raise BadInput("cameras-of-a-site", field_errors={"site_code": "考点视频监控须填考点代码，其他设施不填。"})
    _check_evidence(evidence, certificate_number)
    _check_facility(kind, cameras, has_positioning, valid_from, valid_until, at)
    if Facility.objects.filter(kind=kind, identifier=identifier, ended_on__isnull=True).exists():
        raise Conflict("facility-registered", message=f"{kind.label}“{identifier}”已登记。")
    paper = storage.put(evidence, media_type=evidence_type, at=at)
    facility = Facility.objects.create(
        agency=agency, agency_code=site.agency_code if site else agency.code, kind=kind, name=name,
        identifier=identifier, site=site, cameras=cameras, has_positioning=has_positioning,
        certificate_number=certificate_number.strip(), valid_from=valid_from, valid_until=valid_until, evidence=paper,
        evidence_type=evidence_type,
    )  # fmt: skip
    return Outcome(facility, facts={"kind": kind, "agency": facility.agency_code, "until": valid_until})


@command(
    writes="agencies.facility-renewed", clauses=("EA-19", "EA-21.1", "EA-24.2"), posts=policies.FACILITY_REGISTRARS
)
def renew_facility(
    *,
    facility_id: int,
    cameras: int,
    has_positioning: bool,
    certificate_number: str,
    valid_from: date,
    valid_until: date,
    evidence: bytes,
    evidence_type: str,
    by: Actor,
    at: datetime,
) -> Outcome[Facility]:
    """Record a new check or acceptance of a facility.

    Source:  EA-19, EA-21.1, EA-24.2
    Writes:  agencies.facility-renewed
    Raises:  NotPermitted, NotFound, BadInput, Refused, WrongState
    """
    facility = access(Facility.objects.select_for_update(of=("self",)), by, pk=facility_id)
    _check_standing(facility.ended_on)
    _check_evidence(evidence, certificate_number)
    _check_facility(FacilityKind(facility.kind), cameras, has_positioning, valid_from, valid_until, at)
    before = snapshot(facility)
    facility.cameras, facility.has_positioning = cameras, has_positioning
    facility.certificate_number = certificate_number.strip()
    facility.valid_from, facility.valid_until = valid_from, valid_until
    facility.evidence = storage.put(evidence, media_type=evidence_type, at=at)
    facility.evidence_type = evidence_type
    facility.save()
    return Outcome(facility, before=before, facts={"kind": facility.kind, "until": valid_until})


@command(writes="agencies.facility-ended", clauses=("EA-19", "EA-21.1"), posts=policies.FACILITY_REGISTRARS)
def end_facility(*, facility_id: int, by: Actor, at: datetime) -> Outcome[Facility]:
    """Take a facility out of use today; it stays on record.

    Source:  EA-19, EA-21.1
    Writes:  agencies.facility-ended
    Raises:  NotPermitted, NotFound, WrongState
    """
    facility = access(Facility.objects.select_for_update(of=("self",)), by, pk=facility_id)
    _check_standing(facility.ended_on)
    before = snapshot(facility)
    facility.ended_on = local_day(at)
    facility.save(update_fields=["ended_on"])
    return Outcome(facility, before=before, facts={"kind": facility.kind})


def _check_standing(ended_on: date | None) -> None:
    if ended_on is not None:
        raise WrongState("already-ended", message="已经停用，不能再变更；重新启用的请另行登记。")


def _check_evidence(evidence: bytes, certificate_number: str) -> None:
    if not evidence or not certificate_number.strip():
        raise BadInput("proof-missing", field_errors={"evidence": "请填写资质或验收文号，并附上证明材料。"})


def _check_facility(
    kind: FacilityKind, cameras: int, has_positioning: bool, valid_from: date, valid_until: date, at: datetime
) -> None:
    rules.FACILITY(
        on=local_day(at),
        kind=str(kind),
        cameras=cameras,
        has_positioning=has_positioning,
        valid_from=valid_from,
        valid_until=valid_until,
    ).require()


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
