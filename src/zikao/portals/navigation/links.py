"""Links as they are written down (name of a view) and as they are drawn (address, whether it is the page shown now)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, get_urlconf, reverse

Links = tuple[tuple[str, str], ...]
"""Label and name of the view, in the order shown."""
StageLinks = tuple[str, str, Links]
"""Name of the stage (where its work waits, see `waits_for`), its label, its links."""


@dataclass(frozen=True)
class Entry:
    """A link of the navigation; `count` is how many things wait there."""

    label: str
    url: str
    current: bool
    count: int = 0


def url_of(name: str) -> str:
    """The address of a view, or an empty string where this node has no such view. Asked once."""
    return _reversed(name, get_urlconf() or settings.ROOT_URLCONF)


@cache
def _reversed(name: str, urlconf: str) -> str:
    try:
        return reverse(name, urlconf)
    except NoReverseMatch:
        return ""


def nearest(urls: Sequence[str], path: str) -> str:
    """The link whose page, or a page below it, is open now: the longest that fits; "/" fits only itself."""
    fitting = [url for url in urls if path == url or (url.count("/") > 2 and path.startswith(url))]
    return max(fitting, key=len, default="")


def tabs(table: Links, path: str, *, without: frozenset[str] = frozenset()) -> list[Entry]:
    """The links of a table that exist here, but for those named in `without`."""
    urls = [(label, url_of(name)) for label, name in table if name not in without]
    here = nearest([url for _, url in urls if url], path)
    return [Entry(label, url, url == here) for label, url in urls if url]
