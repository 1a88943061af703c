"""How many things wait for a member of staff in each stage, kept for a moment so that not every page asks again."""

from __future__ import annotations

from django.core.cache import cache

from zikao.foundation.actors import Actor
from zikao.foundation.pages import Waiting, work_of
from zikao.foundation.pages.worklist import Waiter

COUNTS_KEPT_SECONDS = 20


def counts_for(actor: Actor) -> dict[str, int]:
    """How many things wait in each stage, by its name; at most `COUNTS_KEPT_SECONDS` old."""
    kept: dict[str, int] | None = cache.get(_key(actor))
    return kept if kept is not None else remember_counts(actor, work_of(actor))


def remember_counts(actor: Actor, work: list[tuple[Waiter, Waiting]]) -> dict[str, int]:
    """Keep what has just been counted, and return it by the name of its stage."""
    counts: dict[str, int] = {}
    for waiter, found in work:
        counts[waiter.stage] = counts.get(waiter.stage, 0) + found.count
    cache.set(_key(actor), counts, COUNTS_KEPT_SECONDS)
    return counts


def forget_counts(actor: Actor) -> None:
    """Ask again at the next page: the actor did something."""
    cache.delete(_key(actor))


def _key(actor: Actor) -> str:
    return f"waiting:{actor.account_id}:{actor.appointment_id}"
