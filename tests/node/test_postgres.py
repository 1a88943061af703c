"""The embedded server: closed to strangers, and mended after accidents."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from zikao.node.postgres import Cluster, destroy_cluster, ensure_cluster, leave_clusters, stop_cluster, use_cluster
from zikao.node.postgres import place as places
from zikao.node.trouble import NodeTrouble


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="zikao server "))
    folder.chmod(0o711)
    yield folder
    destroy_cluster(folder)
    shutil.rmtree(folder)


@pytest.fixture
def cluster(home: Path) -> Cluster:
    return ensure_cluster(home, is_throw_away=True)


def enters(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_node_enters_its_own_database_and_no_other(cluster):
    ours, theirs = cluster.create_node_database("province:32"), cluster.create_node_database("province:33")
    assert enters(ours.app_url)
    assert enters(ours.owner_url)
    for url in (ours.app_url, ours.owner_url):
        base = url.rpartition("/")[0]
        assert not enters(f"{base}/{theirs.name}")
        assert not enters(f"{base}/postgres")
        assert not enters(f"{base}/template1")


def test_nobody_enters_without_the_password(cluster):
    database = cluster.create_node_database("province:32")
    assert not enters(f"postgresql://{database.app_role}@127.0.0.1:{cluster.port}/{database.name}")
    assert not enters(f"postgresql://{database.app_role}:x@127.0.0.1:{cluster.port}/{database.name}")
    assert not enters(f"postgresql://zikao_root@127.0.0.1:{cluster.port}/postgres")


def test_passwords_lie_in_files_of_the_owner_alone(cluster, home):
    cluster.create_node_database("province:32")
    secrets = home / "postgres" / "secrets"
    assert secrets.stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o777 for path in secrets.iterdir()} == {0o600}


def test_the_application_may_change_rows_and_nothing_else(cluster):
    database = cluster.create_node_database("province:32")
    with psycopg.connect(database.owner_url) as owner:
        owner.execute("CREATE TABLE thing (id bigserial PRIMARY KEY, name text)")
    with psycopg.connect(database.app_url, autocommit=True) as app:
        app.execute("INSERT INTO thing (name) VALUES ('报名')")
        app.execute("UPDATE thing SET name = '考试'")
        for statement in (
            "TRUNCATE thing",
            "DROP TABLE thing",
            "ALTER TABLE thing DISABLE TRIGGER ALL",
            "CREATE TABLE other (id int)",
            "CREATE SCHEMA other",
            "CREATE ROLE other",
            "SET session_replication_role = replica",
            "COPY thing TO PROGRAM 'cat'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)


def test_an_operator_starts_again_after_the_server_was_killed(home):
    cluster = ensure_cluster(home)
    database = cluster.create_node_database("province:32")
    with psycopg.connect(database.owner_url) as owner:
        owner.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)")
    os.kill(cluster.server.pid(), signal.SIGKILL)
    again = ensure_cluster(home)
    with psycopg.connect(again.node_database("province:32").owner_url) as owner:
        assert owner.execute("SELECT count(*) FROM kept").fetchone() == (1,)


def test_a_stale_pid_of_another_process_does_not_hold_the_server_up(cluster, home):
    stop_cluster(home)
    (cluster.server.place.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.server.place.data}\n")
    assert enters(ensure_cluster(home, is_throw_away=True).superuser_url())


def test_an_operator_is_told_when_the_port_was_taken_and_another_is_used(cluster, home):
    stop_cluster(home)
    said: list[str] = []
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", cluster.port))
        other.listen()
        again = ensure_cluster(home, is_throw_away=True, say=said.append)
    assert again.port != cluster.port
    assert any(str(cluster.port) in text for text in said)


def test_an_interrupted_set_up_is_done_again(home):
    cluster = ensure_cluster(home, is_throw_away=True)
    folder = cluster.server.place.path
    stop_cluster(home)
    shutil.rmtree(folder / "data")
    (folder / "data.new").mkdir()
    assert enters(ensure_cluster(home, is_throw_away=True).superuser_url())


def test_an_operator_is_told_when_the_disk_is_full(home, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(places.shutil, "disk_usage", lambda path: usage(10**9, 10**9, 0))
    with pytest.raises(NodeTrouble) as told:
        ensure_cluster(home)
    assert told.value.code == "disk-full"
    assert "ZIKAO_HOME" in told.value.remedy


def test_two_starters_share_one_server(home):
    code = (
        "import sys; from pathlib import Path; from zikao.node.postgres import ensure_cluster;"
        "print(ensure_cluster(Path(sys.argv[1]), is_throw_away=True).port)"
    )
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", code, home], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": "src"}
        )
        for _ in range(2)
    ]
    assert len({starter.communicate()[0] for starter in starters}) == 1
    assert {starter.returncode for starter in starters} == {0}


def test_the_last_user_stops_the_server(cluster, home):
    use_cluster(home)
    assert cluster.server.pid() is not None
    leave_clusters()
    assert cluster.server.pid() is None
