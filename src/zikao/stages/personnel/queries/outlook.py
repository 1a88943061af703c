"""Before a draw: how many a site needs, how many may be drawn, who is left out and why; who may take a duty over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from zikao.foundation.actors import Actor
from zikao.foundation.commands import all_rows
from zikao.foundation.regulation import parameter
from zikao.stages.agencies.models import Site
from zikao.stages.personnel.models import Certificate, Declaration, DispatchPlace, Duty, InterestFlag, Person
from zikao.stages.personnel.queries.duties import held_at_the_time
from zikao.stages.personnel.queries.family import with_family_sitting
from zikao.stages.personnel.queries.fitness import IN_ROOMS, days_on_duty, fitness
from zikao.stages.personnel.queries.people import at_hand, persons_of
from zikao.stages.personnel.queries.registers import rooms_used, units_of
from zikao.stages.personnel.queries.rostering import pool
from zikao.stages.personnel.states import FlagState, PostKind, UnitDay

MOST, FEW = 200, 60
TAUGHT, LAPSED, UNCERTIFIED = "助学机构任课教师，不得监考", "不再具备基本条件", "没有考试期间有效的监考员上岗证"
AWAY, UNDECIDED, ELSEWHERE = "须回避", "回避线索还没有认定", "已调派到其他考点，或者另有聘任"


@dataclass(frozen=True)
class UnitOutlook:
    """A unit's rooms, how many invigilators and rovers they need, and how many may be drawn."""

    unit: UnitDay
    rooms: int
    needed: int
    available: int

    @property
    def lacking(self) -> int:
        """How many are missing even before schools and earlier partners are looked at."""
        return max(0, self.needed - self.available)


@dataclass(frozen=True)
class Outlook:
    """A site before its draw: each unit, and how many of the area are left out for which reason."""

    units: tuple[UnitOutlook, ...]
    left_out: tuple[tuple[str, int], ...]
    schools: int


def outlook(by: Actor, site: Site, sitting_code: str) -> Outlook:
    """What a draw for the site would have to go on, with the least that the law asks a room."""
    rooms = Counter(use.unit for use in rooms_used(sitting_code, site.pk))
    units = [unit for unit in units_of(sitting_code) if rooms[unit.number]]
    if not units:
        return Outlook((), (), 0)
    province = site.agency_code[:2]
    per_room, rovers = (
        int(parameter(name).on(units[0].on, province=province)) for name in ("invigilators-per-room", "rovers-per-site")
    )
    people = pool(by, site, sitting_code, units, site.area.code)
    rows = tuple(
        UnitOutlook(
            unit,
            rooms[unit.number],
            per_room * rooms[unit.number] + rovers,
            sum(unit.number in one.units for one in people),
        )
        for unit in units
    )
    drawn = {one.person for one in people if one.units}
    return Outlook(
        rows, _left_out(by, site, sitting_code, units, drawn), len({one.school for one in people if one.units})
    )


def _left_out(
    by: Actor, site: Site, sitting_code: str, units: list[UnitDay], drawn: set[int]
) -> tuple[tuple[str, int], ...]:
    """How many of the area may not be drawn, each by the first reason that applies."""
    people = list(persons_of(by).filter(agency_code__startswith=site.area.code).exclude(pk__in=drawn))
    keys = [person.pk for person in people]
    same = {"person__in": keys, "sitting_code": sitting_code}
    first, last = min(unit.on for unit in units), max(unit.on for unit in units)
    held = Certificate.objects.filter(
        person__in=keys, post_kind=PostKind.INVIGILATOR, valid_from_on__lte=last, valid_until__gt=first
    )
    with all_rows("EA-11.2：比对本机构人员的回避情况，亲属可能在外县报考"):
        declared = set(Declaration.objects.filter(**same, withdrawn_at=None).values_list("person_id", flat=True))
        flagged = set(InterestFlag.objects.filter(**same, state=FlagState.OPEN).values_list("person_id", flat=True))
    away = declared | with_family_sitting(people, sitting_code)
    busy = set(DispatchPlace.objects.filter(**same).values_list("person_id", flat=True))
    busy |= set(Duty.objects.filter(**same).values_list("person_id", flat=True))
    certified = set(held.values_list("person_id", flat=True))
    counts: Counter[str] = Counter()
    for person in people:
        reasons = (
            (TAUGHT, person.tutoring_institution_id is not None), (LAPSED, bool(person.conditions_lapsed)),
            (UNCERTIFIED, person.pk not in certified), (AWAY, person.pk in away),
            (UNDECIDED, person.pk in flagged), (ELSEWHERE, person.pk in busy),
        )  # fmt: skip
        counts[next((reason for reason, holds in reasons if holds), ELSEWHERE)] += 1
    return tuple(
        (reason, counts[reason])
        for reason in (UNCERTIFIED, AWAY, UNDECIDED, ELSEWHERE, TAUGHT, LAPSED)
        if counts[reason]
    )


def successors(by: Actor, duty: Duty) -> list[tuple[Person, int]]:
    """Who may take a duty over, with how many duties they have in the sitting; whoever has least is first."""
    days = days_on_duty(duty.sitting_code, duty.unit_number)
    on = duty.held_on or min(days, default=None)
    if on is None:
        return []
    loads = Counter(Duty.objects.filter(sitting_code=duty.sitting_code).values_list("person_id", flat=True))
    fit = _from_pool(by, duty, on) if duty.post_kind in IN_ROOMS else _one_by_one(by, duty, on, days)
    chosen = sorted(fit, key=lambda key: (loads[key], key))[:MOST]
    people = Person.objects.in_bulk(chosen)
    return [(people[key], loads[key]) for key in chosen]


def _from_pool(by: Actor, duty: Duty, on: date) -> set[int]:
    """Whoever a draw could put there: free, certified, of another school than those beside, no earlier partner."""
    number = duty.unit_number or 0
    people = pool(by, duty.site, duty.sitting_code, [UnitDay(number, on)], duty.site.area.code)
    beside = Duty.objects.none()
    if duty.room_id is not None:
        beside = Duty.objects.filter(room=duty.room_id, unit_number=number, sitting_code=duty.sitting_code)
    team = list(beside.exclude(pk=duty.pk).select_related("person"))
    schools, partners = {each.person.unit for each in team}, {each.person_id for each in team}
    return {
        one.person
        for one in people
        if number in one.units and one.school not in schools and not one.met & partners
        and (number, duty.room_id) not in one.barred
    }  # fmt: skip


def _one_by_one(by: Actor, duty: Duty, on: date, days: set[date]) -> set[int]:
    """For a post of the whole sitting: those certified for it who are free, each looked at as the command will."""
    held = Certificate.objects.filter(post_kind=duty.post_kind, valid_from_on__lte=on, valid_until__gt=on)
    busy = held_at_the_time(duty).values("person")
    possible = at_hand(by, on).filter(pk__in=held.values("person")).exclude(pk__in=busy).exclude(pk=duty.person_id)
    kind = PostKind(duty.post_kind)
    return {
        person.pk
        for person in possible.order_by("id")[:FEW]
        if fitness(person, kind, duty.sitting_code, on, duty.site, days=days).granted
    }
