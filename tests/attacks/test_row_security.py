"""Ways to read or change another agency's rows past the filters: the database shows none.

The application's role may set its own settings (`set_config`): whoever can run SQL of their choice as the application
is beyond what row security holds back. It holds back the program's own mistakes. See ADR 0016.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from psycopg import sql
from pytest_django import DjangoDbBlocker

from tests.factories import worlds
from tests.factories.actors import the_node
from tests.standing import held
from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import all_rows, rows_of
from zikao.node.row_security import EXCEPTIONS, bearing, protected

pytestmark = pytest.mark.django_db
WORLDS = {"cases": worlds.a_world_of_cases, "marking": worlds.a_world_of_marking}
TABLES = tuple(each.table for each in protected())
ELSEWHERE = Actor("外县", Post.COUNTY_CLERK, "330102")
NEVER_FILLED = {
    "entries_order", "entries_refund", "entries_ticket",
    "marking_doubtruling", "marking_cardruling", "marking_doubt", "marking_objectivescore", "marking_total",
    "results_correction",
    "marking_dataconfirmation",
    "marking_datacorrection",
    "records_consultation",
    "records_consultationview",
    "incidents_incident", "incidents_report", "incidents_reportfile", "incidents_step", "incidents_told",
    "incidents_call",
}  # fmt: skip
"""Tables that neither world fills; their policy is the plain one of their neighbours."""


CASES = pytest.mark.parametrize("world", ["cases"], indirect=True)


@pytest.fixture(scope="module", params=sorted(WORLDS))
def world(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """One of the worlds stands while the tests of this file attack it."""
    with held(django_db_blocker, WORLDS[request.param]):
        yield request.param


def name_of(table: str) -> sql.Composed:
    return sql.SQL(".").join(map(sql.Identifier, table.split(".")))


def count(table: str) -> int:
    """What a query sees that forgets its WHERE."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(name_of(table)).as_string())
        return int(cursor.fetchone()[0])


def counts() -> dict[str, int]:
    return {table: count(table) for table in TABLES if count(table)}


@contextmanager
def settings(lo: str, hi: str, candidate: str = "") -> Iterator[None]:
    """The three settings as somebody else might have left them."""
    with rows_of(None), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('zikao.lo', %s, true), set_config('zikao.hi', %s, true),"
            " set_config('zikao.candidate', %s, true)",
            [lo, hi, candidate],
        )
        yield
        transaction.set_rollback(True)


# Which tables


def test_every_table_with_an_agency_or_a_candidate_is_protected_or_excepted_with_a_reason(db):
    """Each table with an agency or a candidate has row security or stands, with a reason, in the exceptions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        secured = {row[0] for row in cursor.fetchall()}
    bare = {table.rpartition(".")[2] for table in TABLES}
    assert secured == bare
    assert bearing() - secured - EXCEPTIONS.keys() == set()
    assert EXCEPTIONS.keys() - bearing() == set()
    assert EXCEPTIONS.keys() & secured == set()
    assert all(len(reason) > 8 for reason in EXCEPTIONS.values())


def test_every_view_asks_as_whoever_reads_it(db):
    """No view reads with its owner's rights: all are security invokers, so that policies hold through them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace IN"
            " ('public'::regnamespace, 'archive'::regnamespace)"
            " AND NOT coalesce(reloptions, '{}') @> '{security_invoker=true}'"
        )
        assert cursor.fetchall() == []


def test_every_policy_lets_the_whole_the_range_or_the_own_through_and_no_policy_is_plainly_true(db):
    """Every policy asks about the actor or a visible row; none has a separate, wider check for writing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, policyname, qual, with_check, permissive FROM pg_policies")
        rows = cursor.fetchall()
    assert len(rows) >= len(TABLES)
    for table, policy, qual, with_check, permissive in rows:
        assert permissive == "PERMISSIVE"
        assert with_check is None, "USING serves as WITH CHECK, so that neither can be wider"
        assert qual.startswith("((( SELECT zikao_as_planned(zikao_plan_told()) AS zikao_as_planned) IS NOT NULL) AND ")
        if policy == "zikao_rows":
            assert "zikao_plan_lo()" in qual or "zikao_plan_root()" in qual, (table, qual)
        else:
            assert "zikao_plan_place()" in qual or "zikao_plan_below()" in qual, (table, qual)


# Reading without a filter


def test_the_worlds_fill_the_tables_so_that_the_attacks_attack_something(at):
    """The two prepared worlds fill every protected table but the few listed: the attacks have what to find."""
    filled: set[str] = set()
    for make in WORLDS.values():
        with transaction.atomic():
            make(at)
            filled |= counts().keys()
            transaction.set_rollback(True)
    assert set(TABLES) - filled - NEVER_FILLED == set()


def test_a_query_that_forgets_its_filter_finds_nothing_elsewhere_and_nothing_for_the_public(world):
    """Policies show another county, another province, the public and nobody no row of any protected table."""
    assert counts()
    for actor in (ELSEWHERE, Actor("外省", Post.PROVINCE_HEAD, "33"), Actor("公众", Post.PUBLIC, ""), None):
        with rows_of(actor):
            assert counts() == {}


def test_the_province_and_the_centre_see_everything_the_law_gives_them(world):
    """Policies hide no row from the province's head and the national officer: the counts are the whole."""
    every = counts()
    for actor in (Actor("省", Post.PROVINCE_HEAD, "32"), Actor("中心", Post.NATIONAL_OFFICER, "")):
        with rows_of(actor):
            assert counts() == every


@CASES
@pytest.mark.parametrize(
    ("lo", "hi"),
    [
        ("", ""), ("", "\U0010ffff"), ("0", ""), ("*", ""), ("", "*"), ("%", "%"), ("33", "32"), ("null", "null"),
        ("'' OR true", "'' OR true"), ("33", "\U0010ffff"[:0]),
    ],
)  # fmt: skip
def test_settings_that_are_empty_half_or_garbage_show_nothing(world, lo, hi):
    """Policies show no row when a bound of the range is missing, reversed or an injected expression."""
    with settings(lo, hi):
        assert counts() == {}


@CASES
@pytest.mark.parametrize("candidate", ["", "0", "-1", "1 OR true", "*", "９", "9" * 30])
def test_a_candidate_setting_that_is_garbage_shows_nothing_and_fails_nothing(world, candidate):
    """A candidate setting that is no candidate's number shows no row and raises no error."""
    with settings("", "", candidate):
        assert counts() == {}


def test_a_fresh_connection_shows_nothing(test_node):
    """A new connection of the application's role, without settings, sees no row of any protected table."""
    with psycopg.connect(test_node.cluster.node_database("province:32").app_url) as fresh:
        for table in TABLES:
            assert fresh.execute(sql.SQL("SELECT count(*) FROM {}").format(name_of(table))).fetchone() == (0,)


@CASES
def test_a_candidate_sees_their_own_rows_only(world):
    """Policies show a candidate one file, their own, and in five further tables no row of another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT candidate_id FROM violations_case")
        (mine,) = cursor.fetchone()
    with rows_of(Actor("本人", Post.CANDIDATE, "320102", candidate_id=mine)), connection.cursor() as cursor:
        assert count("candidates_candidate") == 1
        assert {"violations_case", "entries_entry", "seating_seat", "candidates_pledge"} <= counts().keys()
        assert count("candidates_suspension") == 0
        for table in ("entries_entry", "violations_case", "candidates_pledge", "entries_payment", "results_score"):
            cursor.execute(f"SELECT count(*) FROM {table} WHERE candidate_id <> %s", [mine])
            assert cursor.fetchone() == (0,)


@CASES
def test_what_a_condition_of_ones_own_does_with_each_row_is_done_with_rows_shown_only(world):
    """A condition that would fail on a hidden row does not: the policy is asked before it."""
    with rows_of(ELSEWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM candidates_candidate WHERE 1 / (length(name) - length(name)) > 0")
        assert cursor.fetchone() == (0,), "a division by nought would tell of a row that is not shown"


# Writing


def writes(table: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(name_of(table)).as_string())
        column = next(each.name for each in cursor.description if each.name != "id")
    full = name_of(table).as_string()
    yield f'UPDATE {full} SET "{column}" = "{column}"'
    yield f"DELETE FROM {full}"


def touched(statement: str) -> int:
    """How many rows a statement changes; none where a guard of the table stops it before."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.rowcount)
    except DatabaseError as error:
        if not any(word in str(error) for word in ("refused", "permission denied", "does not change")):
            raise
        return 0


def test_an_update_or_delete_without_where_touches_no_row_of_others(world):
    """Unfiltered updates and deletes by another county or nobody change no row of any protected table."""
    every = counts()
    for actor in (ELSEWHERE, None):
        with rows_of(actor):
            assert [statement for table in TABLES for statement in writes(table) if touched(statement)] == []
    assert counts() == every


def test_a_row_of_another_agency_is_not_inserted(world):
    """The policies refuse another county to insert a copy of a row into any filled table."""
    refused = 0
    for table in counts():
        if table.startswith("archive."):
            continue  # nobody inserts scores but the archive; tests/attacks/test_archive
        full = name_of(table).as_string()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT to_jsonb(t) || jsonb_build_object('id', 987654321) FROM {full} t LIMIT 1")
            (row,) = cursor.fetchone()
        insert = f"INSERT INTO {full} SELECT (jsonb_populate_record(NULL::{full}, %s::jsonb)).*"
        with pytest.raises(DatabaseError, match="row-level security"), rows_of(ELSEWHERE), transaction.atomic():
            connection.cursor().execute(insert, [row])
        refused += 1
    assert refused >= 10


@CASES
def test_a_row_is_not_moved_to_another_agency(world):
    """The policy refuses a county clerk who would move candidates of the county to another agency."""
    clerk, move = Actor("县", Post.COUNTY_CLERK, "320102"), "UPDATE candidates_candidate SET agency_code = '330102'"
    with pytest.raises(DatabaseError, match="row-level security"), rows_of(clerk), transaction.atomic():
        connection.cursor().execute(move)


@CASES
def test_a_row_of_another_provinces_agency_is_refused_even_to_the_whole(world):
    """The table's check refuses a code outside the node, which the plan for the whole province relies on."""
    move = "UPDATE candidates_candidate SET agency_code = '330102'"
    for actor in (Actor("省", Post.PROVINCE_HEAD, "32"), the_node()):
        with pytest.raises(DatabaseError, match="_of_node"), rows_of(actor), transaction.atomic():
            connection.cursor().execute(move)


@CASES
def test_on_conflict_neither_shows_nor_changes_a_row_out_of_sight(world):
    """The policy refuses an upsert by another county that would hit a payment it does not see."""
    upsert = (
        "INSERT INTO entries_payment SELECT * FROM ({}) p ON CONFLICT (order_number) DO UPDATE SET amount_fen = 0"
        " RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t) FROM entries_payment t LIMIT 1")
        (row,) = cursor.fetchone()
    with pytest.raises(DatabaseError, match="row-level security"), rows_of(ELSEWHERE), transaction.atomic():
        connection.cursor().execute(
            upsert.format("SELECT (jsonb_populate_record(NULL::entries_payment, %s::jsonb)).*"), [row]
        )


@CASES
def test_copy_into_a_protected_table_is_refused_and_copy_out_shows_what_a_query_shows(world):
    """The application's role may not COPY into a protected table; COPY out gives another county no row."""
    with connection.cursor() as cursor, pytest.raises(psycopg.Error, match="COPY FROM not"), transaction.atomic():
        cursor.copy("COPY entries_payment FROM STDIN").__enter__()
    with rows_of(ELSEWHERE), connection.cursor() as cursor, cursor.copy("COPY candidates_candidate TO STDOUT") as out:
        assert list(out) == []


# Switching it off

OFF: dict[str, str] = {
    "disable": "ALTER TABLE candidates_candidate DISABLE ROW LEVEL SECURITY",
    "drop policy": "DROP POLICY zikao_rows ON candidates_candidate",
    "wider policy": "CREATE POLICY wide ON candidates_candidate USING (true)",
    "replace function": "CREATE OR REPLACE FUNCTION public.zikao_lo() RETURNS text LANGUAGE sql RETURN ''",
    "replace planned": "CREATE OR REPLACE FUNCTION public.zikao_plan_lo() RETURNS text LANGUAGE sql RETURN ''",
    "replace root": "CREATE OR REPLACE FUNCTION public.zikao_root() RETURNS text LANGUAGE sql IMMUTABLE RETURN ''",
    "rows of others": "ALTER TABLE candidates_candidate DROP CONSTRAINT candidates_candidate_of_node",
    "shadow function": "CREATE FUNCTION public.zikao_all_rows(x int) RETURNS boolean LANGUAGE sql RETURN true",
    "become owner": "SET ROLE zikao_province_32_owner",
    "become archive": "SET ROLE zikao_province_32_archive",
    "bypass": "ALTER ROLE CURRENT_USER BYPASSRLS",
    "own the table": "ALTER TABLE candidates_candidate OWNER TO CURRENT_USER",
    "lasting setting": "ALTER ROLE zikao_province_32_owner SET zikao.lo = '*'",
    "refuse to be limited": "SET LOCAL row_security = off; SELECT * FROM candidates_candidate",
}


@pytest.mark.parametrize("statement", OFF.values(), ids=OFF.keys())
def test_the_application_cannot_switch_it_off(at, statement):
    """The database refuses the application's role every statement that would lift or widen the policies."""
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)


@CASES
def test_a_function_or_table_of_ones_own_in_front_of_the_real_one_is_not_asked(world):
    """A temporary function that says yes, first in the search path, does not change what policies show."""
    with rows_of(ELSEWHERE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION pg_temp.zikao_all_rows() RETURNS boolean LANGUAGE sql RETURN true")
        cursor.execute("SET LOCAL search_path = pg_temp, public")
        assert counts() == {}
        transaction.set_rollback(True)


def test_the_application_is_neither_owner_nor_above_row_security(db):
    """The application's role is no superuser, does not bypass row security and owns no table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user AND schemaname !~ '^pg_temp'")
        assert cursor.fetchone() == (0,)


def test_the_owner_is_not_bound_so_that_migrations_and_guards_see_every_row(owner_connection):
    """Row security is not active for the tables' owner, and no table forces it."""
    assert owner_connection.execute("SELECT row_security_active('candidates_candidate')").fetchone() == (False,)
    forced = owner_connection.execute("SELECT count(*) FROM pg_class WHERE relforcerowsecurity").fetchone()
    assert forced == (0,)


@CASES
def test_guards_look_at_rows_that_the_actor_does_not_see(world):
    """The trigger keeping rooms with seats refuses another county, whose staff cannot see those seats."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT room_id FROM seating_seat LIMIT 1")
        (room,) = cursor.fetchone()
        with pytest.raises(DatabaseError, match="seats of a draw"), rows_of(ELSEWHERE), transaction.atomic():
            cursor.execute("DELETE FROM agencies_room WHERE id = %s", [room])


@CASES
def test_commands_enter_the_scope_of_who_acts_and_leave_it(world, at, monkeypatch):
    """A command that forgets its filter sees its actor's rows only; afterwards the caller's scope is back."""
    from zikao.foundation.commands import Outcome, command, mechanism

    monkeypatch.setattr(mechanism, "_commands", {})
    seen: list[int] = []

    @command(writes="test.looked", posts=[Post.COUNTY_CLERK])
    def look(*, by: Actor, at: datetime) -> Outcome[None]:
        """Count without a filter."""
        seen.append(count("candidates_candidate"))
        return Outcome(None, on="test")

    with all_rows("测试"):
        whole = count("candidates_candidate")
        for code in ("320102", "330102"):
            look(by=Actor("县", Post.COUNTY_CLERK, code), at=at)
        assert count("candidates_candidate") == whole
    assert seen == [whole, 0]
