"""How exam staff kept discipline, for their yearly appraisal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.foundation.regulation import parameter
from zikao.stages.personnel.models import ConductRecord, Duty, Person, TrainingPlace
from zikao.stages.personnel.queries.pay import performed
from zikao.stages.personnel.states import ConductKind


def conduct_records(by: Actor) -> QuerySet[ConductRecord]:
    """The conduct records in the actor's subtree."""
    return scoped(ConductRecord.objects.select_related("person", "annulled_by"), by)


def conduct_record_of(by: Actor, record_id: int) -> ConductRecord:
    """One record. Raises NotFound."""
    return access(ConductRecord.objects.select_related("person"), by, pk=record_id)


def conduct_of(person: Person) -> QuerySet[ConductRecord]:
    """A person's records that say something: annulments and what they annul stay in view, too."""
    return person.conduct.select_related("annuls", "annulled_by")


def breaches(on: date) -> dict[str, str]:
    """What the discipline of invigilators forbids: code and title (EA-A5.8)."""
    return dict(parameter("staff-breaches").on(on))


@dataclass(frozen=True)
class Year:
    """A person's year: duties with the units worked, trainings, and what stands in the conduct record."""

    duties: tuple[tuple[Duty, int], ...]
    trainings: tuple[TrainingPlace, ...]
    commendations: tuple[ConductRecord, ...]
    breaches: tuple[ConductRecord, ...]


def year_of(person: Person, year: int) -> Year:
    """What counts for the appraisal of a year: duties that were done; annulled records do not."""
    records = list(conduct_of(person).filter(happened_on__year=year, annuls=None, annulled_by=None))
    trainings = person.trainings.filter(course__held_on__year=year, attended=True).select_related("course")
    rows = Duty.objects.filter(held_on__year=year, person=person).select_related("site").order_by("held_on", "id")
    first: dict[tuple[str, int, str], Duty] = {}
    for duty in rows:
        first.setdefault((duty.sitting_code, duty.site_id, duty.post_kind), duty)
    worked = []
    for duty in first.values():
        done = performed(duty.site, duty.sitting_code).get((person.pk, duty.post_kind))
        if done is not None:
            worked.append((duty, len(done.units)))
    return Year(
        tuple(worked),
        tuple(trainings),
        tuple(each for each in records if each.kind == ConductKind.COMMENDATION),
        tuple(each for each in records if each.kind == ConductKind.BREACH),
    )
