"""Who is on duty where and when, and whether a site has all its people."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import access, all_rows, scoped
from zikao.foundation.regulation import Decision, all_of, parameter
from zikao.stages.agencies.models import Room, Site
from zikao.stages.personnel import rules
from zikao.stages.personnel.models import Declaration, Duty, InterestFlag, Person
from zikao.stages.personnel.queries.registers import rooms_used
from zikao.stages.personnel.states import FlagState, PersonKind, PostKind

STANDS_OR_SHARED = Q(ended_at__isnull=True) | Q(until_unit__isnull=False)
"""Duties that stand, and those that were handed over after a part of the sitting."""


def busy(sitting_code: str, unit_number: int) -> QuerySet[Duty]:
    """The duties that keep their holders from another one in this unit."""
    return Duty.objects.filter(Q(unit_number=unit_number) | Q(unit_number__isnull=True), sitting_code=sitting_code)


def held_at_the_time(duty: Duty) -> QuerySet[Duty]:
    """The duties of that sitting that a holder of this one cannot have besides it."""
    found = Duty.objects.filter(sitting_code=duty.sitting_code).exclude(pk=duty.pk)
    if duty.unit_number is None:
        return found
    return found.filter(Q(unit_number=duty.unit_number) | Q(unit_number__isnull=True))


def duties_held(person: Person) -> QuerySet[Duty]:
    """A person's duties that stand, and those that were theirs for a part of a sitting."""
    return Duty.all_duties.filter(STANDS_OR_SHARED, person=person)


def declared_away(before: datetime | None = None) -> Q:
    """Duties whose holder must keep away by what is declared or decided of them (`before`: by then) (EA-11)."""
    same = {"person": OuterRef("person"), "sitting_code": OuterRef("sitting_code"), "withdrawn_at__isnull": True}
    declared = Declaration.objects.filter(**same)
    if before is not None:
        declared = declared.filter(declared_at__lt=before)
    return Q(Q(person__kind=PersonKind.PART) | Q(post_kind__in=rules.SENSITIVE_POSTS), Exists(declared))


def to_be_replaced() -> Q:
    """Duties whose holder must keep away, or may have to: a sign of an interest is not decided."""
    same = {"person": OuterRef("person"), "sitting_code": OuterRef("sitting_code")}
    return declared_away() | Q(Exists(InterestFlag.objects.filter(**same, state=FlagState.OPEN)))


def duties_to_hand_over(by: Actor) -> QuerySet[Duty]:
    """Duties not done yet whose holder must keep away, or may have to (EA-11.1, EA-11.2)."""
    return all_duties_of(by).filter(Q(done_at__isnull=True), to_be_replaced())


def outside_rooms(site: Site, sitting_code: str) -> list[Duty]:
    """Who is on duty at a site outside its rooms: for the whole sitting, then unit by unit."""
    rows = Duty.objects.filter(site=site, sitting_code=sitting_code, room__isnull=True).select_related("person")
    return list(rows.order_by(F("unit_number").asc(nulls_first=True), "post_kind", "id"))


def duty_of(by: Actor, duty_id: int) -> Duty:
    """One duty. Raises NotFound."""
    return access(Duty.objects.select_related("site__area", "person"), by, pk=duty_id)


def all_duties_of(by: Actor) -> QuerySet[Duty]:
    """The duties in the actor's subtree, with person, site and room."""
    return scoped(Duty.objects.select_related("person", "site", "room"), by)


def invigilators_of(room_id: int, sitting_code: str, unit_number: int) -> QuerySet[Duty]:
    """The invigilators of a room in a unit, with their persons."""
    return Duty.objects.filter(
        room_id=room_id,
        sitting_code=sitting_code,
        unit_number=unit_number,
        post_kind=PostKind.INVIGILATOR,
    ).select_related("person")


def chief_of(site: Site, sitting_code: str) -> Duty | None:
    """The chief's duty at a site in a sitting, or None while nobody is appointed."""
    found = site.duties.filter(sitting_code=sitting_code, post_kind=PostKind.CHIEF)
    return found.select_related("person").first()


def inspectors_at(site: Site, sitting_code: str) -> int:
    """How many inspectors of the province are at a site for the whole sitting (EA-A3.2)."""
    province = Q(person__agency_code=site.agency_code[:2])
    here = site.duties.filter(province, sitting_code=sitting_code, post_kind=PostKind.INSPECTOR)
    return here.filter(unit_number__isnull=True).count()


def inspected(site: Site, sitting_code: str, on: date) -> Decision:
    """Whether a site on tutoring premises has its inspector of the province (EA-A3.2)."""
    return rules.INSPECTED_PREMISES(
        on=on,
        on_tutoring_premises=site.tutoring_institution_id is not None,
        inspectors=inspectors_at(site, sitting_code),
    )


def staffed(site: Site, sitting_code: str, unit_number: int, on: date) -> Decision:
    """Whether every used room has its invigilators, and the site its chief and rovers (EA-24.4, EA-25.3, EA-A3.2).

    Whoever must keep away, or may have to, does not count: somebody else takes their place first (EA-11).
    """
    least = int(parameter("invigilators-per-room").on(on, province=site.agency_code[:2]))
    here = site.duties.filter(Q(unit_number=unit_number) | Q(unit_number__isnull=True), sitting_code=sitting_code)
    with all_rows("EA-25.5：省级调派来的人员属于外地机构，其回避线索也要看到"):
        duties = list(here.exclude(to_be_replaced()))
    standing = Counter(duty.room_id for duty in duties if duty.post_kind == PostKind.INVIGILATOR)
    used = [use.room_id for use in rooms_used(sitting_code, site.pk) if use.unit == unit_number]
    numbers = dict(Room.objects.filter(pk__in=used).values_list("pk", "number"))
    return all_of(
        rules.READY(
            on=on,
            rooms_short=tuple(sorted(numbers[room] for room in used if standing[room] < least)),
            rovers=sum(duty.post_kind == PostKind.ROVER for duty in duties),
            chiefs=sum(duty.post_kind == PostKind.CHIEF for duty in duties),
        ),
        inspected(site, sitting_code, on),
    )


def duties_of_account(account_id: int | None) -> QuerySet[Duty]:
    """The duties of the person behind an account, the latest sitting first."""
    rows = Duty.objects.filter(person__account_id=account_id or 0).select_related("site", "room", "person")
    return rows.order_by("-sitting_code", "unit_number", "id")


def stranger_in_room(person: Person, duty: Duty) -> Decision:
    """Whether a person may take a place in a room: from another school, never before with those who stand there."""
    beside = Duty.objects.filter(room=duty.room_id, unit_number=duty.unit_number, sitting_code=duty.sitting_code)
    team = list(beside.exclude(pk=duty.pk).select_related("person"))
    own = Duty.objects.filter(person=person, sitting_code=duty.sitting_code, room__isnull=False)
    before = set(own.values_list("room_id", "unit_number"))
    met = [
        each.pk
        for each in Duty.objects.filter(person__in=[each.person_id for each in team], sitting_code=duty.sitting_code)
        if (each.room_id, each.unit_number) in before
    ]
    return rules.TOGETHER(
        on=duty.held_on or local_day(duty.assigned_at),
        same_school=any(each.person.unit == person.unit for each in team),
        met_before=bool(met),
    )
