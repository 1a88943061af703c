"""The way of a certificate to the national register, and what the register holds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import TextChoices


class BatchState(TextChoices):
    CHECKED = "checked", "已整理核对"
    APPROVED = "approved", "已审批"
    SENT = "sent", "已上报"
    REGISTERED = "registered", "已注册"


TRANSITIONS: dict[BatchState, frozenset[BatchState]] = {
    BatchState.CHECKED: frozenset({BatchState.APPROVED}),
    BatchState.APPROVED: frozenset({BatchState.SENT}),
    BatchState.SENT: frozenset({BatchState.REGISTERED}),
    BatchState.REGISTERED: frozenset(),
}


class RowState(TextChoices):
    READY = "ready", "待注册"
    REGISTERED = "registered", "已注册"
    REJECTED = "rejected", "退回"


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
