"""What a roster is drawn from: who may invigilate at a site in which unit, and what binds them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

from django.db.models import Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import all_rows, scoped
from zikao.stages.agencies.models import Site
from zikao.stages.personnel.models import (
    Certificate,
    ConductRecord,
    Declaration,
    DispatchPlace,
    Duty,
    InterestFlag,
    Kin,
    Person,
    Roster,
)
from zikao.stages.personnel.queries.family import with_family_sitting
from zikao.stages.personnel.queries.fitness import from_outside
from zikao.stages.personnel.queries.people import persons_of
from zikao.stages.personnel.queries.registers import seats_of
from zikao.stages.personnel.rules.roster import Invigilator, UnitNeed
from zikao.stages.personnel.states import FlagState, PostKind, Sex, UnitDay


def pool(by: Actor, site: Site, sitting_code: str, units: Sequence[UnitDay], pool_code: str) -> list[Invigilator]:
    """Who may be drawn for a site: certified, free, without interest, no tutoring teacher; rooms barred by pupils."""
    with all_rows("EA-25.5：省级调派来的监考员属于外地机构，其回避线索和申报也要看到"):
        persons = _possible(by, site, sitting_code, pool_code)
        barred = _pupils(persons, sitting_code, site)
    keys = [person.pk for person in persons]
    certified = _certified_days(keys)
    busy, met, loads = _bound(keys, sitting_code)
    return [
        Invigilator(
            person=person.pk,
            school=person.unit,
            woman=person.sex == Sex.FEMALE,
            units=frozenset(
                unit.number
                for unit in units
                if not busy[person.pk] & {unit.number, None} and _valid(certified[person.pk], unit)
            ),
            barred=frozenset(barred[person.pk]),
            met=frozenset(met[person.pk]),
            load=loads[person.pk],
        )
        for person in persons
    ]


def _possible(by: Actor, site: Site, sitting_code: str, pool_code: str) -> list[Person]:
    away = Declaration.objects.filter(sitting_code=sitting_code, withdrawn_at__isnull=True)
    flagged = InterestFlag.objects.filter(sitting_code=sitting_code, state=FlagState.OPEN)
    serious = ConductRecord.objects.filter(sitting_code=sitting_code, serious=True, annuls=None, annulled_by=None)
    sent = DispatchPlace.objects.filter(sitting_code=sitting_code)
    # all of the pool, and those whom the province sent here: they may belong to another area
    found = Person.objects.filter(tutoring_institution__isnull=True, conditions_lapsed=[])
    if site.tutoring_institution_id is None:
        here = Q(pk__in=persons_of(by).filter(agency_code__startswith=pool_code).values("pk"))
        found = found.filter(here | Q(pk__in=sent.filter(site=site).values("person")))
    else:
        found = found.filter(pk__in=sent.filter(site=site, post_kind=PostKind.INVIGILATOR).values("person"))
    kept_away: list[QuerySet[Any]] = [away, flagged, serious, sent.exclude(site=site)]
    for others in kept_away:
        found = found.exclude(pk__in=others.values("person"))
    found = found.exclude(pk__in=sent.filter(site=site).exclude(post_kind=PostKind.INVIGILATOR).values("person"))
    certified = Certificate.objects.filter(post_kind=PostKind.INVIGILATOR)
    rows = list(found.filter(pk__in=certified.values("person")).order_by("id"))
    away_for = with_family_sitting(rows, sitting_code)
    outside = site.tutoring_institution_id is not None
    return [each for each in rows if each.pk not in away_for and (not outside or from_outside(each, site))]


Days = dict[int, list[tuple[Any, Any]]]


def _certified_days(keys: Sequence[int]) -> Days:
    found: Days = defaultdict(list)
    held = Certificate.objects.filter(person__in=keys, post_kind=PostKind.INVIGILATOR).order_by("id")
    for person, since, until in held.values_list("person_id", "valid_from_on", "valid_until"):
        found[person].append((since, until))
    return found


def _valid(spans: Sequence[tuple[Any, Any]], unit: UnitDay) -> bool:
    return any(since <= unit.on < until for since, until in spans)


def _bound(
    keys: Sequence[int], sitting_code: str
) -> tuple[dict[int, set[int | None]], dict[int, set[int]], Counter[int]]:
    """In which units each is on duty already (None: in all), with whom they stood, how often they serve."""
    busy: dict[int, set[int | None]] = defaultdict(set)
    together: dict[tuple[int, int], set[int]] = defaultdict(set)
    met: dict[int, set[int]] = defaultdict(set)
    loads: Counter[int] = Counter()
    for duty in Duty.objects.filter(sitting_code=sitting_code).order_by("id"):
        busy[duty.person_id].add(duty.unit_number)
        loads[duty.person_id] += 1
        if duty.room_id is not None and duty.unit_number is not None:
            together[duty.room_id, duty.unit_number].add(duty.person_id)
    for team in together.values():
        for one, other in combinations(sorted(team), 2):
            met[one].add(other)
            met[other].add(one)
    wanted = set(keys)
    return busy, met, Counter({key: n for key, n in loads.items() if key in wanted})


def _pupils(persons: Sequence[Person], sitting_code: str, site: Site) -> dict[int, set[tuple[int, int]]]:
    """The rooms and units in which somebody's own pupils or relatives sit, as either side declared."""
    barred: dict[int, set[tuple[int, int]]] = defaultdict(set)
    by_index: dict[bytes, set[int]] = defaultdict(set)
    by_candidate: dict[int, set[int]] = defaultdict(set)
    keys = {bytes(person.id_number_index): person.pk for person in persons}
    for kin in Kin.objects.filter(withdrawn_at__isnull=True, person__in=keys.values()).order_by("id"):
        by_index[bytes(kin.id_number_index)].add(kin.person_id or 0)
    for kin in Kin.objects.filter(withdrawn_at__isnull=True, person=None, id_number_index__in=list(keys)).order_by(
        "id"
    ):
        by_candidate[kin.candidate_id or 0].add(keys[bytes(kin.id_number_index)])
    for use in seats_of(sitting_code, site.pk, set(by_index), set(by_candidate)):
        for person in by_index[use.id_index] | by_candidate[use.candidate_id]:
            barred[person].add((use.unit, use.room_id))
    return barred


def as_inputs(people: Sequence[Invigilator], needs: Sequence[UnitNeed], per_room: int, rovers: int) -> dict[str, Any]:
    """What a draw was given, for the record: it can be drawn again from this and the seed."""
    schools = {name: number for number, name in enumerate(sorted({one.school for one in people}))}
    rows = [
        {
            **asdict(one),
            "school": schools[one.school],
            "units": sorted(one.units),
            "barred": sorted(one.barred),
            "met": sorted(one.met),
        }
        for one in people
    ]
    return {"people": rows, "needs": [asdict(need) for need in needs], "per_room": per_room, "rovers": rovers}


def from_inputs(inputs: dict[str, Any]) -> tuple[list[Invigilator], list[UnitNeed], int, int]:
    """The draw's arguments as they were."""
    people = [
        Invigilator(
            row["person"],
            str(row["school"]),
            row["woman"],
            frozenset(row["units"]),
            frozenset((unit, room) for unit, room in row["barred"]),
            frozenset(row["met"]),
            row["load"],
        )
        for row in inputs["people"]
    ]
    needs = [UnitNeed(row["unit"], tuple(row["rooms"])) for row in inputs["needs"]]
    return people, needs, inputs["per_room"], inputs["rovers"]


def rosters(by: Actor) -> QuerySet[Roster]:
    """The draws of invigilators in the actor's subtree."""
    return scoped(Roster.objects.select_related("site"), by)
