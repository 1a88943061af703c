"""The strict test bench: a real PostgreSQL entered as the application's role, and nothing that passes by accident."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from tests.standing import AT
from tests.throwaway import TestNode, clear_away, prepare_environment
from zikao.foundation.regulation.own_values import take_none
from zikao.node.browser import chromium_path

HOME = prepare_environment()
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def pytest_configure(config: pytest.Config) -> None:
    """Load the settings, now that the environment of the test node is there."""
    from django.conf import settings

    assert settings.DATABASES
    # what one process's tests destroy is not another's: the same picture may stand in both databases
    settings.ZIKAO_FILES = settings.ZIKAO_NODE_HOME / f"files-{WORKER}"
    _hash_cheaply()


def _hash_cheaply() -> None:
    """Passwords of tests cost microseconds; what a node really uses is `test_access_sessions`'s to prove.

    The algorithm, its format and who may compare are the real ones; programs that tests start take the real cost.
    """
    from zikao.foundation.access.passwords import Argon2

    Argon2.time_cost, Argon2.memory_cost = 1, 8


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the server down with the run."""
    if WORKER == "main":
        clear_away(HOME)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long is asked for by its marker, or comes first; without a browser its tests are skipped, visibly."""
    if "fuzz" not in str(config.getoption("-m")):
        items[:] = [item for item in items if not item.get_closest_marker("fuzz")]
    items.sort(key=lambda item: item.get_closest_marker("slow") is None and item.get_closest_marker("faults") is None)
    if chromium_path() is not None:
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def test_node() -> TestNode:
    """The throw-away server and this process's database on it."""
    return TestNode(HOME, WORKER)


@pytest.fixture(scope="session")
def renew_database(test_node: TestNode) -> Callable[[], None]:
    """Give this process a fresh copy of the migrated database, and let Django enter it as the application."""

    def renew() -> None:
        from django.db import connections

        connections.close_all()
        database = test_node.fresh_database()
        os.environ["ZIKAO_DATABASE_URL"] = database.app_url
        parts = psycopg.conninfo.conninfo_to_dict(database.app_url)
        settings = connections["default"].settings_dict
        settings.update(
            NAME=parts["dbname"],
            USER=parts["user"],
            PASSWORD=parts["password"],
            HOST=parts["host"],
            PORT=str(parts["port"]),
            CONN_MAX_AGE=0,
            CONN_HEALTH_CHECKS=False,
        )
        connections.settings["default"].update(settings)

    return renew


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    renew_database: Callable[[], None],
) -> Iterator[None]:
    """Replaces pytest-django's: roles and migrations are ours, and so is cleaning up after committing tests."""
    from django.db import connections
    from django.test import TransactionTestCase

    with django_db_blocker.unblock():
        renew_database()
    with pytest.MonkeyPatch.context() as patch:
        # Django would TRUNCATE, which the application's role may not
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: renew_database())
        yield
    connections.close_all()


@pytest.fixture
def owner_connection(db: None) -> Iterator[psycopg.Connection]:
    """A connection as the owner of the database, outside the test's transaction, rolled back at the end.

    Attack tests use it to do what a careless or hostile administrator could.
    """
    from django.db import connection

    database = connection.settings_dict["NAME"]
    node = TestNode(HOME, WORKER)
    ways = node.cluster.node_database("province:32", database=database)
    with psycopg.connect(ways.owner_url) as owner:
        yield owner
        owner.rollback()


@pytest.fixture(scope="module")
def rows_of_any_node(django_db_setup: None, test_node: TestNode) -> Iterator[None]:
    """Several nodes' rows stand in one table here, which takes only its own node's: the checks are off meanwhile."""
    with test_node.above() as above:
        checks = above.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conname LIKE '%\\_of\\_node'"
        ).fetchall()
        for table, name, _ in checks:
            above.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    with test_node.above() as above:
        for table, name, check in checks:
            above.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {check}")


@pytest.fixture(autouse=True)
def no_own_values() -> None:
    """A test begins without values of a province's own detailed rules."""
    take_none()


@pytest.fixture
def at() -> datetime:
    """The moment at which most tests happen: 20 August 2026, ten in the morning in Beijing."""
    return AT


@pytest.fixture
def project() -> Path:
    """The project's folder."""
    return Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _the_tests_own_rows(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test reads itself it reads with all rows; commands and requests enter the scope of who acts."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None and not {"db", "transactional_db"} & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("transactional_db" if _is_committing(marker) else "db")
    from zikao.foundation.commands import all_rows

    with all_rows("测试自己的核对"):
        yield


def _is_committing(marker: pytest.Mark | None) -> bool:
    return marker is not None and bool(marker.kwargs.get("transaction"))
