"""A throw-away node for benchmarks: its own server, durable as in real use, migrated, deleted afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg import conninfo

from zikao.foundation.crypto import create_keys
from zikao.node.postgres import NodeDatabase, destroy_cluster, ensure_cluster

NODE = "province:32"


@contextmanager
def throw_away_node() -> Iterator[NodeDatabase]:
    """A migrated, empty node database; Django in this process enters it as the application's role."""
    home = Path(tempfile.mkdtemp(prefix="zikao-bench-"))
    home.chmod(0o711)  # the server's account passes through
    try:
        node_home = home / "province-32"
        node_home.mkdir()
        create_keys(node_home / "keys")
        cluster = ensure_cluster(home)
        database = cluster.create_node_database(NODE)
        os.environ.update(
            ZIKAO_HOME=str(home), ZIKAO_NODE=NODE, ZIKAO_NODE_HOME=str(node_home), ZIKAO_APP_ROLE=database.app_role,
            DJANGO_SETTINGS_MODULE="zikao.node.settings",
        )  # fmt: skip
        with cluster.archive_lent(NODE):
            _migrate(database)
        os.environ["ZIKAO_DATABASE_URL"] = database.app_url
        _enter(database)
        yield database
    finally:
        _leave()
        destroy_cluster(home)
        shutil.rmtree(home, ignore_errors=True)


def _migrate(database: NodeDatabase) -> None:
    source = Path(__file__).parents[1] / "src"
    environment = {**os.environ, "ZIKAO_DATABASE_URL": database.owner_url, "PYTHONPATH": str(source)}
    command = [sys.executable, "-m", "django", "migrate", "--skip-checks", "--verbosity=0", "--no-input"]
    subprocess.run(command, env=environment, check=True)


def _enter(database: NodeDatabase) -> None:
    import django
    from django.apps import apps
    from django.conf import settings

    was_configured = settings.configured
    if not apps.ready:
        django.setup()
    if was_configured:
        _enter_again(database)


def _enter_again(database: NodeDatabase) -> None:
    """Django reads its settings once: a second node in this process is entered by hand."""
    from django.conf import settings
    from django.db import connections

    from zikao.foundation.crypto import forget_keys

    parts = conninfo.conninfo_to_dict(database.app_url)
    way = {
        "NAME": parts["dbname"],
        "USER": parts["user"],
        "PASSWORD": parts["password"],
        "HOST": parts["host"],
        "PORT": str(parts["port"]),
    }
    connections["default"].settings_dict.update(way)
    connections.settings["default"].update(way)
    settings.ZIKAO_NODE_HOME = Path(os.environ["ZIKAO_NODE_HOME"])
    forget_keys()


def _leave() -> None:
    from django.conf import settings

    if settings.configured:
        from django.db import connections

        connections.close_all()
