"""Reading agencies, sites, rooms and committees."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from zikao.foundation.actors import Actor, range_of
from zikao.foundation.commands import access, scoped
from zikao.foundation.regulation import Decision
from zikao.stages.agencies import rules
from zikao.stages.agencies.models import Agency, CommitteeMember, Room, SecureRoom, Site
from zikao.stages.agencies.states import AgencyKind, CommitteeRole, SiteState


def agency_tree(by: Actor) -> QuerySet[Agency]:
    """The agencies in the actor's subtree, in the order of their codes, each with its number of sites."""
    return scoped(Agency.objects.all(), by, "code").annotate(site_count=Count("sites"))


def agency(by: Actor, code: str) -> Agency:
    """One agency of the actor's subtree; NotFound where there is none."""
    return access(Agency.objects.select_related("parent"), by, "code", code=code)


def agency_name(code: str) -> str:
    """The name of the agency with this code; the code itself where there is none."""
    return Agency.objects.filter(code=code).values_list("name", flat=True).first() or code


def county(code: str) -> Agency | None:
    """The county with this code, or None: who registers must name one that exists."""
    return Agency.objects.filter(code=code, kind=AgencyKind.COUNTY).first()


def counties_of(by: Actor) -> QuerySet[Agency]:
    """The counties in the actor's subtree."""
    return scoped(Agency.objects.filter(kind=AgencyKind.COUNTY), by, "code")


def areas(by: Actor) -> QuerySet[Agency]:
    """The exam areas (prefectures) in the actor's subtree."""
    return scoped(Agency.objects.filter(kind=AgencyKind.PREFECTURE), by, "code")


def sites_of(by: Actor) -> QuerySet[Site]:
    """The sites in the actor's subtree, with their rooms and seats counted."""
    found = scoped(Site.objects.select_related("area", "county"), by)
    return found.annotate(room_count=Count("rooms"), seat_count=Sum("rooms__seats", default=0))


def site_of(by: Actor, site_id: int) -> Site:
    """One site of the actor's subtree; NotFound where there is none."""
    return access(sites_of(by), by, pk=site_id)


def usable_sites(area_code: str, on: date) -> QuerySet[Site]:
    """The sites of an area (or province) that are accepted, with the acceptance valid on the day (EA-24.2)."""
    lo, hi = range_of(area_code)
    return Site.objects.filter(
        agency_code__gte=lo,
        agency_code__lt=hi,
        state=SiteState.ACCEPTED,
        accepted_on__lte=on,
        accepted_until__gt=on,
    )


def area_seats(area_code: str, on: date) -> int:
    """The seats of all rooms of the area's usable sites on the day; an area's (or a province's) code."""
    rooms = Room.objects.filter(site__in=usable_sites(area_code, on).order_by())
    return int(rooms.aggregate(seats=Sum("seats", default=0))["seats"])


def site_usable(site: Site, on: date) -> Decision:
    """Whether the site may be used on the day, with the reason (EA-24.2)."""
    return rules.SITE_USABLE(
        on=on,
        accepted=site.state == SiteState.ACCEPTED,
        accepted_on=site.accepted_on,
        accepted_until=site.accepted_until,
    )


def rooms_of(sites: Iterable[Site]) -> QuerySet[Room]:
    """The rooms of the sites, by site and number, with their site."""
    return Room.objects.filter(site__in=list(sites)).select_related("site").order_by("site__code", "number")


def committee_of(area: Agency, on: date) -> QuerySet[CommitteeMember]:
    """The members of the area's committee on the day."""
    return area.committee.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), since_on__lte=on)


def committee_complete(area: Agency, on: date) -> Decision:
    """Whether the committee has director, deputy and all the departments (EA-23); findings name what is missing."""
    members = list(committee_of(area, on))
    return rules.COMMITTEE(
        on=on,
        directors=sum(m.role == CommitteeRole.DIRECTOR for m in members),
        deputies=sum(m.role == CommitteeRole.DEPUTY for m in members),
        departments=tuple(m.department for m in members),
    )


def secure_rooms_usable(agency_code: str, on: date) -> QuerySet[SecureRoom]:
    """The secure rooms of an agency whose acceptance is valid on the day (EA-18.2)."""
    return SecureRoom.objects.filter(agency_code=agency_code, accepted_on__lte=on, accepted_until__gt=on)
