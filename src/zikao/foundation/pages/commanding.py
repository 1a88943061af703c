"""What a page needs to know of a command: who may, and whether it takes an idempotency key."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zikao.foundation.commands import CommandInfo


def info_of(command: Callable[..., Any]) -> CommandInfo | None:
    """The register's entry of a command; None where it is none (a fake in a test)."""
    from zikao.foundation.commands import all_commands

    return next((info for info in all_commands().values() if info.call is command), None)


def takes_key(command: Callable[..., Any]) -> bool:
    """Whether the command has a parameter `key`, and so repeats without a second effect."""
    return "key" in inspect.signature(command).parameters
