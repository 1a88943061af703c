"""Attacks on the score archive that try to write, change or delete a score without a window, or to blind its guards."""

# ruff: noqa: E501, PT017 - statements are read best whole

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tests.conftest import HOME, WORKER
from tests.factories import archive as make
from tests.factories import results
from tests.throwaway import TestNode
from zikao.stages.results import queries
from zikao.stages.results.models import ChangeList, Score

pytestmark = pytest.mark.django_db
TABLES = ["score", "staged", "segment", "staged_segment", "presence", "commit_check", "filing_window"]
DENIED = "permission denied|refused|must be owner"


def refused(statement: str, why: str = DENIED) -> None:
    """The application's role runs a statement and is refused, by this reason."""
    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def scores(at: datetime) -> list[Score]:
    """A sitting's scores in the archive."""
    results.archived(at)
    return list(Score.objects.order_by("line"))


@pytest.fixture
def superuser(db: None) -> Iterator[psycopg.Connection]:
    """A superuser's connection to this process's database, rolled back at the end."""
    node = TestNode(HOME, WORKER)
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(node.cluster.superuser_url(name)) as entered:
        yield entered
        entered.rollback()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE archive.{0} SET {1} = {1}", "DELETE FROM archive.{0}"])
def test_application_may_not_change_or_delete_rows_of_the_archive(table: str, statement: str) -> None:
    """The application's role holds no right to UPDATE or DELETE on any table of the archive."""
    column = {"score": "value", "staged": "value", "presence": "post", "commit_check": "turn"}.get(table, "post")
    refused(statement.format(table, column))


@pytest.mark.parametrize("table", TABLES)
def test_application_may_not_truncate(table: str) -> None:
    """TRUNCATE, which no row trigger sees, is refused to the application's role on every table."""
    refused(f"TRUNCATE archive.{table} CASCADE")


def test_application_may_not_insert_a_score_directly(scores: list[Score]) -> None:
    """A direct INSERT of a score is refused: the only way in is the filing function."""
    refused(
        "INSERT INTO archive.score SELECT id + 1000000, window_id, list_id, line, candidate_id, course_id, sitting_id,"
        " '1999-10', how, standing, 100, grade, true, source, evidence, 1, NULL, NULL, recorded_at, agency_code, leaf"
        " FROM archive.score LIMIT 1"
    )


def test_application_may_not_copy_into_the_scores() -> None:
    """COPY is an INSERT: it is refused, too."""
    refusal = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with refusal, transaction.atomic(), connection.cursor() as cursor, cursor.copy("COPY archive.score FROM STDIN"):
        pass


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO results_score (id) VALUES (1)",
        "UPDATE results_score SET value = 100",
        "DELETE FROM results_score",
        "CREATE OR REPLACE VIEW results_score AS SELECT 1 AS id",
    ],
)
def test_view_is_no_way_in(statement: str, scores: list[Score]) -> None:
    """The view by which other stages read scores writes nothing, and the application cannot replace it."""
    refused(statement)


def test_merge_and_upsert_are_refused(scores: list[Score]) -> None:
    """MERGE and INSERT ... ON CONFLICT need the same rights that the application has not."""
    refused("MERGE INTO archive.score held USING (SELECT 1) new ON true WHEN MATCHED THEN UPDATE SET value = 100")
    refused("INSERT INTO archive.score (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET value = 100")


def test_application_may_not_lock_the_windows_away() -> None:
    """FOR SHARE and FOR UPDATE on a window's row, by which one could keep it from closing, are refused."""
    for lock in ("SHARE", "KEY SHARE", "UPDATE"):
        refused(f"SELECT * FROM archive.filing_window FOR {lock}")
    refused("LOCK TABLE archive.score IN ACCESS EXCLUSIVE MODE")


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE archive.score DISABLE TRIGGER ALL",
        "DROP TRIGGER guard_scores ON archive.score",
        "DROP FUNCTION archive.guard_scores() CASCADE",
        "ALTER TABLE archive.score DISABLE ROW LEVEL SECURITY",
        "DROP SCHEMA archive CASCADE",
        "CREATE FUNCTION archive.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE archive.mine ()",
        "ALTER FUNCTION archive.file(bigint) SET search_path = public",
        "GRANT INSERT ON archive.score TO CURRENT_USER",
    ],
)
def test_application_may_not_touch_the_archives_making(statement: str) -> None:
    """Triggers, functions, rights and the schema itself are beyond the application's role."""
    # a GRANT without the right to grant is a warning in PostgreSQL: what counts is that nothing was granted
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        assert "permission denied" in str(error) or "must be owner" in str(error)
    refused("DELETE FROM archive.score")


def test_nobody_becomes_the_archives_role(owner_connection: psycopg.Connection) -> None:
    """After preparation neither the application nor the database's owner can SET ROLE to the archive's role."""
    refused("SET ROLE zikao_province_32_archive", "permission denied to set role")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner_connection.execute("SET ROLE zikao_province_32_archive")


def test_owner_grants_nobody_the_archives_role(owner_connection: psycopg.Connection) -> None:
    """The database's owner role cannot make itself a member again, nor hand its own tables' rights on to the archive."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner_connection.execute("GRANT zikao_province_32_archive TO zikao_province_32_owner")


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE archive.score DISABLE TRIGGER guard_scores",
        "INSERT INTO archive.score (id) VALUES (1)",
        "UPDATE archive.score SET value = 100",
        "DELETE FROM archive.score",
        "TRUNCATE archive.score CASCADE",
        "DROP TABLE archive.score CASCADE",
        "CREATE RULE lie AS ON INSERT TO archive.score DO INSTEAD NOTHING",
        "CREATE OR REPLACE FUNCTION archive.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "ALTER SCHEMA archive OWNER TO CURRENT_USER",
        "SELECT archive.file(1)",
    ],
)
def test_owner_of_the_database_is_refused(statement: str, owner_connection: psycopg.Connection) -> None:
    """The role that owns the database and runs migrations has no power over the archive afterwards."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner_connection.execute(statement)


@pytest.mark.parametrize("statement", ["UPDATE archive.score SET value = 100", "DELETE FROM archive.score",
                                       "TRUNCATE archive.score CASCADE"])  # fmt: skip
@pytest.mark.parametrize("mode", ["origin", "replica"])
def test_triggers_refuse_even_a_superuser_whatever_the_replication_role(
    statement: str, mode: str, superuser: psycopg.Connection
) -> None:
    """ENABLE ALWAYS: session_replication_role = replica switches the refusal of changes off for nobody."""
    superuser.execute(f"SET session_replication_role = {mode}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="archive:"):
        superuser.execute(statement)


@pytest.mark.parametrize("mode", ["origin", "replica"])
def test_a_row_without_a_window_is_refused_even_to_a_superuser(
    mode: str, superuser: psycopg.Connection, at: datetime
) -> None:
    """The INSERT guard is ENABLE ALWAYS and asks for an open window whoever inserts."""
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(f"SET session_replication_role = {mode}")
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ForeignKeyViolation)):
        superuser.execute(
            "INSERT INTO archive.score (id, window_id, list_id, line, candidate_id, course_id, sitting_label, how,"
            " standing, value, grade, passed, source, evidence, version, recorded_at, agency_code, leaf)"
            " VALUES (1, 1, 1, 1, 1, 1, '2024-10', 'written', 'valid', 100, '', true, 'x', '', 1, now(), '32', '')"
        )


def test_session_replication_role_is_not_the_applications_to_set() -> None:
    """The application cannot set session_replication_role at all."""
    refused("SET session_replication_role = replica", "permission denied")


def test_list_that_grew_after_its_approval_is_not_filed(at: datetime) -> None:
    """A row slipped into a staged list after it was signed changes its digest: the guard refuses the whole list."""
    publication = results.approved(at)
    held = queries.list_of(publication.sitting)
    window = make.opened(held, at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO archive.staged (list_id, line, candidate_id, course_id, sitting_label, how, standing, value,"
            " passed, source, recorded_at, agency_code) SELECT list_id, line + 1000, candidate_id, course_id, '1999-10',"
            " how, 'valid', 100, true, source, recorded_at, agency_code FROM archive.staged WHERE list_id = %s LIMIT 1",
            [held.pk],
        )
    refused(f"SELECT archive.file({window.pk})", "not the list that was authorised")
    assert not Score.objects.exists()


def test_window_for_another_digest_is_refused(at: datetime) -> None:
    """A window cannot be asked for with a digest that is not the staged list's own."""
    held = queries.list_of(results.approved(at).sitting)
    refused(
        f"SELECT archive.request_window('scores', {held.pk}, '', sha256('other'), sha256('other'), 60, 24, 1)",
        "not the list that was approved",
    )


def test_window_of_one_list_files_no_other(at: datetime) -> None:
    """An open window writes its own list and nothing else, however the filing function is called."""
    publication = results.approved(at)
    make.filed(queries.list_of(publication.sitting), at)
    spent = ChangeList.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM archive.filing_window WHERE list_id = %s", [spent.pk])
        (number,) = cursor.fetchone()
    refused(f"SELECT archive.file({number})", "no open window")
    refused(f"SELECT archive.file(id) FROM archive.filing_window WHERE id = {number}", "no open window")


def test_set_returning_call_files_nothing_without_a_window(at: datetime) -> None:
    """Calling the filing function over many numbers at once finds no window that nobody opened."""
    results.approved(at)
    refused("SELECT archive.file(n) FROM generate_series(1, 1000) n", "no open window")
    refused("SELECT archive.file(NULL)", "no open window")


def test_staged_row_is_not_edited_under_the_signature(at: datetime) -> None:
    """Staged rows only grow: what was signed cannot be edited in place."""
    results.approved(at)
    refused("UPDATE archive.staged SET value = 100")
    refused("DELETE FROM archive.staged")


def test_row_ids_are_given_by_the_archive(at: datetime) -> None:
    """The application cannot choose a staged row's id, which becomes the score's id."""
    refused("INSERT INTO archive.staged (id, list_id, line) OVERRIDING SYSTEM VALUE VALUES (1, 1, 1)")


def test_second_version_must_continue_the_first(scores: list[Score], at: datetime) -> None:
    """A later version that names another score, another leaf or a skipped number is refused by the guard."""
    from zikao.stages.results import archive
    from zikao.stages.results.archive import StagedRow
    from zikao.stages.results.states import HowObtained, ListKind

    first, other = scores[0], scores[1]
    row = StagedRow(
        first.candidate_id, first.course_id, first.sitting_label, HowObtained.WRITTEN, 100, "", True, "更正",
        first.agency_code, sitting_id=first.sitting_id, version=2, supersedes_id=other.pk, previous=bytes(other.leaf),
    )  # fmt: skip
    held = archive.stage(ListKind.TAKE_OVER, "x", "x", [row], agency_code="32", by=make.OFFICER, at=at)
    from zikao.stages.results import commands

    commands.approve_list(list_id=held.pk, by=make.PROVINCE_HEAD, at=at)
    window = make.opened(held, at)
    refused(f"SELECT archive.file({window.pk})", "not the next version")
