"""Reading exam staff: who is registered, certified, fit for a post, and on duty."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.foundation.regulation import Decision, all_of
from zikao.foundation.secrecy.registers import bars
from zikao.stages.agencies.models import Site
from zikao.stages.personnel import rules
from zikao.stages.personnel.models import Certificate, Declaration, Duty, Person
from zikao.stages.personnel.states import PersonKind, PostKind

CERTIFICATE_FOR = {PostKind.ROVER: (PostKind.ROVER, PostKind.INVIGILATOR)}


def persons_of(by: Actor) -> QuerySet[Person]:
    """The exam staff in the actor's subtree."""
    return scoped(Person.objects.select_related("tutoring_institution"), by)


def person_of(by: Actor, person_id: int) -> Person:
    """One person of the actor's subtree; NotFound where there is none."""
    return access(persons_of(by), by, pk=person_id)


def certificate_of(by: Actor, certificate_id: int) -> Certificate:
    """One certificate of a person in the actor's subtree; NotFound where there is none."""
    return access(Certificate.objects.select_related("person"), by, "person__agency_code", pk=certificate_id)


def certificate_on(person: Person, post_kind: PostKind, on: date) -> Certificate | None:
    """The person's certificate for a post that is valid on the day, else the latest for that post, else None."""
    held = person.certificates.filter(post_kind__in=CERTIFICATE_FOR.get(post_kind, (post_kind,)))
    return held.filter(valid_from_on__lte=on, valid_until__gt=on).first() or held.first()


def fitness(person: Person, post_kind: PostKind, sitting_code: str, on: date) -> Decision:
    """Whether a person may stand in a post of a sitting on a day: certificate, recusal, tutoring teachers."""
    held = certificate_on(person, post_kind, on)
    findings = [
        rules.POSTING(
            on=on,
            valid_from_on=held.valid_from_on if held else None,
            valid_until=held.valid_until if held else None,
        ),
        rules.RECUSAL(
            on=on,
            part_time=person.kind == PersonKind.PART,
            declared=person.declarations.filter(sitting_code=sitting_code).exists(),
            post_kind=post_kind,
        ),
    ]
    if post_kind in (PostKind.INVIGILATOR, PostKind.ROVER):
        teaches = person.tutoring_institution_id is not None
        findings.append(rules.INVIGILATOR(on=on, teaches_at_tutoring_institution=teaches))
    return all_of(*findings)


def busy(sitting_code: str, unit_number: int) -> QuerySet[Duty]:
    """The duties that keep their holders from another one in this unit."""
    return Duty.objects.filter(Q(unit_number=unit_number) | Q(unit_number__isnull=True), sitting_code=sitting_code)


def held_at_the_time(duty: Duty) -> QuerySet[Duty]:
    """The duties of that sitting that a holder of this one cannot have besides it."""
    found = Duty.objects.filter(sitting_code=duty.sitting_code).exclude(pk=duty.pk)
    if duty.unit_number is None:
        return found
    return found.filter(Q(unit_number=duty.unit_number) | Q(unit_number__isnull=True))


def duties_to_hand_over(by: Actor) -> QuerySet[Duty]:
    """Duties whose holder has declared an interest in that sitting and must keep away (EA-11.1, EA-11.2)."""
    declared = Declaration.objects.filter(person=OuterRef("person"), sitting_code=OuterRef("sitting_code"))
    recused = Q(person__kind=PersonKind.PART) | Q(post_kind__in=rules.SENSITIVE_POSTS)
    return all_duties_of(by).filter(recused, Exists(declared))


def invigilator_pool(by: Actor, pool_code: str, sitting_code: str, unit_number: int, on: date) -> list[int]:
    """Ids of all in the agency's subtree (and the actor's) who may invigilate in this unit, in order of id."""
    certified = Certificate.objects.filter(post_kind=PostKind.INVIGILATOR, valid_from_on__lte=on, valid_until__gt=on)
    fit = persons_of(by).filter(
        agency_code__startswith=pool_code,
        tutoring_institution__isnull=True,
        pk__in=certified.values("person"),
    )
    declared = Declaration.objects.filter(sitting_code=sitting_code)
    free = fit.exclude(pk__in=declared.values("person")).exclude(
        pk__in=busy(sitting_code, unit_number).values("person")
    )
    return list(free.order_by("id").values_list("pk", flat=True))


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


def kept_from_secrets(account_id: int, sitting_code: str, on: date) -> Decision:
    """Whether the holder of an account may touch questions, keys and scripts of a sitting (EA-11.1, EA-11.2).

    An account that belongs to no registered person has declared nothing and is not refused here.
    """
    person = Person.objects.filter(account_id=account_id).first()
    return rules.RECUSAL(
        on=on,
        part_time=person is not None and person.kind == PersonKind.PART,
        declared=person is not None and person.declarations.filter(sitting_code=sitting_code).exists(),
        post_kind=PostKind.PAPERS,
    )


@bars
def has_declared_interest(actor: Actor, sitting_code: str, on: date) -> bool:
    """Whether the person behind the account must keep away from what is secret in the sitting (EA-11.1)."""
    return actor.account_id is not None and not kept_from_secrets(actor.account_id, sitting_code, on).granted
