"""What is backed up: the embedded cluster with its log, or an outside server as far as it lets us.

The embedded cluster is copied as a whole, with all its log since: it can be brought back to any instant. Of an outside
server a node has its own database only; that is dumped (`logical`), which brings back the moment of the dump and no
other. Its administrator archives the log with the tools of that server.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from zikao.node.nodes import Node
from zikao.node.postgres import Cluster, ensure_cluster
from zikao.node.postgres.binaries import wheel_binaries
from zikao.node.postgres.place import recorded_place
from zikao.node.trouble import NodeTrouble

CHUNK_BYTES = 1 << 20
ROLE = (
    "CREATE ROLE zikao_backup LOGIN BYPASSRLS PASSWORD '…'; GRANT pg_read_all_data TO zikao_backup;"
    " GRANT CONNECT ON DATABASE {database} TO zikao_backup;"
)
"""What the administrator of an outside server runs once, so that a node's database can be dumped."""


class SourceTrouble(NodeTrouble):
    """The server would not be copied."""


@dataclass(frozen=True)
class Source:
    """A node and the server behind it; `cluster` is None where the server is an outside one."""

    node: Node
    cluster: Cluster | None

    @property
    def is_physical(self) -> bool:
        """Whether the whole cluster is copied, with its log."""
        return self.cluster is not None

    @property
    def spool(self) -> Path:
        """Where the server leaves finished log."""
        assert self.cluster is not None
        return self.cluster.server.place.spool

    @property
    def database(self) -> str:
        """The name of the node's database."""
        return str(psycopg.conninfo.conninfo_to_dict(self.node.app_url)["dbname"])

    def counting_url(self) -> str:
        """How to read every row: as the superuser, or as the role for backups that an outside server gives us."""
        if self.cluster is not None:
            return self.cluster.superuser_url(self.database)
        url = os.environ.get("ZIKAO_BACKUP_URL", "")
        if not url:
            raise SourceTrouble(
                "backup-role-needed",
                message="外部数据库需要一个能读全部数据的备份角色，应用和所有者角色都读不到成绩库。",
                remedy=f"请由数据库管理员执行 {ROLE.format(database=self.database)} 再写入 ZIKAO_BACKUP_URL。",
            )
        return url

    def begin_archiving(self) -> None:
        """From now on the server leaves its finished log for us."""
        if self.cluster is not None and not self.spool.exists():
            self.spool.mkdir(mode=0o700)
            self.cluster.server.account.give(self.spool)

    def switch_log(self) -> str:
        """Let the server finish the piece of log it is writing; returns that piece's name."""
        with psycopg.connect(self.counting_url(), autocommit=True) as connection:
            connection.execute("SELECT pg_create_restore_point('zikao')")  # a piece with nothing in it is not finished
            row = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
        assert row is not None
        return str(row[0])

    def databases(self) -> tuple[str, ...]:
        """The nodes' databases that lie in what is copied."""
        if self.cluster is None:
            return (self.database,)
        with psycopg.connect(self.counting_url()) as connection:
            rows = connection.execute("SELECT datname FROM pg_database WHERE datname ~ '^zikao_' ORDER BY 1").fetchall()
        return tuple(name for (name,) in rows)

    def stream(self, *, previous: Path | None = None, snapshot: str = "") -> Iterator[bytes]:
        """The copy as a stream: a tar of the cluster (since `previous`, a manifest of PostgreSQL's), or a dump."""
        if self.cluster is None:
            return self._dump(snapshot)
        return self._base(previous)

    def _base(self, previous: Path | None) -> Iterator[bytes]:
        assert self.cluster is not None
        more = [f"--incremental={previous}"] if previous is not None else []
        command = [
            wheel_binaries().path("pg_basebackup"),
            *("--pgdata=-", "--format=tar", "--wal-method=fetch"),
            *("--checkpoint=fast", "--label=zikao", "--no-password", "--manifest-checksums=SHA256", *more),
        ]
        return _output(command, _ways(self.cluster.replication_url()))

    def _dump(self, snapshot: str) -> Iterator[bytes]:
        command = [wheel_binaries().path("pg_dump"), "--format=custom", "--compress=0", "--no-password"]
        return _output([*command, f"--snapshot={snapshot}"], _ways(self.counting_url()))


def source_of(node: Node) -> Source:
    """The node with its server: our own when it lies in the node's home, else the outside one."""
    home = node.home.parent
    if recorded_place(home) is None:
        return Source(node, None)
    return Source(node, ensure_cluster(home))


def inner_node(code: str, home: Path) -> Node:
    """The node of this process, whose environment names the database of the application already."""
    return Node(code, home, os.environ["ZIKAO_DATABASE_URL"], os.environ.get("ZIKAO_OWNER_URL") or None)


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A folder of our own that is gone afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ways(url: str) -> dict[str, str]:
    """A URL as the environment of PostgreSQL's programs: passwords do not stand in lists of processes."""
    parts = psycopg.conninfo.conninfo_to_dict(url)
    names = {"user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT", "dbname": "PGDATABASE"}
    return {names[name]: str(value) for name, value in parts.items() if name in names and value is not None}


def _output(command: list[Any], environment: dict[str, str]) -> Iterator[bytes]:
    """What a program prints, chunk by chunk. Raises SourceTrouble at the end when it failed."""
    process = subprocess.Popen(
        [str(part) for part in command],
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        while chunk := process.stdout.read(CHUNK_BYTES):
            yield chunk
        said = process.stderr.read().decode(errors="replace").strip()
        if process.wait() != 0:
            raise SourceTrouble(
                "source-fails", message=f"数据库没有复制成功：{said[-400:]}", remedy="请查看数据库日志后重做。"
            )
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()
        process.stderr.close()
