"""Attacks on the archive by a superuser, whom no database stops: each is found by `verify scores`, and named."""

# ruff: noqa: E501 - statements are read best whole

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.conftest import HOME, WORKER
from tests.factories import results
from tests.throwaway import TestNode
from zikao.foundation.commands import all_rows
from zikao.stages.results.archive import LEAF
from zikao.stages.results.migrations import _archive
from zikao.stages.results.models import Score
from zikao.stages.results.verify import report, verify_file, verify_here

pytestmark = pytest.mark.django_db(transaction=True)
Tamper = Callable[..., None]


@pytest.fixture
def scores(at: datetime) -> list[Score]:
    """Four filed scores, one of them corrected; all sound."""
    results.archived(at)
    results.corrected(at, results.a_correction(at))
    assert verify_here().holds, report(verify_here())
    with all_rows("核对"):
        return list(Score.objects.order_by("id"))


@pytest.fixture
def tamper(scores: list[Score]) -> Tamper:
    """A superuser switches every guard off, does it, and switches them on again."""
    node = TestNode(HOME, WORKER)
    url = node.cluster.superuser_url(str(connection.settings_dict["NAME"]))
    tables = ("score", "staged", "filing_window", "presence", "commit_check")

    def run(*statements: str) -> None:
        with psycopg.connect(url) as superuser:
            superuser.execute("SET session_replication_role = replica")
            for table in tables:
                superuser.execute(f"ALTER TABLE archive.{table} DISABLE TRIGGER ALL")
            for statement in statements:
                superuser.execute(statement)
            for table in tables:
                superuser.execute(f"ALTER TABLE archive.{table} ENABLE TRIGGER ALL")
                for name in ("refuse_row", "refuse_statement", "guard_window", "guard_scores", "commit_in_time"):
                    held = "SELECT 1 FROM pg_trigger WHERE tgname = %s AND tgrelid = %s::regclass"
                    if superuser.execute(held, [name, f"archive.{table}"]).fetchone():
                        superuser.execute(f"ALTER TABLE archive.{table} ENABLE ALWAYS TRIGGER {name}")

    return run


def found() -> set[tuple[str, int | None]]:
    return {(each.kind, each.score) for each in verify_here().problems}


def test_changed_score_is_named(scores: list[Score], tamper: Tamper) -> None:
    """A mark changed in place no longer fits its leaf: the verifier names the score."""
    tamper(f"UPDATE archive.score SET value = 100, passed = true WHERE id = {scores[1].pk}")
    assert ("changed", scores[1].pk) in found()
    assert str(scores[1].pk) in report(verify_here())


def test_changed_score_with_a_fitting_leaf_is_named(scores: list[Score], tamper: Tamper) -> None:
    """Score and leaf changed together: the window's digest fails, and list and backup name the score."""
    tamper(f"UPDATE archive.score SET value = 100 WHERE id = {scores[1].pk}",
           f"UPDATE archive.score AS row SET leaf = {LEAF} WHERE id = {scores[1].pk}")  # fmt: skip
    assert {("digest", None), ("root", None), ("changed", scores[1].pk)} <= found()


def test_everything_in_the_database_changed_is_found_by_the_ledger_and_named_by_the_backup(
    scores: list[Score], tamper: Tamper
) -> None:
    """Score, leaf, staged row, digest and head all forged: the ledger's line differs, and the backup names the score."""
    one = scores[1].pk
    tamper(
        f"UPDATE archive.score SET value = 100 WHERE id = {one}",
        f"UPDATE archive.score AS row SET leaf = {LEAF} WHERE id = {one}",
        f"UPDATE archive.staged SET value = 100 WHERE id = {one}",
        "UPDATE archive.filing_window held SET digest = (SELECT sha256(string_agg(leaf, ''::bytea ORDER BY line))"
        " FROM archive.score WHERE window_id = held.id) WHERE number = 1",
        "UPDATE archive.filing_window SET head = archive.next_head(NULL, id, digest, rows, root) WHERE number = 1",
    )
    assert {("ledger", None), ("changed", one)} <= found()


def test_removed_score_is_named(scores: list[Score], tamper: Tamper) -> None:
    """A deleted version leaves a gap in its list: found, and named by the staged list and the backup."""
    tamper(f"DELETE FROM archive.score WHERE id = {scores[0].pk}")
    assert ("removed", scores[0].pk) in found()


def test_inserted_score_is_named(scores: list[Score], tamper: Tamper) -> None:
    """A version slipped into a window that was filed is not in its list: found and named."""
    tamper(
        "INSERT INTO archive.score SELECT id + 100000, window_id, list_id, line + 500, candidate_id, course_id, sitting_id,"
        " '1999-10', how, standing, 100, grade, true, source, evidence, 1, NULL, NULL, recorded_at, agency_code, leaf"
        f" FROM archive.score WHERE id = {scores[0].pk}"
    )
    assert ("inserted", scores[0].pk + 100000) in found()


def test_removed_window_is_found(scores: list[Score], tamper: Tamper) -> None:
    """A whole window removed with its scores is missed by the ledger's lines."""
    tamper("DELETE FROM archive.score WHERE window_id = (SELECT max(id) FROM archive.filing_window)",
           "DELETE FROM archive.presence WHERE window_id = (SELECT max(id) FROM archive.filing_window)",
           "DELETE FROM archive.commit_check WHERE window_id = (SELECT max(id) FROM archive.filing_window)",
           "DELETE FROM archive.filing_window WHERE id = (SELECT max(id) FROM archive.filing_window)")  # fmt: skip
    assert ("vanished", None) in found()


def test_window_forged_without_three_people_is_found(scores: list[Score], tamper: Tamper) -> None:
    """A filed window with fewer than three presences is found."""
    tamper("DELETE FROM archive.presence WHERE post = 'province-head'")
    assert ("presence", None) in found()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("ALTER TABLE archive.score DISABLE TRIGGER refuse_row", "refuse_row"),
        ("ALTER TABLE archive.score ENABLE TRIGGER guard_scores", "guard_scores"),
        ("DROP TRIGGER commit_in_time ON archive.commit_check", "commit_in_time"),
        ("GRANT zikao_province_32_archive TO zikao_province_32_owner", "冒用"),
        ("GRANT UPDATE ON archive.score TO zikao_province_32_app", "UPDATE"),
        ("ALTER TABLE archive.score OWNER TO zikao_province_32_owner", "不属于"),
        (
            "CREATE OR REPLACE FUNCTION archive.proves(stored_key bytea, proof bytea, message text) RETURNS boolean"
            " LANGUAGE sql IMMUTABLE AS 'SELECT true'",
            "proves",
        ),
    ],
)
def test_guard_that_was_weakened_is_found(statement: str, told: str, scores: list[Score]) -> None:
    """A trigger switched off, a function replaced, a right or a membership given: each is found in the catalogue."""
    node = TestNode(HOME, WORKER)
    with psycopg.connect(node.cluster.superuser_url(str(connection.settings_dict["NAME"]))) as superuser:
        superuser.execute(statement)
    try:
        assert told in report(verify_here())
    finally:
        with psycopg.connect(node.cluster.superuser_url(str(connection.settings_dict["NAME"]))) as superuser:
            superuser.execute("REVOKE zikao_province_32_archive FROM zikao_province_32_owner")


def test_view_that_lies_is_found(scores: list[Score]) -> None:
    """The owner may replace the view that other stages read; the verifier compares it with the archive."""
    ways = TestNode(HOME, WORKER).cluster.node_database("province:32", database=str(connection.settings_dict["NAME"]))
    with psycopg.connect(ways.owner_url) as owner:
        owner.execute(
            "CREATE OR REPLACE VIEW results_score WITH (security_invoker = true) AS SELECT id, candidate_id, course_id,"
            " sitting_id, sitting_label, how, standing, 100::smallint AS value, grade, passed, source, evidence, version,"
            " supersedes_id, recorded_at, agency_code FROM archive.score"
        )
    assert ("view", scores[0].pk) in found()


def test_exported_archive_is_verified_without_the_database(scores: list[Score], tmp_path: Path, at: datetime) -> None:
    """A third party verifies the exported file alone; one changed byte in it is found and the score named."""
    from zikao.stages.results.verify.reading import write_export

    path = tmp_path / "scores.zks"
    with all_rows("导出"):
        assert write_export(path, origin="province:32", at=at) == len(scores)
    verdict = verify_file(path)
    assert verdict.holds
    assert (verdict.windows, verdict.rows) == (3, len(scores))
    data = path.read_bytes()
    place = data.index("网上评卷合分".encode())
    path.write_bytes(data[:place] + "线".encode() + data[place + 3 :])
    broken = verify_file(path)
    assert ("changed", scores[0].pk) in {(each.kind, each.score) for each in broken.problems}


def test_exported_archive_is_held_against_an_exported_ledger(scores: list[Score], tmp_path: Path, at: datetime) -> None:
    """The archive's file is compared with the signed ledger's file: a forged archive with its own words is found."""
    from zikao.foundation import ledger
    from zikao.foundation.ledger.exporting import export_ledger
    from zikao.foundation.ledger.verify import own_conninfo
    from zikao.stages.results.verify.reading import write_export

    with all_rows("导出"):
        ledger.sequence()
        ledger.checkpoint(at)
        export_ledger(own_conninfo(), tmp_path / "ledger.zkl", origin="province:32", at=at)
        write_export(tmp_path / "scores.zks", origin="province:32", at=at)
    assert verify_file(tmp_path / "scores.zks", tmp_path / "ledger.zkl").holds


def test_program_and_database_hash_the_same_text() -> None:
    """The canonical form that the program verifies is the one that the archive's functions were made with."""
    assert _archive.LEAF == LEAF
