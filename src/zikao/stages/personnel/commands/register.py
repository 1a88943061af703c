"""The register of exam staff: persons, certificates, declarations of interest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, scoped
from zikao.foundation.crypto import index_of, indexes_of
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.secrecy import new_ids
from zikao.stages.agencies.models import TutoringInstitution
from zikao.stages.personnel import policies, rules
from zikao.stages.personnel.models import ID_NUMBER, Certificate, Declaration, Duty, Person
from zikao.stages.personnel.states import InterestKind, PersonRow, PostKind, Training


@command(writes="personnel.person-registered", clauses=("EA-8", "EA-9"), posts=policies.REGISTRARS)
def register_person(*, row: PersonRow, by: Actor, at: datetime) -> Outcome[Person]:
    """Put a person on the register of exam staff, their basic conditions confirmed; the ID number is kept sealed.

    Source:  EA-8, EA-9
    Writes:  personnel.person-registered
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    person = _registered([row], by, at)[0]
    return Outcome(person, facts={"agency": person.agency_code, "kind": person.kind})


@command(writes="personnel.persons-registered", clauses=("EA-8", "EA-9"), posts=policies.REGISTRARS)
def register_persons(*, rows: Sequence[PersonRow], agency_code: str, by: Actor, at: datetime) -> Outcome[list[Person]]:
    """Put persons of one agency's subtree on the register, all or none.

    Source:  EA-8, EA-9
    Writes:  personnel.persons-registered
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    if not by.covers(agency_code):
        raise NotFound("agency-not-found", facts={"agency": agency_code})
    strange = [i for i, row in enumerate(rows, 1) if not row.agency_code.startswith(agency_code)]
    if strange:
        raise BadInput("rows-of-other-agency", field_errors={f"rows.{i}": "不属于本机构。" for i in strange})
    persons = _registered(rows, by, at)
    return Outcome(persons, on=f"agency:{agency_code}", facts={"agency": agency_code, "count": len(persons)})


def _registered(rows: Sequence[PersonRow], by: Actor, at: datetime) -> list[Person]:
    day = local_day(at)
    for row in rows:
        if not by.covers(row.agency_code):
            raise NotFound("agency-not-found", facts={"agency": row.agency_code})
        rules.BASIC_CONDITIONS(on=day, confirmed=row.conditions).require()
    indexes = [_index_of(number, row) for number, row in enumerate(rows, 1)]
    asked = [index for row in rows for index in indexes_of(row.id_number)]
    known = Person.objects.filter(id_number_index__in=asked).count()
    if known or len(set(indexes)) != len(indexes):
        raise Conflict("person-registered", message="名单中有人已经登记，或在名单中重复出现。")
    institutions = _institutions(rows)
    return Person.objects.bulk_create(
        Person(
            id=row_id,
            name=row.name,
            unit=row.unit,
            sex=row.sex,
            id_number_sealed=ID_NUMBER.seal(row.id_number, row_id),
            id_number_index=index,
            kind=row.kind,
            title=row.title,
            tutoring_institution=institutions.get(row.tutoring_institution_code or ""),
            agency_code=row.agency_code,
            conditions_confirmed_on=day,
            account_id=row.account_id,
            registered_at=at,
        )
        for row, index, row_id in zip(rows, indexes, new_ids(Person, len(rows)), strict=True)
    )


def _index_of(number: int, row: PersonRow) -> bytes:
    fault = rules.id_number_fault(row.id_number)
    if fault:
        raise BadInput("id-number", field_errors={"id_number": f"第{number}行：{fault}"})
    return index_of(row.id_number)


def _institutions(rows: Sequence[PersonRow]) -> dict[str, TutoringInstitution]:
    codes = {row.tutoring_institution_code for row in rows if row.tutoring_institution_code}
    found = TutoringInstitution.objects.in_bulk(codes, field_name="code")
    if missing := sorted(codes - found.keys()):
        raise NotFound("institution-not-found", facts={"codes": missing})
    return found


@command(writes="personnel.certificate-issued", clauses=("EA-10",), posts=policies.CERTIFIERS)
def issue_certificate(
    *,
    person_id: int,
    post_kind: PostKind,
    training: Training,
    valid_from_on: date,
    valid_until: date,
    by: Actor,
    at: datetime,
) -> Outcome[Certificate]:
    """Certify a person for a post after training and assessment, from a day until a day (exclusive).

    Source:  EA-10
    Writes:  personnel.certificate-issued
    Raises:  NotPermitted, NotFound, BadInput, Refused
    """
    person = access(Person.objects.select_for_update(of=("self",)), by, pk=person_id)
    certificate = _certified([person], post_kind, training, valid_from_on, valid_until, at)[0]
    facts = {"person": person.pk, "post": post_kind, "number": certificate.number, "until": valid_until}
    return Outcome(certificate, facts=facts)


@command(writes="personnel.certificates-issued", clauses=("EA-10",), posts=policies.CERTIFIERS)
def issue_certificates(
    *,
    person_ids: Sequence[int],
    post_kind: PostKind,
    training: Training,
    valid_from_on: date,
    valid_until: date,
    by: Actor,
    at: datetime,
) -> Outcome[list[Certificate]]:
    """Certify those who passed one training and its assessment, all or none.

    Source:  EA-10
    Writes:  personnel.certificates-issued
    Raises:  NotPermitted, NotFound, BadInput, Refused
    """
    wanted = set(person_ids)
    persons = list(scoped(Person.objects.select_for_update(of=("self",)), by).filter(pk__in=wanted))
    if missing := sorted(wanted - {person.pk for person in persons}):
        raise NotFound("person-not-found", facts={"persons": missing})
    issued = _certified(persons, post_kind, training, valid_from_on, valid_until, at)
    facts = {"count": len(issued), "post": post_kind, "until": valid_until}
    return Outcome(issued, on=f"agency:{by.agency_code}", facts=facts)


def _certified(
    persons: Sequence[Person],
    post_kind: PostKind,
    training: Training,
    valid_from_on: date,
    valid_until: date,
    at: datetime,
) -> list[Certificate]:
    rules.CERTIFICATION(
        on=local_day(at),
        training_hours=training.hours,
        trained_on=training.trained_on,
        assessed_on=training.assessed_on,
        assessment_passed=training.assessment_passed,
    ).require()
    if valid_until <= valid_from_on or valid_from_on < training.assessed_on:
        raise BadInput("validity", field_errors={"valid_until": "有效期应在考核之后开始，止期晚于起期。"})
    counts = _serials(persons)
    return Certificate.objects.bulk_create(
        Certificate(
            person=person,
            number=f"{person.agency_code[:2]}{valid_from_on.year}{person.pk:07d}{counts[person.pk]:02d}",
            post_kind=post_kind,
            trained_on=training.trained_on,
            training_hours=training.hours,
            assessed_on=training.assessed_on,
            valid_from_on=valid_from_on,
            valid_until=valid_until,
            issued_at=at,
        )
        for person in persons
    )


def _serials(persons: Sequence[Person]) -> dict[int, int]:
    counts = dict.fromkeys((person.pk for person in persons), 1)
    held = Certificate.objects.filter(person__in=persons).order_by("id").values_list("person_id", flat=True)
    for person_id in held:
        counts[person_id] += 1
    return counts


@command(writes="personnel.interest-declared", clauses=("EA-11.1", "EA-11.2"), posts=policies.DECLARATION_TAKERS)
def declare_interest(
    *, person_id: int, sitting_code: str, kind: InterestKind, by: Actor, at: datetime
) -> Outcome[Declaration]:
    """Record that a direct relative sits in a sitting, or another interest; duties held already are counted.

    Source:  EA-11.1, EA-11.2
    Writes:  personnel.interest-declared
    Raises:  NotPermitted, NotFound, Conflict
    """
    person = access(Person.objects.select_for_update(of=("self",)), by, pk=person_id)
    if person.declarations.filter(sitting_code=sitting_code, kind=kind).exists():
        raise Conflict("declared-already", message="这一事项已经申报。")
    declaration = Declaration.objects.create(person=person, sitting_code=sitting_code, kind=kind, declared_at=at)
    held = Duty.objects.filter(person=person, sitting_code=sitting_code).count()
    facts = {"person": person.pk, "sitting": sitting_code, "kind": kind, "duties": held}
    return Outcome(declaration, on=person, facts=facts)
