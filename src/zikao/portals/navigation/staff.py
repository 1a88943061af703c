"""The side of a member of staff: the stages with the pages that the present post may open."""

from __future__ import annotations

from dataclasses import dataclass

from zikao.foundation.actors import STAFF_POSTS, Actor
from zikao.foundation.pages.parts import posts_behind
from zikao.portals.navigation.house import HOUSE
from zikao.portals.navigation.life_cycle import LIFE_CYCLE
from zikao.portals.navigation.links import Entry, Links, StageLinks, nearest, url_of
from zikao.portals.navigation.waiting import counts_for

STAGES: tuple[StageLinks, ...] = LIFE_CYCLE + HOUSE


@dataclass(frozen=True)
class Stage:
    """A stage of the life cycle with its links."""

    label: str
    entries: tuple[Entry, ...]


def for_staff(actor: Actor | None, path: str) -> list[Stage]:
    """The stages in which this actor may open at least one page, with counts of what waits."""
    if actor is None or actor.candidate_id is not None:
        return []
    waiting = counts_for(actor)
    stages = (_stage(actor, path, label, links, waiting.get(name, 0)) for name, label, links in STAGES)
    return [stage for stage in stages if stage.entries]


def _stage(actor: Actor, path: str, label: str, links: Links, count: int) -> Stage:
    urls = [(text, name, url_of(name)) for text, name in links]
    allowed = [(text, url) for text, name, url in urls if url and _may_open(actor, name, url)]
    here = nearest([url for _, url in allowed], path)
    entries = (Entry(text, url, url == here, count if i == 0 else 0) for i, (text, url) in enumerate(allowed))
    return Stage(label, tuple(entries))


def _may_open(actor: Actor, name: str, url: str) -> bool:
    posts = posts_behind(name, url)
    return actor.post in (STAFF_POSTS if posts is None else posts)
