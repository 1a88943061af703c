"""Which function takes which kind of message. A stage keeps its handlers in `inbox.py`, found at start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from zikao.foundation.actors import Actor


class Handler(Protocol):
    """Takes a message's body and its sender's code ("province:33"), and calls one command."""

    def __call__(self, *, body: dict[str, Any], peer: str, by: Actor, at: datetime) -> object: ...


class AnswerHandler(Protocol):
    """Learns the answer to a message that was sent; calls one command, in the transaction that records the answer."""

    def __call__(
        self, *, body: dict[str, Any], answer: dict[str, Any], peer: str, by: Actor, at: datetime
    ) -> object: ...


_handlers: dict[str, Handler] = {}
_answer_handlers: dict[str, AnswerHandler] = {}
F = TypeVar("F", bound=Callable[..., Any])


def handles(kind: str) -> Callable[[F], F]:
    """Register the one function that takes messages of a kind ("transfers.file").

    It is called as `function(body=..., peer="province:33", by=node actor, at=instant)` in the transaction that
    keeps the message. What it refuses (a ZikaoError below 500) goes back as a coded rejection; any other exception
    leaves the message unanswered, so that the sender tries again.
    """
    return _registrar(_handlers, kind)


def handles_answer(kind: str) -> Callable[[F], F]:
    """Register the one function that learns the answers to messages of a kind that this node sent.

    It is called as `function(body=..., answer=..., peer=..., by=..., at=...)`, once, in the transaction that records
    the answer {state, and when rejected: code, clause, message, remedy}.
    """
    return _registrar(_answer_handlers, kind)


def _registrar(table: dict[str, Any], kind: str) -> Callable[[F], F]:
    def register(function: F) -> F:
        if table.get(kind, function).__qualname__ != function.__qualname__:
            raise ValueError(f"two handlers for {kind}")
        table[kind] = function
        return function

    return register


def handler_of(kind: str) -> Handler | None:
    """The function that takes messages of a kind."""
    return _handlers.get(kind)


def answer_handler_of(kind: str) -> AnswerHandler | None:
    """The function that learns the answers to messages of a kind."""
    return _answer_handlers.get(kind)
