"""Every page opened as somebody of another province, with every filter of the program forgotten.

`scoped`, `access`, `covers` and `scope` let everything through, so that each query runs without its filter: what the
database shows then is what row security alone allows. Each page is opened twice: with row security lifted, so that the
test knows what would leak, and as in real use, where no candidate's name or number may appear.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import a_member_of_staff, sign_in, usual_agency
from tests.factories.worlds import a_world_of_cases
from tests.pages.test_routes import tables
from zikao.foundation import clock
from zikao.foundation.access import middleware
from zikao.foundation.actors import STAFF_POSTS, Actor, Post
from zikao.foundation.commands import all_rows, rows_of, scope
from zikao.portals.navigation import staff as navigation
from zikao.stages.candidates.models import Candidate

pytestmark = pytest.mark.django_db
BEARING = (
    "candidates", "conduct", "entries", "graduation", "marking", "records", "registry", "results", "seating",
    "transfers", "violations",
)  # fmt: skip
"""The apps whose pages show candidates: for each the attack must find something to hide."""
SILENT = {"marking", "entries"}
"""Of these the pages show only counts or what has no name: they are opened, too."""


OUTSIDE = {
    "national": "the centre's own node: nobody of a province enters it, and what it holds is the nation's",
    "results:sample": "a sample file, the same for everybody",
}
"""Apps and pages that are not attacked, each with the reason."""
Row = tuple[str, dict[str, Any], Post, str]


def rows_of_routes() -> dict[str, list[Row]]:
    """By app: each GET route that some post may open, with the first such post and where it is."""
    found: dict[str, list[Row]] = defaultdict(list)
    posts = {post.value for post in STAFF_POSTS}
    for name, row in sorted(tables().items()):
        roles = [role.partition("@") for role, status in row.items() if status == 200]
        may = [(Post(post), place or usual_agency(Post(post))) for post, _, place in roles if post in posts]
        may = [(post, place) for post, place in may if place]
        app = name.partition(":")[0]
        if may and row.get("method") != "post" and not {app, name} & OUTSIDE.keys():
            found[app].append((name, row, *may[0]))
    return found


ROUTES = rows_of_routes()


@pytest.fixture(autouse=True)
def _filters_forgotten(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    forgotten = scope.scoped

    def everything(queryset: Any, actor: Actor, field: str = "agency_code") -> Any:
        return queryset

    for name, module in list(sys.modules.items()):
        if name.startswith("zikao.") and getattr(module, "scoped", None) is forgotten:
            monkeypatch.setattr(module, "scoped", everything)
    monkeypatch.setattr(navigation, "counts_for", lambda actor: {})  # numbers, no names
    monkeypatch.setattr(Actor, "covers", lambda self, code: True)
    monkeypatch.setattr(Actor, "scope", property(lambda self: ("", "\U0010ffff")))


def secrets() -> list[bytes]:
    """What must not appear: names and numbers of every candidate there is (all of province 32)."""
    rows = Candidate.objects.values_list("name", "admission_number")
    return [text.encode() for row in rows for text in row]


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def leaks(client: Client, url: str) -> int:
    """How many of the candidates' names and numbers a page shows; a failure shows none."""
    cache.clear()
    try:
        with undone():
            answer = client.get(url)
    except DatabaseError:
        return 0
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return sum(secret in body for secret in secrets())


@pytest.mark.parametrize("app", sorted(ROUTES))
def test_no_page_shows_a_candidate_of_another_province_when_every_filter_is_forgotten(app, at, monkeypatch):
    """With every filter off, row security keeps pages from showing outsiders a candidate's name or number."""
    hidden, shown = {}, {}

    def somebody(post: Post, place: str) -> Client:
        return sign_in(Client(raise_request_exception=False), a_member_of_staff(at, post, "33" + place[2:]))

    def attack(name: str, client: Client, kwargs: dict[str, Any]) -> None:
        url = reverse(name, kwargs=kwargs)
        with monkeypatch.context() as lifted:
            lifted.setattr(middleware, "rows_of", lambda actor: all_rows("ohne"))
            hidden[name] = leaks(client, url)
        shown[name] = leaks(client, url)

    own = [each for each in ROUTES[app] if "kwargs" in each[1]]
    for name, row, post, place in own:
        with undone():
            given = row["kwargs"]
            attack(name, somebody(post, place), given(at) if callable(given) else given)
    with undone():
        if app in BEARING:
            a_world_of_cases(at)
        outsiders: dict[tuple[Post, str], Client] = {}
        for name, _, *who in (each for each in ROUTES[app] if each not in own):
            outsider = outsiders.get(tuple(who)) or outsiders.setdefault(tuple(who), somebody(*who))
            with undone():
                attack(name, outsider, {})
    assert {name: count for name, count in shown.items() if count} == {}
    if app in BEARING and app not in SILENT:
        assert sum(hidden.values()) > 0, "nothing was there to hide: the attack attacks nothing"


def test_the_attack_leaks_when_row_security_is_lifted_by_hand(at):
    """Another province's head sees no name or number; with row security lifted, they are there."""
    a_world_of_cases(at)
    with rows_of(Actor("外省", Post.PROVINCE_HEAD, "33")):
        assert secrets() == []
    assert secrets() != []
