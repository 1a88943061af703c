"""Reading secure rooms and facilities: what is valid, what is about to expire."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.foundation.regulation import parameter
from zikao.stages.agencies.models import Facility, School, SecureRoom, SupportingSchool, TutoringInstitution
from zikao.stages.agencies.states import FacilityKind


def secure_rooms(by: Actor) -> QuerySet[SecureRoom]:
    """The secure rooms in the actor's subtree."""
    return scoped(SecureRoom.objects.select_related("agency"), by)


def secure_room(by: Actor, room_id: int) -> SecureRoom:
    """One secure room. Raises NotFound."""
    return access(SecureRoom.objects.select_related("agency"), by, pk=room_id)


def secure_rooms_usable(agency_code: str, on: date) -> QuerySet[SecureRoom]:
    """The secure rooms of an agency whose acceptance is valid on the day (EA-18.2)."""
    standing = SecureRoom.objects.filter(agency_code=agency_code, ended_on__isnull=True)
    return standing.filter(accepted_on__lte=on, accepted_until__gt=on)


def facilities(by: Actor) -> QuerySet[Facility]:
    """Printing units, vehicles and cameras in the actor's subtree."""
    return scoped(Facility.objects.select_related("agency", "site"), by)


def facility(by: Actor, facility_id: int) -> Facility:
    """One facility. Raises NotFound."""
    return access(Facility.objects.select_related("agency", "site"), by, pk=facility_id)


def facilities_valid(kind: FacilityKind, agency_code: str, on: date) -> QuerySet[Facility]:
    """The facilities of a kind at an agency that may be used on the day (EA-19, EA-21.1)."""
    standing = Facility.objects.filter(kind=kind, agency_code=agency_code, ended_on__isnull=True)
    return standing.filter(valid_from__lte=on, valid_until__gt=on)


def expiring_secure_rooms(by: Actor, on: date) -> QuerySet[SecureRoom]:
    """Secure rooms whose acceptance ends soon, or has ended."""
    return secure_rooms(by).filter(ended_on__isnull=True, accepted_until__lte=_soon(on)).order_by("accepted_until")


def expiring_facilities(by: Actor, on: date) -> QuerySet[Facility]:
    """Facilities whose validity ends soon, or has ended."""
    return facilities(by).filter(ended_on__isnull=True, valid_until__lte=_soon(on)).order_by("valid_until")


def supporting_schools(by: Actor) -> QuerySet[SupportingSchool]:
    """The schools that support the examination, those of the past too."""
    return scoped(SupportingSchool.objects.select_related("area"), by)


def supporting_school(by: Actor, school_id: int) -> SupportingSchool:
    """One of them. Raises NotFound."""
    return access(SupportingSchool.objects.select_related("area"), by, pk=school_id)


def examining_schools(by: Actor) -> QuerySet[School]:
    """The examining schools with who acts for them."""
    return scoped(School.objects.prefetch_related("clerks"), Actor("", by.post, by.agency_code[:2]))


def tutoring_institutions(by: Actor) -> QuerySet[TutoringInstitution]:
    """The tutoring institutions with the sites on their premises."""
    whole = Actor("", by.post, by.agency_code[:2])
    return scoped(TutoringInstitution.objects.prefetch_related("sites"), whole)


def examining_school(by: Actor, code: str) -> School:
    """One of them. Raises NotFound."""
    return access(examining_schools(by), Actor("", by.post, by.agency_code[:2]), code=code)


def tutoring_institution(by: Actor, code: str) -> TutoringInstitution:
    """One of them. Raises NotFound."""
    return access(tutoring_institutions(by), Actor("", by.post, by.agency_code[:2]), code=code)


def _soon(on: date) -> date:
    return on + timedelta(days=int(parameter("validity-warning").on(on)))
