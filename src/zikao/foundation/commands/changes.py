"""What a command gives back, and how a change is told to the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import models

from zikao.foundation.errors import WrongState

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What a command's body did: the value for the caller, and what the ledger line says of it.

    `on` names the subject where the value is no model instance ("sitting:2026-10"); `before` is the `snapshot`
    taken before the change; facts hold ids, counts and codes, never personal data.
    """

    value: T
    on: str | models.Model | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None
    clauses: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The subject as the ledger writes it: "candidates.candidate:12"."""
        on = self.on if self.on is not None else self.value
        if isinstance(on, models.Model):
            return f"{on._meta.label_lower}:{on.pk}"
        return on if isinstance(on, str) else ""

    @property
    def after(self) -> Mapping[str, Any] | None:
        """The subject's snapshot now, where it is a model instance; plain already."""
        on = self.on if self.on is not None else self.value
        return snapshot(on) if isinstance(on, models.Model) else None


@dataclass(frozen=True)
class Receipt(Generic[T]):
    """Proof for the caller: the ledger line that says it, and the value.

    A repeated idempotency key gives the first line again; its value is then None and `repeated` is true.
    """

    line_id: int
    command: str
    at: datetime
    value: T
    subject: str = ""
    repeated: bool = False


_PLAIN_TYPES = frozenset({str, int, bool, type(None)})


def _plain(value: Any) -> Any:
    if type(value) in _PLAIN_TYPES:
        return value
    if isinstance(value, Enum):  # first: a member of StrEnum is text, too
        return _plain(value.value)
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID | float):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(_plain(item) for item in value)
    return str(value)


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as canonical JSON can hold them: text, whole numbers, lists, mappings."""
    return {name: _plain(value) for name, value in facts.items()}


def snapshot(instance: models.Model) -> dict[str, Any]:
    """The stored fields of a model instance, as plain values."""
    return {field.attname: _plain(getattr(instance, field.attname)) for field in instance._meta.concrete_fields}


State = TypeVar("State", bound=str)


def check_transition(transitions: Mapping[State, frozenset[State]], now: State, to: State) -> None:
    """Raise WrongState where the table has no way from `now` to `to`."""
    if to not in transitions.get(now, frozenset()):
        label = getattr(now, "label", str(now))
        target = getattr(to, "label", str(to))
        raise WrongState(
            "wrong-state",
            facts={"now": str(now), "to": str(to)},
            message=f"现在的状态是“{label}”，不能转为“{target}”。",
        )
