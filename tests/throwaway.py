"""The test run's own node: a temporary home and server, never the demo's; made lazily, gone at the end.

The first process that needs the database makes the server, runs the migrations as the owner into the node's
database, and then every process copies that database for itself. After a test that commits, the copy is made anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg

from zikao.foundation.crypto import create_keys
from zikao.node.files import locked
from zikao.node.postgres import Cluster, NodeDatabase, destroy_cluster, ensure_cluster

NODE = "province:32"
APP_ROLE = "zikao_province_32_app"
PREFIX = "zikao-test-"
HOME = "ZIKAO_TEST_HOME"


def prepare_environment() -> Path:
    """Name the node and its home for this process and its children; returns the home."""
    if HOME not in os.environ:
        _sweep()
        home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        home.chmod(0o711)  # the server's account passes through
        (home / "province-32").mkdir()
        os.environ[HOME] = str(home)
    home = Path(os.environ[HOME])
    os.environ.update(
        ZIKAO_HOME=str(home),
        ZIKAO_NODE=NODE,
        ZIKAO_NODE_HOME=str(home / "province-32"),
        ZIKAO_APP_ROLE=APP_ROLE,
        ZIKAO_DATABASE_URL=f"postgresql://{APP_ROLE}:none@127.0.0.1:1/none",
        DJANGO_SETTINGS_MODULE="zikao.node.settings",
    )
    os.environ.pop("ZIKAO_DEMO", None)
    keys = home / "province-32" / "keys"
    if not keys.exists():
        create_keys(keys)
    return home


def clear_away(home: Path) -> None:
    """Stop the server and delete everything."""
    destroy_cluster(home)
    shutil.rmtree(home, ignore_errors=True)


def _sweep() -> None:
    """Clear away what test runs left behind that were killed."""
    for home in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        pid = home.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and not _is_alive(int(pid)) and _is_ours(home):
            clear_away(home)


def _is_ours(home: Path) -> bool:
    try:
        return home.stat().st_uid == os.geteuid()
    except FileNotFoundError:  # another run swept it just now
        return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@dataclass(frozen=True)
class TestNode:
    """This process's copy of the migrated database."""

    __test__ = False
    home: Path
    worker: str

    @cached_property
    def cluster(self) -> Cluster:
        """The running server, with the node's database migrated."""
        with locked(self.home / "make.lock"):
            cluster = ensure_cluster(self.home, is_throw_away=True)
            done = self.home / "migrated"
            if not done.exists():
                database = cluster.create_node_database(NODE)
                with cluster.archive_lent(NODE):
                    _migrate(database)
                done.touch()
        return cluster

    def above(self) -> psycopg.Connection:
        """A connection to this process's copy as the superuser."""
        return psycopg.connect(self.cluster.superuser_url(self.database))

    @property
    def database(self) -> str:
        """The name of this process's copy."""
        return f"zikao_test_{self.worker}"

    def fresh_database(self) -> NodeDatabase:
        """Copy the migrated database for this process, in place of its last copy."""
        with locked(self.home / "copy.lock"):
            return self.cluster.copy_node_database(NODE, self.database)


def _migrate(database: NodeDatabase) -> None:
    # a process of its own, because this one works as the application's role from its first connection on
    command = [sys.executable, "-m", "django", "migrate", "--skip-checks", "--verbosity=0", "--no-input"]
    answer = subprocess.run(
        command,
        env={
            **os.environ,
            "ZIKAO_DATABASE_URL": database.owner_url,
            "PYTHONPATH": str(Path(__file__).parents[1] / "src"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise RuntimeError(f"migrations failed:\n{answer.stdout[-6000:]}")
