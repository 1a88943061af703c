"""The way of a certificate to the national register, and what the register holds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices


class BatchState(TextChoices):
    CHECKED = "checked", "已整理核对"
    APPROVED = "approved", "已审批"
    SENT = "sent", "已上报"
    REGISTERED = "registered", "注册办结"


TRANSITIONS: dict[BatchState, frozenset[BatchState]] = {
    BatchState.CHECKED: frozenset({BatchState.APPROVED}),
    BatchState.APPROVED: frozenset({BatchState.SENT}),
    BatchState.SENT: frozenset({BatchState.REGISTERED}),
    BatchState.REGISTERED: frozenset({BatchState.SENT}),
}


class RowState(TextChoices):
    READY = "ready", "待注册"
    REGISTERED = "registered", "已注册"
    REJECTED = "rejected", "退回"
    REVOKED = "revoked", "已撤销注册"


class Verdict(TextChoices):
    """What a look-up answers."""

    REGISTERED = "registered", "证书真实有效"
    REVOKED = "revoked", "这张证书的注册已经撤销"
    NOT_FOUND = "not-found", "没有查到这张证书"
    FORGED = "forged", "二维码的内容与签名不符"
    ELSEWHERE = "elsewhere", "这张证书不是本省签发的"


@dataclass(frozen=True)
class Entry:
    """What the register tells the public about one certificate: no ID number, no picture."""

    number: str
    name: str
    major: str
    level: str
    school: str
    issued_on: date
    registered_on: date | None
    revoked_on: date | None = None


@dataclass(frozen=True)
class Answer:
    """A verdict, the entry where there is one, and the changed fields of a token that does not hold."""

    verdict: Verdict
    entry: Entry | None = None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Registrable:
    """One certificate as the register takes it (SR-A3.1); dates are ISO text, the portrait is a JPEG in base64."""

    number: str
    name: str
    sex: str
    id_number: str
    major_code: str
    major: str
    level: str
    issued_on: str
    school: str
    province: str
    portrait: str

    def as_dict(self) -> dict[str, Any]:
        """The fields, for a message."""
        return asdict(self)
