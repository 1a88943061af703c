"""A node whose backups can be taken and restored: a server of its own with the migrated database in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from tests.throwaway import NODE, TestNode
from zikao.foundation.actors import node_actor
from zikao.foundation.backups import commands
from zikao.foundation.backups.models import Backup, Drill
from zikao.foundation.crypto import new_envelope_key, seal, sm3
from zikao.node.backing_up import logs
from zikao.node.backing_up.manifests import Signed
from zikao.node.backing_up.source import Source
from zikao.node.backing_up.streams import Custodian
from zikao.node.backing_up.taking import ship, take
from zikao.node.backing_up.targets import open_target
from zikao.node.nodes import Node
from zikao.node.postgres import destroy_cluster, ensure_cluster
from zikao.node.postgres.binaries import wheel_binaries


@dataclass
class Shelf:
    """A source, the two custodians with their private keys, and what was noted."""

    home: Path
    source: Source
    custodians: list[Custodian]
    private: dict[str, bytes]
    noted: list[Signed]

    def take(self, kind: str = "full", **more: object) -> Signed:
        """Take a backup."""
        known = more.pop("known", self.noted[-1].manifest.digest if self.noted else "")
        return take(
            self.source, self.custodians, kind=kind, record=self.noted.append, known=str(known), say=lambda said: None
        )

    def ship(self) -> Signed | None:
        """Send the log so far."""
        name = self.source.switch_log()
        wait_for(lambda: name in logs.finished(self.source.spool))
        known = self.noted[-1].manifest.digest if self.noted else ""
        return ship(self.source, self.custodians, record=self.noted.append, known=known)

    def folder(self, custody: str) -> Path:
        """Where a custody's copies lie."""
        return self.home / custody

    def write(self, statement: str) -> None:
        """Do something in the node's database."""
        with psycopg.connect(self.source.counting_url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def store_file(self, content: bytes) -> str:
        """Put a file where the node keeps its files."""
        digest = sm3(content).hex()
        path = self.source.node.home / "files" / digest[:2] / digest[2:4] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(seal(content, digest.encode()))
        return digest


@contextmanager
def a_shelf(test_node: TestNode) -> Iterator[Shelf]:
    """A server with log archiving, the migrated database, two custodies on disk."""
    home = Path(tempfile.mkdtemp(prefix="zikao-test-backups-"))
    home.chmod(0o711)
    try:
        cluster = ensure_cluster(home)
        ways = cluster.create_node_database(NODE)
        _copy(test_node, cluster.superuser_url(ways.name))
        node = Node(NODE, home / "province-32", ways.app_url, ways.owner_url)
        node.home.mkdir(mode=0o700)
        keys = {custody: new_envelope_key() for custody in ("business", "discipline")}
        custodians = [
            Custodian(custody, open_target(str(home / custody), make=True), (public,))
            for custody, (_, public) in keys.items()
        ]
        private = {custody: pair[0] for custody, pair in keys.items()}
        yield Shelf(home, Source(node, cluster), custodians, private, [])
    finally:
        destroy_cluster(home)
        shutil.rmtree(home, ignore_errors=True)


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _copy(test_node: TestNode, url: str) -> None:
    programs = wheel_binaries()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS archive CASCADE")
    dump = subprocess.run(
        [programs.path("pg_dump"), "--dbname", test_node.cluster.superuser_url("zikao_province_32")],
        check=True,
        capture_output=True,
    )
    restore = [programs.path("psql"), "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--dbname", url]
    subprocess.run(restore, input=dump.stdout, check=True, env={**os.environ, "PGOPTIONS": "-c synchronous_commit=off"})


def custodies(at: datetime) -> dict[str, bytes]:
    """Both custodies with a key and a destination; returns their private keys."""
    private = {}
    for custody, holder in (("business", "张三"), ("discipline", "李四")):
        secret, public = new_envelope_key()
        private[custody] = secret
        commands.register_custody_key(
            custody=custody,
            public_key=public.decode(),
            holder_name=holder,
            holder_unit="省考试院",
            by=node_actor(),
            at=at,
        )
        commands.set_destination(
            custody=custody, url=f"/backups/{custody}", is_off_site=custody == "discipline", by=node_actor(), at=at
        )
    return private


def a_backup(at: datetime, *, generation: str = "20260820T000000Z", number: int = 1, kind: str = "full") -> Backup:
    """A part as the node notes it."""
    digest = sm3(f"{generation}{number}".encode()).hex()
    facts = {
        "node": NODE,
        "generation": generation,
        "number": number,
        "kind": kind,
        "began_at": at,
        "ended_at": at,
        "digest": digest,
        "previous": "0" * 64,
        "plain_bytes": 106_000_000,
        "sealed_bytes": {"business": 9_900_000, "discipline": 9_900_000},
        "keys": {"business": ["6daa4619f6353bad"], "discipline": ["afee484827478653"]},
        "destinations": {"business": "/backups/business", "discipline": "/backups/discipline"},
        "databases": ["zikao_province_32"],
        "rows": None if kind == "wal" else 843,
        "ledger_size": None if kind == "wal" else 12,
        "ledger_root": "",
        "files": 3,
        "is_exact": True,
    }
    return commands.record_backup(facts=facts, key=f"backup:{digest}", by=node_actor(), at=at).value


def a_drill(at: datetime, backup: Backup, *, holds: bool = True, report: str = "") -> Drill:
    """A drill as the node notes it."""
    facts = {
        "backup": backup,
        "generation": backup.generation,
        "custody": "discipline",
        "opened_with": "afee484827478653",
        "is_custodians_key": True,
        "began_at": at,
        "ended_at": at,
        "outcome": "passed" if holds else "failed",
        "findings": [
            {"name": "解开副本", "holds": True, "seen": "全量与增量 1 份，日志 3 段"},
            {"name": "各表行数", "holds": holds, "seen": "140 张表，共 843 行"},
        ],
        "report": report,
    }
    return commands.record_drill(facts=facts, by=node_actor(), at=at).value
