"""Certificates checked by anyone: asks the stage that registers them; while it is not there nothing is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from zikao.foundation.pages import Fact

REGISTRY = "zikao.stages.registry.queries"


def by_number(number: str, name: str) -> Sequence[Fact] | None:
    """What a certificate says, by its number and its holder's name; None where there is no such certificate."""
    return _ask("certificate_by_number", number, name)


def by_token(token: str) -> Sequence[Fact] | None:
    """What a certificate says, by the token in its QR code."""
    return _ask("certificate_by_token", token)


def _ask(query: str, *args: str) -> Sequence[Fact] | None:
    if find_spec(REGISTRY) is None:
        return None
    find: Callable[..., Any] | None = getattr(import_module(REGISTRY), query, None)
    return find(*args) if find else None
