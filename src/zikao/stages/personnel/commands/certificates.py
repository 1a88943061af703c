"""Certificates that rest on training and assessment held outside the program's own courses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, scoped, snapshot
from zikao.foundation.errors import BadInput, NotFound, WrongState
from zikao.stages.personnel import policies, rules
from zikao.stages.personnel.models import Certificate, Person
from zikao.stages.personnel.states import PostKind, Training


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
    policies.check_not_oneself(by, person, policies.OWN_CERTIFICATE)
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


@command(writes="personnel.certificate-withdrawn", clauses=("EA-9", "EA-10"), posts=policies.CERTIFIERS)
def withdraw_certificate(
    *, certificate_id: int, until_on: date, reason: str, by: Actor, at: datetime
) -> Outcome[Certificate]:
    """Withdraw a certificate from a day on: its holder left, or lost what it rests on. Nobody is drawn by it any more.

    Source:  EA-9, EA-10
    Writes:  personnel.certificate-withdrawn
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    rows = Certificate.objects.select_for_update(of=("self",)).select_related("person")
    certificate = access(rows, by, "person__agency_code", pk=certificate_id)
    if certificate.withdrawn_at is not None:
        raise WrongState("certificate-withdrawn", message="这张上岗证已经注销。")
    if not certificate.valid_from_on <= until_on < certificate.valid_until:
        text = f"注销日期在 {certificate.valid_from_on} 到 {certificate.last_day} 之间。"
        raise BadInput("withdrawn-on", field_errors={"until_on": text})
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明注销的原因。"})
    before = snapshot(certificate)
    certificate.valid_until, certificate.withdrawn_at = until_on, at
    certificate.withdrawal_reason = reason.strip()
    certificate.save(update_fields=["valid_until", "withdrawn_at", "withdrawal_reason"])
    facts = {"certificate": certificate.pk, "until": until_on, "reason": reason.strip()}
    return Outcome(certificate, on=certificate.person, before=before, facts=facts)


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
    counts = serials(persons)
    return Certificate.objects.bulk_create(
        Certificate(
            person=person,
            number=number_of(person, valid_from_on, counts[person.pk]),
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


def number_of(person: Person, day: date, serial: int) -> str:
    """The number of a person's n-th certificate: province, year, person, serial."""
    return f"{person.agency_code[:2]}{day.year}{person.pk:07d}{serial:02d}"


def serials(persons: Sequence[Person]) -> dict[int, int]:
    """The serial of the next certificate of each person."""
    counts = dict.fromkeys((person.pk for person in persons), 1)
    held = Certificate.objects.filter(person__in=persons).order_by("id").values_list("person_id", flat=True)
    for person_id in held:
        counts[person_id] += 1
    return counts
