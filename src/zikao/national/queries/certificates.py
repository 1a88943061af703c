"""The national register, for its registrars and for the public."""

from __future__ import annotations

from django.db.models import QuerySet

from zikao.foundation.clock import local_day
from zikao.foundation.errors import NotFound
from zikao.national.models import RegisteredCertificate
from zikao.national.models.certificates import ID_NUMBER
from zikao.stages.programmes.states import Level
from zikao.stages.registry.queries import answers_public
from zikao.stages.registry.states import Entry


def registered() -> QuerySet[RegisteredCertificate]:
    """The register by number, revoked ones as well; without ID numbers."""
    return RegisteredCertificate.objects.defer("id_number_sealed", "id_number_index")


def certificate(number: str) -> RegisteredCertificate:
    """One registered certificate; NotFound where there is none."""
    found = RegisteredCertificate.objects.filter(number=number).first()
    if found is None:
        raise NotFound("certificate-not-found", message=f"没有编号为 {number} 的注册证书。")
    return found


def id_number_of(certificate: RegisteredCertificate) -> str:
    """The whole ID number, for a page that masks it."""
    return ID_NUMBER.text(certificate)


def level_label(level: str) -> str:
    """本科 or 专科; the value itself where it is neither."""
    return str(Level(level).label) if level in Level.values else level


@answers_public
def national_register(number: str, name: str) -> Entry | None:
    """What the national register tells the public."""
    found = registered().filter(number=number, name=name).first()
    if found is None:
        return None
    return Entry(
        number=found.number,
        name=found.name,
        major=found.major,
        level=level_label(found.level),
        school=found.school,
        issued_on=found.issued_on,
        registered_on=local_day(found.registered_at),
        revoked_on=local_day(found.revoked_at) if found.revoked_at else None,
    )
