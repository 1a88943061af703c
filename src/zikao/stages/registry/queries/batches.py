"""Batches, their rows, and the certificate as it is reported."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date

from django.db.models import Count, QuerySet

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.foundation.errors import NotFound
from zikao.stages.candidates.models import ID_NUMBER
from zikao.stages.graduation.models import GraduationCertificate
from zikao.stages.registry.models import Registration, RegistrationBatch
from zikao.stages.registry.states import BatchState, Registrable, RowState


def batches() -> QuerySet[RegistrationBatch]:
    """All batches, newest first."""
    return RegistrationBatch.objects.order_by("-batch_on")


def rows(actor: Actor, batch: RegistrationBatch) -> QuerySet[Registration]:
    """The rows of a batch in the actor's subtree."""
    found = batch.rows.select_related("certificate__application__candidate", "certificate__application__plan__major")
    return scoped(found, actor).order_by("certificate__number")


def registrable(certificate: GraduationCertificate, province: str) -> Registrable:
    """A certificate with everything the register asks for."""
    application = certificate.application
    candidate, plan = application.candidate, application.plan
    portrait = storage.get(candidate.portrait) if candidate.portrait else b""
    return Registrable(
        number=certificate.number,
        name=candidate.name,
        sex=candidate.sex,
        id_number=ID_NUMBER.text(candidate),
        major_code=plan.major.code,
        major=plan.major.name,
        level=plan.major.level,
        issued_on=certificate.issued_on.isoformat(),
        school=application.school.name,
        province=province,
        portrait=base64.b64encode(portrait).decode(),
    )


def certificates_of(rows: QuerySet[Registration]) -> QuerySet[GraduationCertificate]:
    """The certificates of some rows, in the order of their numbers."""
    found = GraduationCertificate.objects.filter(registration__in=rows).select_related(
        "application__candidate", "application__plan__major", "application__school"
    )
    return found.order_by("number")


def registrables(rows: QuerySet[Registration], province: str) -> Iterator[Registrable]:
    """The certificates of some rows as the register takes them."""
    for certificate in certificates_of(rows):
        yield registrable(certificate, province)


def batch(batch_on: date) -> RegistrationBatch:
    """The batch of an issue date; NotFound where there is none."""
    found = RegistrationBatch.objects.filter(batch_on=batch_on).first()
    if found is None:
        raise NotFound("batch-not-found", message=f"没有 {batch_on} 这一批的电子注册信息。")
    return found


def row(actor: Actor, number: str) -> Registration:
    """The row of a certificate; NotFound outside the subtree."""
    rows = Registration.objects.select_related(
        "batch", "certificate__application__candidate", "certificate__application__plan__major",
        "certificate__application__school",
    )  # fmt: skip
    return access(rows, actor, certificate__number=number)


def counts_of(batch: RegistrationBatch) -> dict[str, int]:
    """How many rows of a batch stand in each state."""
    return dict(batch.rows.order_by().values_list("state").annotate(n=Count("id")))


def dates_to_check() -> list[date]:
    """The issue dates that have certificates and no batch yet, oldest first."""
    with_batch = RegistrationBatch.objects.values("batch_on")
    found = GraduationCertificate.objects.exclude(issued_on__in=with_batch)
    return list(found.order_by("issued_on").values_list("issued_on", flat=True).distinct())


def batches_in(state: BatchState) -> QuerySet[RegistrationBatch]:
    """The batches in a state, oldest first."""
    return RegistrationBatch.objects.filter(state=state).order_by("batch_on")


def rejected_batches() -> QuerySet[RegistrationBatch]:
    """The batches with rejected certificates, oldest first."""
    rejected = Registration.objects.filter(state=RowState.REJECTED)
    return RegistrationBatch.objects.filter(rows__in=rejected).distinct().order_by("batch_on")
