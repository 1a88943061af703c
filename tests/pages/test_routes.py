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
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from zikao.foundation.actors import Post

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


CASES = [
    pytest.param(name, row, role, status, id=f"{name}-{role}")
    for name, row in tables().items()
    for role, status in row.items()
    if role not in {"kwargs", "method"}
]


def test_every_route_stands_in_a_table():
    assert routes() - tables().keys() == set()


def test_every_row_of_a_table_has_a_route():
    assert tables().keys() - routes() == set()


def test_every_row_says_what_a_guest_gets():
    assert [name for name, row in tables().items() if "guest" not in row] == []


@pytest.mark.parametrize(("name", "row", "role", "status"), CASES)
def test_a_role_gets_what_the_table_says_when_it_opens_a_page(name, row, role, status, signed_in, at):
    kwargs = row.get("kwargs", {})
    found = kwargs(at) if callable(kwargs) else kwargs
    post, _, agency = role.partition("@")
    client = signed_in() if role == "guest" else signed_in(Post(post), agency or None)
    ask = client.post if row.get("method") == "post" else client.get
    answer = ask(reverse(name, kwargs=found))
    assert answer.status_code == status
    assert "default-src 'self'" in answer["Content-Security-Policy"]
