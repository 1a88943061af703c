"""The national register: a province's batch taken in, a fraudulent registration revoked."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date, datetime

from zikao.foundation import exchange, storage
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.foundation.crypto import index_of
from zikao.foundation.errors import BadInput, NotFound, WrongState
from zikao.national import policies
from zikao.national.models import RegisteredCertificate
from zikao.national.models.certificates import ID_NUMBER
from zikao.stages.registry import rules
from zikao.stages.registry.states import Registrable


@command(writes="national.registered", clauses=("SR-20", "SR-21", "SR-A3.1", "SR-A3.2"), posts=policies.INBOX)
def register_certificates(
    *, province: str, batch_on: date, certificates: Sequence[Registrable], by: Actor, at: datetime
) -> Outcome[dict[str, str]]:
    """Register a province's batch and answer it: numbers that are not registered, each with the reason.

    Source:  SR-20, SR-21, SR-A3.1, SR-A3.2
    Writes:  national.registered
    Raises:  NotPermitted, Refused, BadInput
    """
    rules.PERIOD(on=local_day(at), issued_on=batch_on).require()
    rejected = _rejections(certificates, province, batch_on)
    accepted = [each for each in certificates if each.number not in rejected]
    portraits = [base64.b64decode(each.portrait) for each in accepted]
    RegisteredCertificate.objects.bulk_create(
        _row(each, portrait, province, batch_on, at) for each, portrait in zip(accepted, portraits, strict=True)
    )
    exchange.send(
        to=f"province:{province}",
        kind="registry.answer",
        body={
            "batch_on": batch_on.isoformat(),
            "registered": [each.number for each in accepted],
            "rejected": rejected,
        },
        at=at,
    )
    facts = {"province": province, "registered": len(accepted), "rejected": len(rejected)}
    return Outcome(rejected, on=f"national.batch:{province}:{batch_on}", facts=facts)


def _row(each: Registrable, portrait: bytes, province: str, batch_on: date, at: datetime) -> RegisteredCertificate:
    return RegisteredCertificate(
        number=each.number,
        name=each.name,
        sex=each.sex,
        id_number_sealed=ID_NUMBER.seal(each.id_number, each.number),
        id_number_index=index_of(each.id_number),
        major_code=each.major_code,
        major=each.major,
        level=each.level,
        issued_on=batch_on,
        school=each.school,
        province=province,
        portrait=storage.put(portrait, media_type="image/jpeg", at=at) if portrait else "",
        registered_at=at,
    )


def _rejections(certificates: Sequence[Registrable], province: str, batch_on: date) -> dict[str, str]:
    numbers = [each.number for each in certificates]
    if len(set(numbers)) != len(numbers):
        raise BadInput("numbers-repeated", message="上报的证书编号有重复。", remedy="请核对后整批重报。")
    there = set(RegisteredCertificate.objects.filter(number__in=numbers).values_list("number", flat=True))
    rejected = {}
    for each in certificates:
        if each.number in there:
            rejected[each.number] = "证书编号已经注册"
        elif each.province != province:
            rejected[each.number] = "证书的省份与上报省份不一致"
        elif each.issued_on != batch_on.isoformat():
            rejected[each.number] = "发证日期与本批不一致"
        elif not (each.name and each.id_number and each.major and each.school):
            rejected[each.number] = "注册信息不完整"
    return rejected


@command(writes="national.revoked", clauses=("SR-A3.7",), posts=policies.REGISTRARS)
def revoke_certificate(*, number: str, reason: str, by: Actor, at: datetime) -> Outcome[RegisteredCertificate]:
    """Revoke a fraudulent registration; the public look-up says so from now on, here and in the province.

    Source:  SR-A3.7
    Writes:  national.revoked
    Raises:  NotPermitted, NotFound, WrongState, BadInput
    """
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明撤销的理由。"})
    certificate = RegisteredCertificate.objects.select_for_update().filter(number=number).first()
    if certificate is None:
        raise NotFound("certificate-not-found", message=f"没有编号为 {number} 的注册证书。")
    if certificate.revoked_at is not None:
        raise WrongState("already-revoked", message="这份证书的注册已经撤销。")
    before = snapshot(certificate)
    certificate.revoked_at, certificate.revoked_reason = at, reason
    certificate.save(update_fields=["revoked_at", "revoked_reason"])
    exchange.send(
        to=f"province:{certificate.province}",
        kind="registry.revoked",
        body={"number": number, "reason": reason},
        at=at,
    )
    return Outcome(certificate, before=before, facts={"number": number})
