"""Reading sites and rooms, the exceptions and consents they rest on, what is about to expire."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Concat

from zikao.foundation.actors import Actor, range_of
from zikao.foundation.commands import access, scoped
from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import Decision, all_of, parameter
from zikao.stages.agencies import registers, rules
from zikao.stages.agencies.models import (
    GroupMember,
    InspectionItem,
    MinistryConsent,
    Room,
    Site,
    SiteApproval,
    TutoringInstitution,
)
from zikao.stages.agencies.queries.drawing import DrawnRoom, draw_room
from zikao.stages.agencies.queries.reached import standing_on
from zikao.stages.agencies.states import SAME_PHONE, ApprovalKind, ExceptionState, GroupRole, SiteState


def sites_in(by: Actor) -> QuerySet[Site]:
    """The sites in the actor's subtree, as they are."""
    return scoped(Site.objects.all(), by)


def sites_of(by: Actor) -> QuerySet[Site]:
    """The sites in the actor's subtree, with their rooms and seats counted."""
    found = sites_in(by).select_related("area", "county", "tutoring_institution", "consent")
    rooms = Room.objects.filter(site=OuterRef("pk")).order_by().values("site")
    return found.annotate(
        room_count=_counted(rooms.annotate(number=Count("pk")).values("number")),
        seat_count=_counted(rooms.annotate(number=Sum("seats")).values("number")),
    )


def _counted(rows: QuerySet[Any]) -> Coalesce:
    """A number of the page's rows only: a join would group all sites before the first page."""
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)


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


def tutoring_premises(site: Site) -> TutoringInstitution | None:
    """The tutoring institution on whose premises the site lies, None elsewhere (EA-24.3)."""
    return site.tutoring_institution


def premises() -> list[tuple[str, str]]:
    """Each area with the code of a tutoring institution on whose premises it has, or proposes, a site (EA-24.3)."""
    rows = Site.objects.filter(tutoring_institution__isnull=False).order_by("area__code", "tutoring_institution__code")
    return list(rows.values_list("area__code", "tutoring_institution__code").distinct())


def consents(by: Actor) -> QuerySet[MinistryConsent]:
    """The ministry's consents of the province: its areas propose sites by them."""
    return MinistryConsent.objects.filter(agency_code=by.agency_code[:2])


def consents_in_force(by: Actor, on: date) -> QuerySet[MinistryConsent]:
    """The province's consents that hold on the day: an area names one when it proposes a site outside."""
    return MinistryConsent.objects.filter(agency_code=by.agency_code[:2], consented_on__lte=on, until_on__gt=on)


def consent_by_id(by: Actor, consent_id: int | None) -> MinistryConsent | None:
    """One consent of the province. Raises NotFound."""
    if consent_id is None:
        return None
    return access(MinistryConsent.objects.all(), Actor("", by.post, by.agency_code[:2]), pk=consent_id)


def place_allowed(province: str, place: str, consent: MinistryConsent | None, on: date) -> Decision:
    """Whether the premises lie in the province, or the ministry consents (EA-22.4)."""
    return rules.SITE_PLACE(
        on=on,
        province=province,
        place=place,
        consent_for=consent.place_code if consent else None,
        consent_until=consent.until_on if consent else None,
    )


def groups_of(site: Site, on: date) -> QuerySet[GroupMember]:
    """The members of the site's working groups on the day."""
    return standing_on(site.group_members.all(), on)


def group_lines(site: Site, on: date) -> str:
    """The site's groups, a person a line, as the form takes them; telephones are not shown."""
    return "\n".join(
        ",".join((m.get_group_display(), m.get_role_display(), m.name, m.unit, SAME_PHONE if m.phone_sealed else ""))
        for m in groups_of(site, on)
    )


def groups_complete(site: Site, on: date) -> Decision:
    """Whether the six groups have leader and members, and the closed corridor was confirmed (EA-24.5)."""
    members = list(groups_of(site, on))
    last = site.inspections.order_by("-id").first()
    return rules.WORKING_GROUPS(
        on=on,
        led=tuple(m.group for m in members if m.role == GroupRole.LEADER),
        manned=tuple(m.group for m in members if m.role == GroupRole.MEMBER),
        corridor=last is not None and last.items.filter(code="corridor", ok=True).exists(),
    )


def sites_without_groups(by: Actor, on: date) -> QuerySet[Site]:
    """Usable sites whose groups are not complete, by one statement whatever their number."""
    needed = parameter("site-working-groups").on(on)
    full = (
        standing_on(scoped(GroupMember.objects.filter(group__in=list(needed)), by), on)
        .order_by()
        .values("site_id")
        .annotate(seats=Count(Concat("group", Value("/"), "role"), distinct=True))
        .filter(seats=len(needed) * len(GroupRole.values))
    )
    sites = sites_in(by).filter(state=SiteState.ACCEPTED)
    return sites.exclude(pk__in=full.values("site_id")).order_by("code")


def expiring_sites(by: Actor, on: date) -> QuerySet[Site]:
    """Accepted sites whose acceptance ends soon, or has ended."""
    soon = on + timedelta(days=int(parameter("validity-warning").on(on)))
    return scoped(Site.objects.filter(state=SiteState.ACCEPTED, accepted_until__lte=soon), by).order_by(
        "accepted_until"
    )


def end_of(day: date | None, zone: tzinfo) -> datetime | None:
    """The first instant at which something valid until a day (exclusive) is not valid any more."""
    return datetime.combine(day, time(), zone) if day else None


def warned_from(until: date, on: date) -> date:
    """From which day on an end of validity is pointed at."""
    return rules.WARNED_FROM(until=until, on=on)


def may_return(site: Site, on: date) -> Decision:
    """Whether a site that lost its qualification may be brought back (Decree 33 Art 15)."""
    return rules.SITE_RETURN(on=on, barred_until=site.barred_until)


def may_change(site: Site, on: date, *, moves: bool) -> Decision:
    """Whether the site's name, host or address may be corrected; `moves`: the address becomes another."""
    running = registers.running_rounds(site.agency_code, on)
    return rules.SITE_CHANGE(on=on, moves=moves, in_use=site.state == SiteState.ACCEPTED, rounds=running)


def site_choices(by: Actor) -> list[tuple[str, str]]:
    """The sites of the actor's subtree that stand, to choose from."""
    rows = scoped(Site.objects.exclude(state=SiteState.CLOSED), by).order_by("code")
    return [(code, f"{code} {name}") for code, name in rows.values_list("code", "name")]


def site_now(by: Actor, site_id: int) -> dict[str, object]:
    """The site's present name, host and address. Raises NotFound."""
    site = site_of(by, site_id)
    return {"name": site.name, "host": site.host, "address": site.address}


def may_accept(site: Site, on: date, until: date | None = None) -> Decision:
    """Whether the province may accept the site today; `until` is the end of validity that is meant."""
    last = site.inspections.order_by("-id").first()
    approved = set(site.approvals.filter(state=ExceptionState.APPROVED).values_list("kind", flat=True))
    return all_of(
        may_return(site, on),
        rules.SITE_ACCEPTANCE(
            on=on,
            inspection_passed=last is not None and last.passed,
            inspection_is_new=last is None or last.pk != site.accepted_inspection_id,
            at_seat=site.county.is_seat,
            elsewhere_approved=ApprovalKind.ELSEWHERE in approved,
            in_tutoring_institution=site.tutoring_institution_id is not None,
            tutoring_approved=ApprovalKind.TUTORING in approved,
            accepted_until=until or on + timedelta(days=1),
        ),
        place_allowed(site.agency_code[:2], site.place_code, site.consent, on),
    )


def drawn(room: Room) -> DrawnRoom:
    """The room as a picture: seats in a serpentine from the door."""
    return draw_room(room.seats, room.spacing_cm)


def room_now(by: Actor, site_id: int, number: int) -> dict[str, object]:
    """The room's present attributes. Raises NotFound."""
    site = site_of(by, site_id)
    room = site.rooms.filter(number=number).first()
    if room is None:
        raise NotFound("room-not-found", facts={"room": number})
    return {"seats": room.seats, "spacing_cm": room.spacing_cm, "place": room.place}


def evidence_of(site: Site, digest: str) -> str:
    """The media type of a file that belongs to the site. Raises NotFound."""
    item = InspectionItem.objects.filter(inspection__site=site, file=digest).first()
    application = site.approvals.filter(evidence=digest).first()
    if item is None and application is None:
        raise NotFound("file-not-found")
    return item.file_type if item else application.evidence_type if application else ""


def site_of_exception(application_id: int) -> int:
    """The site that an application is about."""
    return SiteApproval.objects.values_list("site_id", flat=True).get(pk=application_id)


def group_member(by: Actor, member_id: int) -> GroupMember:
    """A member of a site's working group. Raises NotFound."""
    return access(GroupMember.objects.select_related("site"), by, pk=member_id)
