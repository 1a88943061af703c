"""Attacks on the archive with time: transactions begun before the close, held past it, hidden from it."""

# ruff: noqa: E501, PT012, RUF043 - statements are read best whole

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import psycopg
import pytest
from django.db import connection

from tests.conftest import HOME, WORKER
from tests.factories import archive as make
from tests.factories import results
from tests.throwaway import TestNode
from zikao.stages.results import queries
from zikao.stages.results.models import FilingWindow, Score

pytestmark = pytest.mark.django_db(transaction=True)
LATE = "closed before the commit"


@pytest.fixture
def window(at: datetime) -> FilingWindow:
    """An open window for a sitting's list, committed."""
    return make.opened(queries.list_of(results.approved(at, (75,)).sitting), at)


@pytest.fixture
def session(window: FilingWindow) -> Iterator[Callable[[], psycopg.Connection]]:
    """Further sessions of the application's role, as an attacker inside the application has them."""
    node = TestNode(HOME, WORKER)
    ways = node.cluster.node_database("province:32", database=str(connection.settings_dict["NAME"]))
    made: list[psycopg.Connection] = []

    def enter() -> psycopg.Connection:
        made.append(psycopg.connect(ways.app_url))
        return made[-1]

    yield enter
    for each in made:
        each.close()


def closing_in(window: FilingWindow, seconds: float) -> None:
    """A superuser shortens the window, because a test cannot wait an hour."""
    node = TestNode(HOME, WORKER)
    with psycopg.connect(node.cluster.superuser_url(str(connection.settings_dict["NAME"]))) as superuser:
        superuser.execute("ALTER TABLE archive.filing_window DISABLE TRIGGER guard_window")
        superuser.execute(
            "UPDATE archive.filing_window SET closes_at = clock_timestamp() + make_interval(secs => %s) WHERE id = %s",
            [seconds, window.pk],
        )
        superuser.execute("ALTER TABLE archive.filing_window ENABLE ALWAYS TRIGGER guard_window")


def nothing_filed() -> bool:
    from zikao.foundation.commands import all_rows

    with all_rows("核对"):
        return not Score.objects.exists()


def test_transaction_begun_before_the_close_does_not_commit_after_it(window: FilingWindow, session) -> None:  # type: ignore[no-untyped-def]
    """Filed in time, committed too late: the commit itself is refused, by the database's clock."""
    closing_in(window, 1.5)
    late = session()
    late.execute("SELECT archive.file(%s)", [window.pk])
    time.sleep(1.7)
    with pytest.raises(psycopg.Error, match=LATE):
        late.commit()
    assert nothing_filed()


def test_set_constraints_immediate_does_not_spend_the_check_at_commit(window: FilingWindow, session) -> None:  # type: ignore[no-untyped-def]
    """SET CONSTRAINTS ALL IMMEDIATE makes the deferred check run early; it asks again at the commit nevertheless."""
    closing_in(window, 1.5)
    late = session()
    late.execute("SELECT archive.file(%s)", [window.pk])
    late.execute("SET CONSTRAINTS ALL IMMEDIATE")
    late.execute("SET CONSTRAINTS ALL IMMEDIATE")
    time.sleep(1.7)
    with pytest.raises(psycopg.Error, match=LATE):
        late.commit()
    assert nothing_filed()


def test_commit_hidden_in_a_list_of_statements_is_refused(window: FilingWindow, session) -> None:  # type: ignore[no-untyped-def]
    """One message that files, makes constraints immediate, sleeps and commits: refused, though the window is open."""
    hidden = session()
    hidden.autocommit = True
    with pytest.raises(psycopg.Error, match="COMMIT alone"):
        hidden.execute(
            f"BEGIN; SELECT archive.file({window.pk}); SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL IMMEDIATE; COMMIT"
        )
    assert nothing_filed()


def test_constraints_made_immediate_without_end_are_refused(window: FilingWindow, session) -> None:  # type: ignore[no-untyped-def]
    """Who fires the check again and again runs out of turns; the transaction is lost, not the check."""
    stubborn = session()
    stubborn.execute("SELECT archive.file(%s)", [window.pk])
    with pytest.raises(psycopg.Error, match="COMMIT alone"):
        for _ in range(30):
            stubborn.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert nothing_filed()


def test_prepared_transaction_does_not_outlive_the_window(window: FilingWindow, session) -> None:  # type: ignore[no-untyped-def]
    """PREPARE TRANSACTION, by which a write could be kept for later, is refused."""
    sly = session()
    sly.execute("SELECT archive.file(%s)", [window.pk])
    with pytest.raises(psycopg.Error, match="COMMIT alone|prepared transactions are disabled"):
        sly.execute("PREPARE TRANSACTION 'later'")
    assert nothing_filed()


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_old_snapshot_does_not_see_a_closed_window_open(level: str, window: FilingWindow, session) -> None:  # type: ignore[no-untyped-def]
    """A transaction whose snapshot is from before the close cannot file after it: PostgreSQL cannot serialise it."""
    stale, closer = session(), session()
    stale.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
    stale.execute("SELECT count(*) FROM archive.filing_window")
    closer.execute("SELECT archive.close_window(%s)", [window.pk])
    closer.commit()
    with pytest.raises(psycopg.Error, match="could not serialize|no open window"):
        stale.execute("SELECT archive.file(%s)", [window.pk])
    stale.rollback()
    assert nothing_filed()


def test_closing_waits_for_whoever_writes(window: FilingWindow, session) -> None:  # type: ignore[no-untyped-def]
    """While a filing is not committed the window does not close; so nothing commits after the close."""
    writer, closer = session(), session()
    writer.execute("SELECT archive.file(%s)", [window.pk])
    closer.execute("SET lock_timeout = '400ms'")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        closer.execute("SELECT archive.close_window(%s)", [window.pk])
    writer.rollback()
    closer.rollback()
    closer.execute("SELECT archive.close_window(%s)", [window.pk])
    closer.commit()
    assert nothing_filed()


def test_advisory_unlock_does_not_free_the_filing_lock(window: FilingWindow, session) -> None:  # type: ignore[no-untyped-def]
    """pg_advisory_unlock_all in the filing's own session frees nothing that a second filing could slip through."""
    writer, second = session(), session()
    writer.execute("SELECT archive.file(%s)", [window.pk])
    writer.execute("SELECT pg_advisory_unlock_all()")
    writer.execute("SELECT pg_advisory_unlock(hashtextextended('archive.file', 0))")
    second.execute("SET lock_timeout = '400ms'")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        second.execute("SELECT archive.file(%s)", [window.pk])
    writer.rollback()
    assert nothing_filed()


def test_session_that_writes_past_the_end_is_ended(window: FilingWindow, session) -> None:  # type: ignore[no-untyped-def]
    """When the time is over, the caretaker's call ends the sessions that still write, and closes the window."""
    closing_in(window, 1.0)
    late, caretaker = session(), session()
    late.execute("SELECT archive.file(%s)", [window.pk])
    time.sleep(1.2)
    assert caretaker.execute("SELECT archive.close_due()").fetchone() == (1,)
    caretaker.commit()
    with pytest.raises(psycopg.OperationalError):
        late.execute("SELECT 1")
    assert nothing_filed()
    window.refresh_from_db()
    assert window.closing == "expired"


def test_own_deferred_trigger_that_sleeps_in_the_commit_is_ended(window: FilingWindow, session) -> None:  # type: ignore[no-untyped-def]
    """A commit delayed by the attacker's own deferred trigger, after our check passed, is ended with its session."""
    closing_in(window, 2.5)
    sly, caretaker = session(), session()
    sly.execute("CREATE TEMPORARY TABLE mine (n int)")
    sly.execute(
        "CREATE FUNCTION pg_temp.doze() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_catalog.pg_sleep(20); RETURN NULL; END $$"
    )
    sly.execute(
        "CREATE CONSTRAINT TRIGGER doze AFTER INSERT ON mine DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        " EXECUTE FUNCTION pg_temp.doze()"
    )
    sly.commit()
    sly.execute("SELECT archive.file(%s)", [window.pk])
    sly.execute("INSERT INTO mine VALUES (1)")
    failed: list[BaseException] = []

    def commit() -> None:
        try:
            sly.commit()
        except psycopg.Error as error:
            failed.append(error)

    thread = threading.Thread(target=commit)
    thread.start()
    time.sleep(2.7)
    caretaker.execute("SELECT archive.close_due()")
    caretaker.commit()
    thread.join(15)
    assert failed
    assert nothing_filed()


def test_filing_in_time_is_committed(window: FilingWindow, session) -> None:  # type: ignore[no-untyped-def]
    """The same call committed by a bare COMMIT in time is filed: the refusals above refuse for their reason only."""
    writer = session()
    writer.execute("SELECT archive.file(%s)", [window.pk])
    writer.execute("SET CONSTRAINTS ALL IMMEDIATE")
    writer.commit()
    assert not nothing_filed()


def test_two_filings_at_once_write_once(window: FilingWindow, session) -> None:  # type: ignore[no-untyped-def]
    """Two sessions that file the same window at the same time: one writes, the other finds it closed."""
    first, second = session(), session()
    answers: list[str] = []

    def file(one: psycopg.Connection) -> None:
        try:
            one.execute("SELECT archive.file(%s)", [window.pk])
            one.commit()
            answers.append("filed")
        except psycopg.Error as error:
            answers.append(str(error))

    threads = [threading.Thread(target=file, args=[one]) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers)[1] == "filed"
    assert "no open window" in sorted(answers)[0]
