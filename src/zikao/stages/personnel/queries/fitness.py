"""Whether somebody may stand in a post of a sitting on a day, and what keeps them away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access
from zikao.foundation.regulation import Decision, all_of, granted
from zikao.stages.agencies.models import Site
from zikao.stages.personnel import rules
from zikao.stages.personnel.models import ConductRecord, DispatchPlace, Person
from zikao.stages.personnel.queries.family import standing_of
from zikao.stages.personnel.queries.people import held_on
from zikao.stages.personnel.queries.registers import units_of
from zikao.stages.personnel.states import PersonKind, PostKind

IN_ROOMS = (PostKind.INVIGILATOR, PostKind.ROVER)


def fitness(
    person: Person,
    post_kind: PostKind,
    sitting_code: str,
    on: date,
    site: Site | None = None,
    *,
    days: Collection[date] = (),
) -> Decision:
    """Whether a person may stand in a post of a sitting on a day (at a site): every door that the law closes.

    `days`: the other days on which they stand there; the certificate must be valid on each (EA-10).
    """
    held = (held_on(person, post_kind, day) for day in sorted({on, *days}))
    stands = standing_of(sitting_code, person_id=person.pk)
    findings = [
        rules.CONDITION(on=on, lapsed=tuple(person.conditions_lapsed)),
        next((each for each in held if not each.granted), granted()),
        rules.RECUSAL(
            on=on,
            part_time=person.kind == PersonKind.PART,
            declared=stands.kept_away,
            post_kind=post_kind,
        ),
        rules.UNDECIDED(on=on, open_flags=stands.open_flags),
        rules.DISCIPLINE(on=on, serious_in_sitting=stopped(person, sitting_code)),
    ]
    if post_kind in IN_ROOMS:
        teaches = person.tutoring_institution_id is not None
        findings.append(rules.INVIGILATOR(on=on, teaches_at_tutoring_institution=teaches))
    if site is not None:
        findings += place_findings(person, post_kind, sitting_code, on, site)
    return all_of(*findings)


def days_on_duty(sitting_code: str, unit_number: int | None = None) -> set[date]:
    """The days of a duty: those of the unit, or of all units of the sitting; none while the units are not known."""
    units = units_of(sitting_code)
    return {unit.on for unit in units if unit_number is None or unit.number == unit_number}


def person_for(by: Actor, person_id: int, site: Site, sitting_code: str) -> Person:
    """A person of the actor's subtree, or one whom the province sent to the site; locked. Raises NotFound."""
    rows = Person.objects.select_for_update(of=("self",))
    if DispatchPlace.objects.filter(person=person_id, site=site, sitting_code=sitting_code).exists():
        return rows.get(pk=person_id)
    return access(rows, by, pk=person_id)


def place_findings(person: Person, post_kind: PostKind, sitting_code: str, on: date, site: Site) -> list[Decision]:
    """What a site asks: those dispatched go where they are sent; tutoring premises take people from outside only."""
    sent = DispatchPlace.objects.filter(person=person, sitting_code=sitting_code).select_related("site").first()
    here = sent is not None and sent.site_id == site.pk
    return [
        rules.ONE_SITE(on=on, dispatched_to=sent.site.code if sent else "", site=site.code),
        rules.TUTORING_PREMISES(
            on=on,
            on_tutoring_premises=site.tutoring_institution_id is not None,
            post_kind=post_kind,
            dispatched=here,
            from_outside=from_outside(person, site),
        ),
    ]


def from_outside(person: Person, site: Site) -> bool:
    """Whether a person belongs neither to the site's host nor to the institution on whose grounds it lies."""
    teaches_there = (
        site.tutoring_institution_id is not None and person.tutoring_institution_id == site.tutoring_institution_id
    )
    return person.unit != site.host and not teaches_there


def stopped(person: Person, sitting_code: str) -> bool:
    """Whether a serious breach in the sitting stands (EA-A5.8)."""
    rows = ConductRecord.objects.filter(person=person, sitting_code=sitting_code, serious=True)
    return rows.filter(annulled_by__isnull=True, annuls__isnull=True).exists()
