"""What a page needs to know of a command: who may, and whether it takes an idempotency key."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from zikao.foundation.actors import Post


def posts_of(command: Callable[..., Any]) -> frozenset[Post] | None:
    """The posts that may call the command; None where it is no registered command (a fake in a test)."""
    from zikao.foundation.commands import all_commands

    for info in all_commands().values():
        if info.call is command:
            return info.posts
    return None


def takes_key(command: Callable[..., Any]) -> bool:
    """Whether the command has a parameter `key`, and so repeats without a second effect."""
    return "key" in inspect.signature(command).parameters
