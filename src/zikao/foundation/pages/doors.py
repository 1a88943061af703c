"""Which addresses lead somewhere for who looks at a page: no list shows a link that its reader may not open."""

from __future__ import annotations

import re

from django.urls import Resolver404, resolve

from zikao.foundation.actors import Actor

_NUMBER = re.compile(r"\d+")


class Doors:
    """Asks the posts of the view behind an address, once for all addresses that differ in their numbers only."""

    def __init__(self, actor: Actor | None) -> None:
        self._actor = actor
        self._known: dict[str, bool] = {}

    def open(self, url: str) -> bool:
        """Whether the present actor's post may open this address; an empty one is closed, one elsewhere is open."""
        if not url:
            return False
        path = re.split("[?#]", url, maxsplit=1)[0]
        shape = _NUMBER.sub("0", path)
        if shape not in self._known:
            self._known[shape] = self._may_open(path)
        return self._known[shape]

    def _may_open(self, path: str) -> bool:
        try:
            posts = getattr(resolve(path).func, "zikao_posts", None)
        except Resolver404:
            return True
        return posts is None or (self._actor is not None and self._actor.post in posts)
