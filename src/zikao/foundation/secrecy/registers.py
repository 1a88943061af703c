"""What the stages fill in: who handles which secret matter, who has an interest, which personal data can be shown.

@holds(SecretKind.KEY)
def handles_the_key(actor: Actor, subject: str, at: datetime) -> bool: ...

@bars
def has_an_interest(actor: Actor, sitting_code: str, on: date) -> bool: ...

revealable("candidates.phone", title="联系电话", posts=REVEALERS, row=queries.access_candidate, text=PHONE.text)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zikao.foundation.actors import Actor, Post
from zikao.foundation.secrecy.states import SecretKind

Holds = Callable[[Actor, str, datetime], bool]
Bars = Callable[[Actor, str, date], bool]

_holders: dict[SecretKind, list[Holds]] = {}
_bars: list[Bars] = []


@dataclass(frozen=True)
class Revealable:
    """A piece of personal data that can be shown in full; exactly one of `text` and `picture` reads it."""

    name: str
    title: str
    posts: frozenset[Post]
    row: Callable[[Actor, int], Any]
    text: Callable[[Any], str] | None = None
    picture: Callable[[Any], bytes] | None = None


_revealables: dict[str, Revealable] = {}


def holds(*kinds: SecretKind) -> Callable[[Holds], Holds]:
    """Register who is appointed to handle matters of these kinds."""

    def keep(check: Holds) -> Holds:
        for kind in kinds:
            _holders.setdefault(kind, []).append(check)
        return check

    return keep


def bars(check: Bars) -> Bars:
    """Register who must keep away from every secret matter of a sitting."""
    _bars.append(check)
    return check


def is_appointed(kind: SecretKind, actor: Actor, subject: str, at: datetime) -> bool:
    """Whether any appointment lets the actor handle this matter; nobody said so: no."""
    return any(check(actor, subject, at) for check in _holders.get(kind, ()))


def has_interest(actor: Actor, sitting_code: str, on: date) -> bool:
    """Whether the actor declared an interest in the sitting."""
    return any(check(actor, sitting_code, on) for check in _bars)


def revealable(
    name: str,
    *,
    title: str,
    posts: frozenset[Post],
    row: Callable[[Actor, int], Any],
    text: Callable[[Any], str] | None = None,
    picture: Callable[[Any], bytes] | None = None,
) -> None:
    """Register a piece of personal data; `row` gets the row with authority (NotFound outside the actor's subtree)."""
    if (text is None) == (picture is None):
        raise TypeError(f"{name}: a text or a picture")
    _revealables[name] = Revealable(name, title, posts, row, text, picture)


def revealables() -> dict[str, Revealable]:
    """All of them, by name."""
    return dict(_revealables)
