"""Plans that a connection keeps: made in one scope, they give nothing in another.

The policies' settings are put into a plan while it is made. Prepared statements and functions keep plans.
"""

from __future__ import annotations

import re

import pytest
from django.db import connection

from tests.attacks.test_row_security import ELSEWHERE, TABLES, count, counts
from tests.factories import worlds
from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import all_rows, as_told, rows_of

pytestmark = pytest.mark.django_db


KEPT = {
    "whole": lambda: all_rows("测试"),
    "county": lambda: rows_of(Actor("县", Post.COUNTY_CLERK, "320102")),
    "area": lambda: rows_of(Actor("考区", Post.AREA_DIRECTOR, "3201")),
    "public": lambda: rows_of(None),
}


@pytest.mark.parametrize("planned", KEPT)
def test_a_plan_kept_beyond_its_settings_shows_and_takes_nothing(at, planned):
    """A statement prepared in one scope and executed in another gives no row: policies ask whether they still hold."""
    worlds.a_world_of_cases(at)
    tables = [table for table in counts() if not table.startswith("archive.")]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        with KEPT[planned]():
            for n, table in enumerate(tables):
                cursor.execute(f"PREPARE kept_{n} AS SELECT count(*) FROM {table}")
                cursor.execute(f"EXECUTE kept_{n}")  # the plan is made now
                full = cursor.fetchone()[0]
                assert full == count(table)
        area, nobody = Actor("外考区", Post.AREA_DIRECTOR, "3301"), Actor("本人", Post.CANDIDATE, "", candidate_id=1)
        for other in (ELSEWHERE, area, nobody):
            with rows_of(other):
                seen = []
                for n in range(len(tables)):
                    cursor.execute(f"EXECUTE kept_{n}")
                    seen.append(cursor.fetchone()[0])
                assert set(seen) == {0}
        cursor.execute("DEALLOCATE ALL")


def test_no_function_that_asks_as_its_caller_reads_a_protected_table(db):
    """Functions keep their plans: one that reads a protected table asks as its owner, or it would show nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, coalesce(prosrc, '') || coalesce(pg_get_function_sqlbody(oid), '') FROM pg_proc"
            " WHERE NOT prosecdef AND pronamespace IN ('public'::regnamespace, 'archive'::regnamespace)"
        )
        found = cursor.fetchall()
    bare = {table.rpartition(".")[2] for table in TABLES if not table.startswith("archive.")} | {"results_score"}
    reads = re.compile(rf"\b(from|join|into|update)\s+(public\.)?({'|'.join(bare)}|archive\.(score|staged))\b", re.I)
    assert [name for name, body in found if reads.search(body)] == []


def test_a_statement_to_be_prepared_is_another_one_for_each_setting(db):
    """What is prepared names its settings, a plan for each; no code given ends the comment."""
    seen = set()
    for actor in (
        None,
        ELSEWHERE,
        Actor("恶", Post.COUNTY_CLERK, "*/ DELETE"),
        Actor("本人", Post.CANDIDATE, "", candidate_id=1),
    ):
        with rows_of(actor):
            seen.add(as_told("SELECT 1"))
    assert len(seen) == 4
    assert all(re.fullmatch(r"/\* [0-9a-f-]* \*/ SELECT 1", statement) for statement in seen)
