"""What the QR code on a certificate says: its facts, signed by the node that made it, so that anyone can check offline.

One line, parts joined by "|": ZK1, number, name, major, level (本科 or 专科), issued on, province, key id, marks, SM2
signature (DER, base64url) over everything before it. The marks, four letters a field, only help to say which field
was changed; nothing is believed without the signature.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from zikao.foundation import crypto
from zikao.foundation.crypto import sm3
from zikao.stages.graduation.models import GraduationCertificate
from zikao.stages.programmes.states import Level

FORMAT = "ZK1"
MARK_BYTES = 3
FIELDS = {
    "number": "证书编号",
    "name": "姓名",
    "major": "专业",
    "level": "层次",
    "issued_on": "发证日期",
    "province": "省份代码",
}


@dataclass(frozen=True)
class CertificateToken:
    """A token taken apart; nothing in it is believed before `holds`."""

    number: str
    name: str
    major: str
    level: str
    issued_on: str
    province: str
    key_id: str
    marks: str
    signed: str
    signature: bytes

    def holds(self, public_key_pem: str | bytes) -> bool:
        """Whether the node with this public key signed exactly these facts."""
        return crypto.verify(self.signed.encode(), self.signature, public_key_pem)

    def changed_fields(self) -> tuple[str, ...]:
        """The Chinese names of the fields that do not fit their marks."""
        marks = [self.marks[start : start + 4] for start in range(0, 4 * len(FIELDS), 4)]
        return tuple(
            label
            for (name, label), mark in zip(FIELDS.items(), marks, strict=True)
            if mark != _mark(name, getattr(self, name))
        )


def certificate_token(certificate: GraduationCertificate) -> str:
    """The token of a certificate, signed by this node. Raises ValueError where a name holds the separator."""
    application = certificate.application
    major = application.plan.major
    return token_of_facts(
        number=certificate.number,
        name=application.candidate.name,
        major=major.name,
        level=str(Level(major.level).label),
        issued_on=certificate.issued_on,
        province=settings.ZIKAO_NODE_CODE,
    )


def token_of_facts(*, number: str, name: str, major: str, level: str, issued_on: date, province: str) -> str:
    """The token of these facts, signed by this node."""
    facts = [number, name, major, level, issued_on.isoformat(), province]
    if any("|" in fact for fact in facts):
        raise ValueError("a fact of a certificate holds the separator")
    marks = "".join(_mark(field, fact) for field, fact in zip(FIELDS, facts, strict=True))
    signed = "|".join([FORMAT, *facts, crypto.signing_key_id(), marks])
    return f"{signed}|{urlsafe_b64encode(crypto.sign(signed.encode())).decode().rstrip('=')}"


def read_token(text: str) -> CertificateToken | None:
    """A token taken apart; None where the text is none."""
    signed, _, signature = text.strip().rpartition("|")
    form, *parts = signed.split("|")
    if form != FORMAT or len(parts) != len(FIELDS) + 2 or len(parts[-1]) != 4 * len(FIELDS):
        return None
    try:
        raw = urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except ValueError:
        return None
    number, name, major, level, issued_on, province, key_id, marks = parts
    return CertificateToken(number, name, major, level, issued_on, province, key_id, marks, signed, raw)


def packed(token: str) -> str:
    """The token as one part of an address (base64url of its UTF-8 bytes)."""
    return urlsafe_b64encode(token.encode()).decode().rstrip("=")


def unpacked(part: str) -> str:
    """The token in a part of an address; the part itself where it holds none."""
    try:
        return urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
    except ValueError:
        return part


def _mark(field: str, value: str) -> str:
    return urlsafe_b64encode(sm3(f"{field}={value}".encode())[:MARK_BYTES]).decode()
