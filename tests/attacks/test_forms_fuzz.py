"""Every form and every address of every page, given what no honest browser sends.

A plain run attacks what stands open to strangers and candidates; `./zikao test -m fuzz` attacks every page of every
post, each field alone as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.factories.accounts import a_candidates_account, a_member_of_staff, sign_in, usual_agency
from tests.factories.worlds import a_world_of_cases
from tests.hostile import RAW, TEXTS, Attacked, attack, bodies, forms_of
from tests.pages.test_routes import tables
from zikao.foundation import clock
from zikao.foundation.access.models import Account
from zikao.foundation.actors import STAFF_POSTS, Post
from zikao.portals.navigation import staff as navigation

pytestmark = pytest.mark.django_db
STAFF = {post.value for post in STAFF_POSTS}
QUERY = ("q", "page", "sort", "state", "sitting", "area", "export", "before", "after")


def role_of(row: dict[str, Any]) -> str | None:
    """Somebody whom the page is open to: staff first, because they do most."""
    open_to = [role for role, status in row.items() if status == 200 and role not in {"kwargs", "method"}]
    return min(open_to, key=lambda role: (role.partition("@")[0] not in STAFF, role != "candidate", role), default=None)


def by_app(roles: set[str] | None = None) -> dict[str, list[tuple[str, dict[str, Any], str]]]:
    """The routes that somebody may open, by app; only those whose somebody is one of `roles`."""
    found: dict[str, list[tuple[str, dict[str, Any], str]]] = defaultdict(list)
    for name, row in sorted(tables().items()):
        role = role_of(row)
        if role is not None and (roles is None or role.partition("@")[0] in roles):
            found[name.partition(":")[0]].append((name, row, role))
    return found


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    monkeypatch.setattr(navigation, "counts_for", lambda actor: {})  # counted at every one of a million requests


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def client_of(role: str, at: datetime) -> Client:
    """Somebody's client: of the candidate who was registered last, or a stranger's where there is none."""
    client = Client(raise_request_exception=False)
    post, _, place = role.partition("@")
    if post == "guest":
        return client
    if post == "candidate":
        own = None if place == "other" else Account.objects.filter(kind="candidate").order_by("-pk").first()
        return sign_in(client, own or a_candidates_account(at))
    return sign_in(client, a_member_of_staff(at, Post(post), place or usual_agency(Post(post))))


def attacks_on(name: str, row: dict[str, Any], client: Client, seen: set[object], *, at_length: bool) -> list[str]:
    """What went wrong at one route: its query, its address, its forms that were not yet seen on another page."""
    kwargs = row.get("kwargs", {})
    url, wrong = reverse(name, kwargs=kwargs), []

    def sent(method: str, where: str, body: Any, content_type: str = "") -> None:
        try:
            attack(client, method, where, body, content_type)
        except Attacked as fault:
            wrong.append(f"{name}: {fault}")

    page = client.get(url)
    forms = [] if page.streaming or "html" not in page.get("Content-Type", "") else forms_of(url, page.content.decode())
    names = {each for form in forms if form.method == "get" for each in form.fields} | set(QUERY)
    for text in [each for each in TEXTS if len(each) < 1000][:: 1 if at_length else 4]:
        sent("get", url, dict.fromkeys(names, text))
    for where in strange_addresses(name, kwargs):
        sent("get", where, {})
    sent("post", url, RAW, "application/x-www-form-urlencoded")
    sent("post", url, b'{"a": "\\ud800"', "application/json")
    sent(
        "post",
        url,
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="\x00"\r\n\r\n\xff',
        "multipart/form-data; boundary=x",
    )
    for form in forms:
        if (key := (form.action, *sorted(form.fields))) in seen:
            continue
        seen.add(key)
        for body in bodies(form, at_length=at_length) if form.method == "post" else ():
            sent("post", form.action, body)
    return wrong


def strange_addresses(name: str, kwargs: dict[str, Any]) -> Iterator[str]:
    """The route with each part of its address made strange, where it fits at all."""
    for part in kwargs:
        for strange in (10**40, 0, "0" * 30, "x'\"<>", "㐀𠀀", "a" * 300, "\x00"):
            try:
                yield reverse(name, kwargs={**kwargs, part: strange})
            except NoReverseMatch:
                continue


def run(app: str, routes: list[tuple[str, dict[str, Any], str]], at: datetime, *, at_length: bool) -> list[str]:
    wrong: list[str] = []
    seen: set[object] = set()
    for name, row, role in routes:
        with undone():
            if callable(given := row.get("kwargs", {})):
                row = {**row, "kwargs": given(at)}
            elif at_length:
                a_world_of_cases(at)
            wrong += attacks_on(name, row, client_of(role, at), seen, at_length=at_length)
    return wrong


@pytest.mark.parametrize("app", sorted(by_app({"guest", "candidate"})))
def test_no_page_of_the_public_or_a_candidate_fails_or_changes_anything_by_bad_input(app, at):
    """Hostile values in fields, queries, addresses and files: an answer in words, nothing changed without a line."""
    assert run(app, by_app({"guest", "candidate"})[app], at, at_length=False) == []


@pytest.mark.fuzz
@pytest.mark.parametrize("app", sorted(by_app()))
def test_no_page_fails_or_changes_anything_by_bad_input(app, at):
    """The same for every page of every post, each field alone as well; only with -m fuzz."""
    assert run(app, by_app()[app], at, at_length=True) == []
