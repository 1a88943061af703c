"""Batches, their rows, and the certificate as it is reported."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from django.db.models import QuerySet

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.commands import scoped
from zikao.foundation.crypto import unseal_text
from zikao.stages.graduation.models import GraduationCertificate
from zikao.stages.registry.models import Registration, RegistrationBatch
from zikao.stages.registry.states import Registrable


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
        id_number=unseal_text(candidate.id_number_sealed),
        major_code=plan.major.code,
        major=plan.major.name,
        level=plan.major.level,
        issued_on=certificate.issued_on.isoformat(),
        school=plan.examining_school.name,
        province=province,
        portrait=base64.b64encode(portrait).decode(),
    )


def registrables(batch: RegistrationBatch, province: str) -> Iterator[Registrable]:
    """The certificates of a batch, in the order of their numbers."""
    found = GraduationCertificate.objects.filter(registration__batch=batch).select_related(
        "application__candidate", "application__plan__major", "application__plan__examining_school"
    )
    for certificate in found.order_by("number"):
        yield registrable(certificate, province)
