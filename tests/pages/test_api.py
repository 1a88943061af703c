"""The API: what it answers, that its schema tells the truth, and that it says no more than the pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.cache import cache
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from zikao.node.wsgi import application

pytestmark = pytest.mark.django_db
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
PATHS = [
    "/api/v1/timetables",
    "/api/v1/timetables/{sitting}",
    "/api/v1/draws/{sitting}",
    "/api/v1/certificates/{number}",
    "/api/v1/certificates/tokens",
    "/api/v1/ledger/checkpoint",
]
FEW = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def schema(client: Client) -> Iterator[Any]:
    """The schema as it is served; a request over WSGI does not close the connection of the test's transaction."""
    document = client.get("/api/v1/openapi.json").json()
    found = schemathesis.openapi.from_dict(document)
    found.app = application
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield found
    for end in ends:
        end.connect(close_old_connections)


@pytest.fixture
def world(at: datetime) -> str:
    """A published timetable and a registered certificate; its number."""
    from tests.factories.programmes import a_published_timetable
    from tests.factories.registry import a_registered_certificate

    a_published_timetable(at)
    return a_registered_certificate(at).number


def test_every_operation_is_in_the_schema_with_words(schema: Any) -> None:
    paths = schema.raw_schema["paths"]
    assert sorted(paths) == sorted(PATHS)
    operations = [operation for methods in paths.values() for operation in methods.values()]
    assert all(operation["summary"] and "422" in map(str, operation["responses"]) for operation in operations)


@pytest.mark.parametrize("path", PATHS)
def test_answers_keep_to_the_schema_whatever_is_asked(path: str, world: str, schema: Any) -> None:
    (operation,) = [found.ok() for found in schema.include(path=path).get_all_operations()]

    @FEW
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        cache.clear()  # the limit of questions has its own test
        case.call_and_validate(checks=CHECKS)

    check()


def test_a_program_reads_the_published_timetable(client: Client, world: str) -> None:
    assert [row["code"] for row in client.get("/api/v1/timetables").json()] == ["2026-10"]
    answer = client.get("/api/v1/timetables/2026-10", {"q": "00037"}).json()
    assert [row["course_code"] for row in answer["papers"]] == ["00037"]
    assert answer["papers"][0]["starts_at"].startswith("2026-10-")


def test_a_timetable_that_is_not_published_is_not_told(client: Client, at: datetime) -> None:
    from tests.factories.programmes import a_filed_timetable

    a_filed_timetable(at)
    assert client.get("/api/v1/timetables").json() == []
    answer = client.get("/api/v1/timetables/2026-10")
    assert (answer.status_code, answer.json()["code"]) == (404, "timetable-not-published")


def test_a_program_verifies_a_certificate_by_number_and_name_only_together(client: Client, world: str) -> None:
    known = client.get(f"/api/v1/certificates/{world}", {"name": "王小雨"}).json()
    assert (known["verdict"], known["entry"]["school"]) == ("registered", "南京师范大学")
    assert "320102199903070027" not in str(known)
    wrong = client.get(f"/api/v1/certificates/{world}", {"name": "王大雨"}).json()
    assert (wrong["verdict"], wrong["entry"]) == ("not-found", None)
    assert client.get(f"/api/v1/certificates/{world}").status_code == 422


def test_a_program_verifies_what_a_qr_code_holds(client: Client, at: datetime) -> None:
    from tests.factories.registry import an_answered_batch
    from zikao.stages.graduation.models import GraduationCertificate
    from zikao.stages.graduation.tokens import certificate_token

    an_answered_batch(at)
    token = certificate_token(GraduationCertificate.objects.get())
    ask = {"path": "/api/v1/certificates/tokens", "content_type": "application/json"}
    assert client.post(data={"token": token}, **ask).json()["verdict"] == "registered"
    forged = client.post(data={"token": token.replace("本科", "专科")}, **ask).json()
    assert (forged["verdict"], forged["changed"]) == ("forged", ["层次"])


def test_an_address_that_asks_too_often_waits(client: Client) -> None:
    answers = [client.get("/api/v1/certificates/1", {"name": "王"}).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    problem = client.get("/api/v1/certificates/1", {"name": "王"}).json()
    assert (problem["code"], problem["remedy"]) == ("asks-too-often", "请过一分钟再查。")
    assert client.get("/api/v1/certificates/1", {"name": "王"}, REMOTE_ADDR="10.0.0.9").status_code == 200


def test_a_program_reads_the_public_head_of_a_draw(client: Client, at: datetime) -> None:
    assert client.get("/api/v1/draws/2026-10").status_code == 404
    from tests.factories.seating import issued

    found = issued(at)
    answer = client.get("/api/v1/draws/2026-10").json()
    assert (answer["seed"], answer["digest"], answer["entries"]) == (found.seed, found.digest, found.seated)
    assert len(answer["commitments"]) >= 2
