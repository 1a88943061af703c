"""One table of URL x role, held in pieces: every tests/pages/test_<stage>.py declares its ROUTES.

    ROUTES = {
        "agencies:sites": {"guest": 302, "candidate": 403, "county-clerk": 200},
        "agencies:site": {
            "kwargs": lambda at: {"code": a_site(at).code},     # makes the object, gives the url's kwargs
            "guest": 302, "prefecture-clerk@3201": 200, "prefecture-clerk@3301": 404,
        },
    }

A role is "guest", "candidate" (the one that kwargs registered, else a stranger), "candidate@other" (always the
stranger), a post's value, or "post@agency code" (a stranger's agency must get 404). The status is that of a GET, or of
a POST where the row says "method": "post". A route that no table names fails the test, and so does a name without a
route.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from tests.standing import held
from zikao.foundation.actors import Post
from zikao.portals.navigation import staff as navigation

MACHINES = {"api", "exchange"}
"""Namespaces that other programs use; they have tables of their own."""
OPEN = {"healthz", "readyz", "metrics", "pages-asset"}


def tables() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        if path.stem != "test_routes":
            found |= getattr(import_module(f"tests.pages.{path.stem}"), "ROUTES", {})
    return found


def names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLPattern):
            yield f"{namespace}{each.name}" if each.name else f"{namespace}{each.pattern}"
        else:
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from names(each.url_patterns, inner)


def routes() -> set[str]:
    return {name for name in names(get_resolver().url_patterns) if name.partition(":")[0] not in MACHINES} - OPEN


@dataclass(frozen=True)
class Case:
    """A row's cell. Cells of one row are equal, so that pytest makes the row's object once for all its roles."""

    name: str
    role: str = field(compare=False)
    status: int = field(compare=False)


TABLES = tables()
CASES = [
    pytest.param(Case(name, role, status), id=f"{name}-{role}")
    for name, row in TABLES.items()
    for role, status in row.items()
    if role not in {"kwargs", "method"}
]


@pytest.fixture(scope="module")
def opened(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[str, str]]:
    """The method and address of a route, with its object there for all roles that open it."""
    name = request.param.name
    kwargs = TABLES[name].get("kwargs", {})
    with held(django_db_blocker, kwargs if callable(kwargs) else lambda at: kwargs) as given:
        yield TABLES[name].get("method", "get"), reverse(name, kwargs=given)


@pytest.fixture(autouse=True)
def _nobody_counts_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers in the navigation have tests of their own; counted for each cell they would take half the time."""
    monkeypatch.setattr(navigation, "counts_for", lambda actor: {})


def test_every_route_stands_in_a_table():
    assert routes() - tables().keys() == set()


def test_every_row_of_a_table_has_a_route():
    assert tables().keys() - routes() == set()


def test_every_row_says_what_a_guest_gets():
    assert [name for name, row in tables().items() if "guest" not in row] == []


@pytest.mark.parametrize("opened", CASES, indirect=True)
def test_a_role_gets_what_the_table_says_when_it_opens_a_page(opened, request, signed_in):
    (method, url), case = opened, request.node.callspec.params["opened"]
    post, _, agency = case.role.partition("@")
    client = signed_in() if case.role == "guest" else signed_in(Post(post), agency or None)
    answer = getattr(client, method)(url)
    assert answer.status_code == case.status
    assert "default-src 'self'" in answer["Content-Security-Policy"]
