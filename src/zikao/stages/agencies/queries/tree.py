"""Reading agencies: the tree, committees, what a code stood for on a day, what hangs on an agency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from django.db.models import Count, Prefetch, Q, QuerySet

from zikao.foundation.access.models import Appointment
from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.foundation.regulation import Decision
from zikao.stages.agencies import registers, rules
from zikao.stages.agencies.models import Agency, AgencyPeriod, CommitteeMember, Site, Succession
from zikao.stages.agencies.states import AgencyKind, CommitteeRole, SiteState


class Hanging(TypedDict):
    """What keeps an agency from closing."""

    children: int
    sites: int
    rounds: tuple[str, ...]
    people: int


def agency_tree(by: Actor) -> QuerySet[Agency]:
    """The agencies in the actor's subtree, in the order of their codes, each with its number of sites."""
    standing = Q(sites__isnull=False) & ~Q(sites__state=SiteState.CLOSED)
    return scoped(Agency.objects.all(), by, "code").annotate(site_count=Count("sites", filter=standing))


def agency(by: Actor, code: str) -> Agency:
    """One agency of the actor's subtree; NotFound where there is none."""
    return access(Agency.objects.select_related("parent"), by, "code", code=code)


def agency_name(code: str) -> str:
    """The name of the agency with this code; the code itself where there is none."""
    return Agency.objects.filter(code=code).values_list("name", flat=True).first() or code


def county(code: str) -> Agency | None:
    """The county with this code, or None: who registers must name one that exists."""
    return Agency.objects.filter(code=code, kind=AgencyKind.COUNTY, closed_on__isnull=True).first()


def agency_choices(by: Actor, *kinds: AgencyKind) -> list[tuple[str, str]]:
    """The open agencies of the actor's subtree (of some kinds) by code, to choose from."""
    rows = scoped(Agency.objects.filter(closed_on__isnull=True), by, "code").order_by("code")
    rows = rows.filter(kind__in=kinds) if kinds else rows
    return [(code, f"{code} {name}") for code, name in rows.values_list("code", "name")]


def counties_of(by: Actor) -> QuerySet[Agency]:
    """The open counties in the actor's subtree."""
    return scoped(Agency.objects.filter(kind=AgencyKind.COUNTY, closed_on__isnull=True), by, "code")


def areas(by: Actor) -> QuerySet[Agency]:
    """The open exam areas (prefectures) in the actor's subtree."""
    return scoped(Agency.objects.filter(kind=AgencyKind.PREFECTURE, closed_on__isnull=True), by, "code")


def committee_of(area: Agency, on: date) -> QuerySet[CommitteeMember]:
    """The members of the area's committee on the day."""
    return _standing(area.committee.all(), on)


def _standing(members: QuerySet[CommitteeMember], on: date) -> QuerySet[CommitteeMember]:
    return members.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), since_on__lte=on)


def committee_complete(area: Agency, on: date) -> Decision:
    """Whether the committee has director, deputy and all the departments (EA-23); findings name what is missing."""
    return _complete(list(committee_of(area, on)), on)


def areas_lacking(by: Actor, on: date) -> list[Agency]:
    """The exam areas whose committee is not complete; the members of all are read at once."""
    rows = areas(by).prefetch_related(Prefetch("committee", _standing(CommitteeMember.objects.all(), on)))
    return [area for area in rows if not _complete(list(area.committee.all()), on).granted]


def _complete(members: Sequence[CommitteeMember], on: date) -> Decision:
    return rules.COMMITTEE(
        on=on,
        directors=tuple(m.department for m in members if m.role == CommitteeRole.DIRECTOR),
        deputies=tuple(m.department for m in members if m.role == CommitteeRole.DEPUTY),
        departments=tuple(m.department for m in members),
    )


def persons_on_record(code: str) -> int:
    """How many persons are on record at the agency and below: numbers given under a former code follow it."""
    total = registers.people_on_record(code)
    former = Succession.objects.filter(takes_over=True).exclude(old_code__contains="-")
    for old in sorted(set(former.values_list("old_code", flat=True))):
        was, belongs = old.startswith(code), successor_of(old).startswith(code)
        if was != belongs:
            total += registers.people_on_record(old) * (1 if belongs else -1)
    return total


def what_hangs_on(agency: Agency, on: date) -> Hanging:
    """Open children, sites that are not closed, running rounds, people in post and on record."""
    sites = Site.objects.filter(Q(area=agency) | Q(county=agency)).exclude(state=SiteState.CLOSED)
    posts = Appointment.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gt=on), agency_code=agency.code, since_on__lte=on
    )
    return {
        "children": agency.children.filter(closed_on__isnull=True).count(),
        "sites": sites.count(),
        "rounds": registers.running_rounds(agency.code, on),
        "people": posts.values("account_id").distinct().count() + persons_on_record(agency.code),
    }


def may_close(agency: Agency, on: date, *, has_successor: bool) -> Decision:
    """Whether the agency may close today, without or with a successor."""
    return rules.CLOSING(on=on, has_successor=has_successor, **what_hangs_on(agency, on))


def agency_on(code: str, on: date) -> AgencyPeriod | None:
    """Which agency the code stood for on the day, with the name it had then."""
    rows = AgencyPeriod.objects.select_related("agency").filter(code=code, since_on__lte=on)
    return rows.filter(Q(until_on__isnull=True) | Q(until_on__gt=on)).first()


def history_of_codes(agency: Agency) -> QuerySet[AgencyPeriod]:
    """What the agency was called, from day to day."""
    return agency.periods.order_by("since_on", "id")


def successions_of(codes: Sequence[str]) -> QuerySet[Succession]:
    """What came before and after these codes."""
    return Succession.objects.filter(Q(old_code__in=codes) | Q(new_code__in=codes)).order_by("on", "id")


def successor_of(code: str) -> str:
    """The code that stands today for what an old code stood for; itself where nothing followed."""
    seen = {code}
    while True:
        followed = Succession.objects.filter(old_code=code, takes_over=True).order_by("-on", "-id").first()
        if followed is None or followed.new_code in seen:
            return code
        code = followed.new_code
        seen.add(code)


def find_by_code(by: Actor, code: str) -> Agency | None:
    """The agency that bears the code, or the one that took over from it, in the actor's subtree."""
    return scoped(Agency.objects.all(), by, "code").filter(code=successor_of(code)).first()
