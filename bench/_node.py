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
        database = ensure_cluster(home).create_node_database(NODE)
        os.environ.update(
            ZIKAO_HOME=str(home), ZIKAO_NODE=NODE, ZIKAO_NODE_HOME=str(node_home), ZIKAO_APP_ROLE=database.app_role,
            DJANGO_SETTINGS_MODULE="zikao.node.settings",
        )  # fmt: skip
        _migrate(database)
        os.environ["ZIKAO_DATABASE_URL"] = database.app_url
        _enter()
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


def _enter() -> None:
    import django
    from django.conf import settings

    if not settings.configured:
        django.setup()
    from django.apps import apps

    if not apps.ready:
        django.setup()


def _leave() -> None:
    from django.conf import settings

    if settings.configured:
        from django.db import connections

        connections.close_all()
