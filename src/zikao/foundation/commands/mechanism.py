"""The decorator that makes a function a command.

One call is one transaction that shows the actor's rows only: the post is checked, the appointment is in effect, the
body reads the state, asks the law and changes; then one ledger line is written. No parameter turns any of these off,
and commands do not call commands: what belongs together is one command, what follows is another.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from django.db import connection, models

from zikao.foundation import ledger
from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands.apart import check_apart
from zikao.foundation.commands.changes import Outcome, Receipt, plain
from zikao.foundation.commands.rows import transaction_of
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, NotPermitted, ZikaoError
from zikao.foundation.regulation import clause
from zikao.foundation.regulation.own_values import freshen

LONGEST_KEY = 200
"""Characters of an idempotency key; ours are shorter and printed, and its index holds no more than a page."""
P = ParamSpec("P")
T = TypeVar("T")
Authoriser = Callable[[Actor, datetime], None]


@dataclass(frozen=True)
class CommandInfo:
    """A command as `./zikao commands` lists it."""

    name: str
    writes: str
    clauses: tuple[str, ...]
    posts: frozenset[Post]
    module: str
    summary: str
    call: Callable[..., Receipt[Any]]


_commands: dict[str, CommandInfo] = {}
_running: ContextVar[str | None] = ContextVar("running command", default=None)
_authorisers: list[Authoriser] = []


class CommandInsideCommand(RuntimeError):
    """A command called another: one act would write two lines."""


def set_authoriser(check: Authoriser) -> None:
    """Let the access room say whether the actor's appointment is in effect at that instant."""
    _authorisers[:] = [check]


def all_commands() -> dict[str, CommandInfo]:
    """Every command, by its dotted name without the package prefix ("stages.records.commands.open_record")."""
    return dict(sorted(_commands.items()))


def command(
    *, writes: str, clauses: Iterable[str] = (), posts: Iterable[Post]
) -> Callable[[Callable[P, Outcome[T]]], Callable[P, Receipt[T]]]:
    """Make a keyword-only function of `by` and `at` a command.

    `writes` names the event in the ledger, `clauses` the law behind it, `posts` who may. A parameter `key` in the
    signature makes the command idempotent: the same key gives the first receipt again and changes nothing.
    """
    cited = tuple(clause(identifier).id for identifier in clauses)
    allowed = frozenset(posts)

    def decorate(body: Callable[P, Outcome[T]]) -> Callable[P, Receipt[T]]:
        _check_signature(body)

        @functools.wraps(body)
        def run(*args: P.args, **kwargs: P.kwargs) -> Receipt[T]:
            by, at, key = _who_and_when(name, kwargs)
            if _running.get() is not None:
                raise CommandInsideCommand(f"{name} inside {_running.get()}")
            freshen()
            token = _running.set(name)
            try:
                with transaction_of(by):
                    _authorise(by, at, allowed, writes)
                    earlier = _earlier(key, by, writes) if key is not None else None
                    if earlier is not None:
                        return earlier
                    outcome = body(*args, **kwargs)
                    _check_apart(outcome, by)
                    return _written(outcome, by=by, at=at, writes=writes, cited=cited, key=key)
            finally:
                _running.reset(token)

        name = f"{body.__module__}.{body.__name__}".removeprefix("zikao.")
        summary = (inspect.getdoc(body) or "").split("\n", 1)[0]
        _commands[name] = CommandInfo(name, writes, cited, allowed, body.__module__, summary, run)
        return run

    return decorate


def _check_signature(body: Callable[..., Any]) -> None:
    parameters = inspect.signature(body).parameters
    if {"by", "at"} - parameters.keys():
        raise TypeError(f"{body.__qualname__}: a command takes by= and at=")
    if any(each.kind is not inspect.Parameter.KEYWORD_ONLY for each in parameters.values()):
        raise TypeError(f"{body.__qualname__}: a command takes keywords only")


def _who_and_when(name: str, kwargs: Mapping[str, Any]) -> tuple[Actor, datetime, str | None]:
    by, at, key = kwargs.get("by"), kwargs.get("at"), kwargs.get("key")
    if not isinstance(by, Actor) or not isinstance(at, datetime) or at.tzinfo is None:
        raise TypeError(f"{name}: called with by=an Actor and at=an aware instant")
    return by, at, key if isinstance(key, str) else None


def _authorise(by: Actor, at: datetime, allowed: frozenset[Post], writes: str) -> None:
    if by.post not in allowed:
        who = "、".join(sorted(post.label for post in allowed))
        raise NotPermitted(
            "post-may-not",
            facts={"post": by.post.label, "writes": writes},
            message=f"“{by.post.label}”不能办理这一事项。",
            remedy=f"请由以下岗位办理：{who}。",
        )
    for check in _authorisers:
        check(by, at)


def _check_apart(outcome: Outcome[Any], by: Actor) -> None:
    """Nobody acts on what is their own or a relative's, however the command found it: the change is rolled back."""
    for each in (outcome.value, outcome.on):
        if isinstance(each, models.Model):
            check_apart(by, each)


def _earlier(key: str, by: Actor, writes: str) -> Receipt[Any] | None:
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise BadInput("key-malformed", message="提交编号不是本页面给出的。", remedy="请刷新页面后重新提交。")
    with connection.cursor() as cursor:  # two submissions at once: the second waits and finds the first's line
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    line = ledger.line_of_key(key)
    if line is None:
        return None
    if line.command != writes or line.account_id != by.account_id:
        raise ZikaoError("key-reused", message="这个提交编号已经用于另一件事。", remedy="请刷新页面后重新提交。")
    return Receipt(line.id, line.command, line.at, None, line.subject, repeated=True)


def _written(
    outcome: Outcome[T], *, by: Actor, at: datetime, writes: str, cited: tuple[str, ...], key: str | None
) -> Receipt[T]:
    after = outcome.after
    line_id = ledger.append(
        at=at,
        actor=by,
        command=writes,
        subject=outcome.subject,
        clauses=tuple(dict.fromkeys((*cited, *outcome.clauses))),
        facts=plain(outcome.facts),
        before=sm3(canonical(plain(outcome.before))) if outcome.before is not None else None,
        after=sm3(canonical(after)) if after is not None else None,
        key=key,
    )
    return Receipt(line_id, writes, at, outcome.value, outcome.subject)
