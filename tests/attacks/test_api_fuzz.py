"""The whole API, asked by schemathesis: every operation, on both kinds of node, by nobody, a candidate and staff.

Whatever is asked, the answer keeps to the schema, and a refusal says code, message, remedy and clause; none is a 500.
A plain run asks a little; `./zikao test -m fuzz` asks at length. The way in for other nodes is attacked with bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.cache import cache
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.factories.accounts import a_candidates_account, a_member_of_staff, sign_in, usual_agency
from tests.factories.programmes import a_published_timetable
from tests.factories.registry import a_registered_certificate
from tests.hostile import RAW, TEXTS, attack
from zikao.foundation import clock
from zikao.foundation.actors import Post
from zikao.node.wsgi import application

pytestmark = pytest.mark.django_db
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
NODES = {"province": ("province:32", "province", "32"), "national": ("national", "national", "")}
ACTORS: dict[str, Callable[[datetime], Any] | None] = {
    "nobody": None,
    "candidate": a_candidates_account,
    "staff": lambda at: a_member_of_staff(at, Post.PROVINCE_CLERK, usual_agency(Post.PROVINCE_CLERK)),
}


@pytest.fixture(params=sorted(NODES))
def _node(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    a_published_timetable(at)
    a_registered_certificate(at)
    settings.ZIKAO_NODE, settings.ZIKAO_NODE_KIND, settings.ZIKAO_NODE_CODE = NODES[request.param]


@contextmanager
def one_transaction() -> Iterator[None]:
    """A request over WSGI does not close the connection of the test's transaction (Django's client would undo this)."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    try:
        yield
    finally:
        for end in ends:
            end.connect(close_old_connections)


def ask_everything(at: datetime, examples: int) -> set[tuple[str, int]]:
    """Each operation by each actor; returns which operation gave which status."""
    seen: set[tuple[str, int]] = set()
    document = Client().get("/api/v1/openapi.json").json()
    for account in ACTORS.values():
        schema = schemathesis.openapi.from_dict(document)
        schema.app = application
        cookies = {name: each.value for name, each in _cookies_of(account, at).items()}
        with one_transaction():
            for operation in (found.ok() for found in schema.get_all_operations()):
                _ask(operation, cookies, examples, seen)
    return seen


def _cookies_of(account: Callable[[datetime], Any] | None, at: datetime) -> Any:
    client = Client()
    if account is not None:
        sign_in(client, account(at))
    return client.cookies


def _ask(operation: Any, cookies: dict[str, str], examples: int, seen: set[tuple[str, int]]) -> None:
    few = settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

    @few
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        cache.clear()  # the limit of questions has its own test
        case.cookies = {**(case.cookies or {}), **cookies}
        answer = case.call()
        case.validate_response(answer, checks=CHECKS)
        seen.add((operation.label, answer.status_code))
        if answer.status_code >= 400:
            assert {"code", "message", "remedy", "clause"} <= answer.json().keys()

    check()


@pytest.mark.usefixtures("_node")
def test_no_operation_of_the_api_fails_whoever_asks_whatever(at):
    """A few questions for every operation, actor and kind of node: answers keep to the schema, refusals are whole."""
    seen = ask_everything(at, examples=4)
    assert {operation for operation, _ in seen} >= {"GET /api/v1/timetables", "POST /api/v1/certificates/tokens"}
    assert any(status >= 400 for _, status in seen), "nothing was refused: the questions were all too kind"


@pytest.mark.fuzz
@pytest.mark.usefixtures("_node")
def test_no_operation_of_the_api_fails_however_long_it_is_asked(at):
    """The same at length; only with -m fuzz."""
    ask_everything(at, examples=300)


@pytest.mark.usefixtures("_node")
def test_the_way_in_for_other_nodes_refuses_what_is_no_message():
    """Hostile bytes, JSON of the wrong shape and forged messages are refused without a failure or a change."""
    client = Client(raise_request_exception=False)
    for body in (
        b"",
        RAW,
        b"{}",
        b"[]",
        b"null",
        b"1" * 5000,
        b'{"body": {}, "signature": "x"}',
        *(t.encode() for t in TEXTS),
    ):
        status = attack(client, "post", reverse("exchange:inbox"), body, "application/json")
        assert 400 <= status < 500
