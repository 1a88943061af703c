"""Certificates checked by anyone (SR-22): by number and name together, or by the signed token of the QR code.

Nothing is told about a certificate to who does not have both its number and its holder's name. The centre adds its
register with `answers_public`; a province answers from its own rows.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from zikao.foundation import clock, crypto
from zikao.foundation.clock import local_day
from zikao.foundation.commands import all_rows
from zikao.foundation.exchange.models import PeerKey
from zikao.foundation.exchange.states import KeyKind
from zikao.stages.graduation.tokens import CertificateToken, read_token
from zikao.stages.programmes.states import Level
from zikao.stages.registry import rules
from zikao.stages.registry.models import Registration
from zikao.stages.registry.states import Answer, Entry, RowState, Verdict

Source = Callable[[str, str], Entry | None]
SOURCES: dict[str, Source] = {}


def answers_public(source: Source) -> Source:
    """Register a function (number, name) -> entry that answers the public."""
    SOURCES[f"{source.__module__}.{source.__qualname__}"] = source
    return source


def look_up(number: str, name: str) -> Answer:
    """What the register says of a certificate with this number whose holder has this name."""
    for source in SOURCES.values():
        entry = source(number.strip(), name.strip())
        if entry is not None:
            verdict = _verdict(entry, name.strip())
            return Answer(verdict, None if verdict is Verdict.NOT_FOUND else entry)
    return Answer(_verdict(None, name))


def _verdict(entry: Entry | None, name: str) -> Verdict:
    return rules.PUBLIC_ANSWER(
        on=clock.today(),
        registered=entry is not None and entry.registered_on is not None,
        name_agrees=entry is not None and entry.name == name,
        revoked=entry is not None and entry.revoked_on is not None,
    )


def look_up_number(number: str) -> Answer:
    """The same for one of our own certificates by its number alone: only after a code that nobody can make up."""
    rows = Registration.objects.filter(certificate__number=number)
    with all_rows("SR-22：凭证书编号公开查验，签名已核对"):
        name = rows.values_list("certificate__application__candidate__name", flat=True).first()
    return look_up(number, name) if name else Answer(Verdict.NOT_FOUND)


def look_up_token(text: str) -> Answer:
    """What the register says of a token; first the signature must hold."""
    token = read_token(text)
    if token is None:
        return Answer(Verdict.NOT_FOUND)
    keys = _keys_of(token)
    if not keys:
        return Answer(Verdict.ELSEWHERE)
    if not any(token.holds(key) for key in keys):
        return Answer(Verdict.FORGED, changed=token.changed_fields())
    return look_up(token.number, token.name)


def _keys_of(token: CertificateToken) -> list[str]:
    if token.province == settings.ZIKAO_NODE_CODE:
        return list(crypto.public_keys().values())
    return list(
        PeerKey.objects.filter(peer__code=f"province:{token.province}", kind=KeyKind.SIGN).values_list("pem", flat=True)
    )


@answers_public
def own_register(number: str, name: str) -> Entry | None:
    """A province's own certificates: those that the centre has registered, and those revoked since."""
    rows = Registration.objects.filter(
        certificate__number=number,
        certificate__application__candidate__name=name,
        state__in=[RowState.REGISTERED, RowState.REVOKED],
    ).select_related(
        "certificate__application__candidate",
        "certificate__application__plan__major",
        "certificate__application__school",
    )
    with all_rows("SR-22：凭证书编号和姓名公开查验"):
        row = rows.first()
    if row is None:
        return None
    application = row.certificate.application
    return Entry(
        number=row.certificate.number,
        name=application.candidate.name,
        major=application.plan.major.name,
        level=str(Level(application.plan.major.level).label),
        school=application.school.name,
        issued_on=row.certificate.issued_on,
        registered_on=local_day(row.answered_at) if row.answered_at else None,
        revoked_on=local_day(row.revoked_at) if row.revoked_at else None,
    )
