"""The state of trust of a node: rooms say here what they know of it, one page shows all of it.

@trust_item("checkpoint", order=10)
def last_checkpoint(actor: Actor, at: datetime) -> TrustItem:
    return TrustItem("账本检查点", "ok", "17 分钟前签署，共 120,345 行", since=..., url=..., clause="EA-49.1")
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from zikao.foundation.actors import Actor


@dataclass(frozen=True)
class TrustItem:
    """One thing that trust rests on: ok, due or broken, since when, in a sentence, and where to look."""

    title: str
    state: Literal["ok", "due", "broken"]
    sentence: str
    since: datetime | None = None
    url: str = ""
    clause: str = ""


TrustQuery = Callable[[Actor, datetime], TrustItem]
_items: dict[str, tuple[int, TrustQuery]] = {}


def trust_item(name: str, *, order: int) -> Callable[[TrustQuery], TrustQuery]:
    """Register a query under a name; `order` is its place on the page."""

    def keep(query: TrustQuery) -> TrustQuery:
        _items[name] = (order, query)
        return query

    return keep


def state_of_trust(actor: Actor, at: datetime) -> list[TrustItem]:
    """All items in their order."""
    return [query(actor, at) for _, query in sorted(_items.values(), key=lambda item: item[0])]
