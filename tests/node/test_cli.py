"""The command line: exit codes, and JSON that is only JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from zikao.node.postgres import destroy_cluster
from zikao.node.postgres.twins import dumped, renamed

PROJECT = Path(__file__).parents[2]


def zikao(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "zikao.node.cli", *arguments],
        env=os.environ | {"PYTHONPATH": str(PROJECT / "src")} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", ["clauses", "commands"])
def test_a_program_reads_one_json_value_and_nothing_else(command):
    answer = zikao(command, "--json")
    assert answer.returncode == 0
    assert len(json.loads(answer.stdout)) > 50


def test_a_clause_is_listed_with_its_status():
    clauses = json.loads(zikao("clauses", "--json").stdout)
    assert {clause["status"] for clause in clauses} <= {"implemented", "owed", "not-software"}
    assert all(clause["why"] for clause in clauses if clause["status"] == "not-software")


@pytest.mark.parametrize("arguments", [(), ("dance",), ("node",), ("node", "serve", "--port", "0"), ("clauses", "-x")])
def test_an_operator_who_mistypes_gets_usage_and_exit_2(arguments):
    answer = zikao(*arguments)
    assert answer.returncode == 2
    assert "usage" in answer.stderr


@pytest.mark.parametrize("code", ["mars", "province:", "province:3", "province:32x"])
def test_an_operator_is_told_of_an_unknown_node(code):
    answer = zikao("node", "status", ZIKAO_NODE=code)
    assert answer.returncode == 1
    assert "province:32" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_operator_is_told_that_the_node_was_never_made(tmp_path):
    for arguments in (("node", "status"), ("verify", "ledger"), ("node", "worker")):
        answer = zikao(*arguments, ZIKAO_HOME=str(tmp_path))
        assert answer.returncode == 1
        assert "node init" in answer.stderr


def test_an_operator_is_told_the_statements_for_an_outside_server(tmp_path):
    url = "postgresql://zikao_province_32_app:x@127.0.0.1:1/zikao_province_32"
    answer = zikao("node", "init", ZIKAO_HOME=str(tmp_path), ZIKAO_DATABASE_URL=url)
    assert answer.returncode == 1
    assert "CREATE ROLE zikao_province_32_owner" in answer.stderr


@pytest.fixture
def home(tmp_path) -> Iterator[Path]:
    yield tmp_path
    destroy_cluster(tmp_path)


def test_an_operator_makes_a_node_twice_and_gets_one_set_of_administrators(home):
    clean = {"ZIKAO_HOME": str(home), "ZIKAO_DATABASE_URL": "", "ZIKAO_NODE": "province:44"}
    first, second = zikao("node", "init", **clean), zikao("node", "init", **clean)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert first.stdout.count("口令 ") == 3
    assert "口令 " not in second.stdout
    status = zikao("node", "status", "--json", **clean)
    assert json.loads(status.stdout)["ledger_lines"] == 6
    assert zikao("verify", "ledger", **clean).returncode == 0


def test_an_operator_uses_an_outside_server(tmp_path_factory, test_node):
    outside = test_node.cluster.create_node_database("province:45")
    home = tmp_path_factory.mktemp("home")
    app = {"ZIKAO_HOME": str(home), "ZIKAO_NODE": "province:45", "ZIKAO_DATABASE_URL": outside.app_url}
    without_owner = zikao("node", "init", **app, ZIKAO_OWNER_URL="")
    assert without_owner.returncode == 1
    assert "ZIKAO_OWNER_URL" in without_owner.stderr
    not_lent = zikao("node", "init", **app, ZIKAO_OWNER_URL=outside.owner_url)
    assert not_lent.returncode == 1
    assert "GRANT zikao_province_45_archive TO zikao_province_45_owner" in not_lent.stderr
    with test_node.cluster.archive_lent("province:45"):
        made = zikao("node", "init", **app, ZIKAO_OWNER_URL=outside.owner_url)
    assert made.returncode == 0, made.stderr
    assert zikao("node", "init", **app, ZIKAO_OWNER_URL="").returncode == 0
    assert not (home / "postgres").exists()
    _same_schema(test_node.cluster, "province:45")


def _same_schema(cluster, code):
    """What migrations make depends on nothing of the node but its roles' names: `postgres.twins` builds on it."""
    first = dumped(cluster, "province:32", rows=False)
    assert dumped(cluster, code, rows=False) == renamed(first, "province:32", code)
