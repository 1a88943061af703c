"""The state of trust of a node: rooms say here what they know of it, one page shows all of it.

@trust_item("checkpoint", order=10)
def last_checkpoint(actor: Actor, at: datetime) -> TrustItem:
    return TrustItem("账本检查点", "ok", "17 分钟前签署，共 120,345 行", since=..., url=..., clause="EA-49.1")
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

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
TITLES: dict[str, str] = {}
log = logging.getLogger(__name__)


def trust_item(name: str, *, order: int, title: str = "") -> Callable[[TrustQuery], TrustQuery]:
    """Register a query under a name; `order` is its place on the page, `title` what to call it when it fails."""

    def keep(query: TrustQuery) -> TrustQuery:
        _items[name] = (order, query)
        if title:
            TITLES[name] = title
        return query

    return keep


def state_of_trust(actor: Actor, at: datetime) -> list[TrustItem]:
    """All items in their order; one that cannot be read is broken, and the others are still shown."""
    ordered = sorted(_items.items(), key=lambda item: item[1][0])
    return [_read(name, query, actor, at) for name, (_, query) in ordered]


def _read(name: str, query: TrustQuery, actor: Actor, at: datetime) -> TrustItem:
    try:
        with transaction.atomic():  # a failed query must not spoil the next item's
            return query(actor, at)
    except Exception as trouble:
        log.exception("trust item %s could not be read", name)
        sentence = f"这一项读不出来（{type(trouble).__name__}），请系统管理员查看日志。"
        return TrustItem(TITLES.get(name, name), "broken", sentence)
