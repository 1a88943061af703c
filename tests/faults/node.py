"""A durable node that may be killed: its own server in real use's settings, its writers, and what they were told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from zikao.node.nodes import Node
from zikao.node.postgres import Cluster, ensure_cluster

PROJECT = Path(__file__).parents[2]
CODE = "province:32"
WORLD = """
INSERT INTO agencies_agency (code, name, kind, is_seat, does_records, opened_at)
    VALUES ('32', '江苏', 'province', false, true, now());
INSERT INTO agencies_agency (code, name, kind, is_seat, does_records, opened_at, parent_id)
    SELECT '32010' || i, '县' || i, 'county', false, false, now(), p.id
    FROM generate_series(1, 4) i, agencies_agency p WHERE p.code = '32';
INSERT INTO programmes_major (code, level, name) VALUES ('050101', 'bachelor', '汉语言文学');
INSERT INTO programmes_sitting (code, year, month, digit, opened_at) VALUES ('2026-10', 2026, 10, 2, now());
"""
COUNTED = """
SELECT (SELECT count(*) FROM candidates_candidate), (SELECT count(DISTINCT admission_number) FROM candidates_candidate),
       (SELECT coalesce(sum(last), 0) FROM candidates_admissioncounter),
       (SELECT count(*) FROM ledger_line WHERE command = 'candidates.registered'),
       (SELECT count(DISTINCT idempotency_key) FROM ledger_line WHERE command = 'candidates.registered')
"""


def clean_environment(home: Path) -> dict[str, str]:
    """The environment without the test run's own node."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith("ZIKAO_")}
    return {**outer, "ZIKAO_HOME": str(home), "PYTHONPATH": f"{PROJECT / 'src'}:{PROJECT}"}


@dataclass
class Told:
    """What the writers printed: keys acknowledged with their ledger line, and how often an outcome was unknown."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    unknown: int = 0

    def read(self, text: str) -> None:
        """Take in a writer's lines; the same key is never acknowledged with two lines."""
        for line in text.splitlines():
            word, _, rest = line.partition(" ")
            if word == "ack":
                key, line_id = rest.split()
                assert self.acknowledged.setdefault(key, int(line_id)) == int(line_id), key
            elif word == "unknown":
                self.unknown += 1


class KilledNode:
    """A node whose server and processes are killed and started again."""

    def __init__(self, home: Path) -> None:
        self.home, self.blocks = home, 0
        subprocess.run(
            [sys.executable, "-m", "zikao.node.cli", "node", "init"],
            env=clean_environment(home) | {"ZIKAO_NODE": CODE},
            check=True,
            capture_output=True,
        )
        self.cluster: Cluster = ensure_cluster(home)
        self.database = self.cluster.node_database(CODE)
        self.node = Node(CODE, home / "province-32", self.database.app_url, self.database.owner_url)
        with self.owner() as owner:
            owner.execute(WORLD)

    @contextmanager
    def owner(self) -> Iterator[psycopg.Connection[Any]]:
        """The database as its owner."""
        with psycopg.connect(self.database.owner_url, autocommit=True) as connection:
            yield connection

    def one(self, sql: str, *values: object) -> tuple[Any, ...]:
        """The one row of a query."""
        with self.owner() as owner:
            row = owner.execute(sql, values).fetchone()
        assert row is not None
        return tuple(row)

    def kill_server(self) -> None:
        """End the database's first process as a power cut would; its children follow by themselves."""
        os.kill(self.cluster.server.pid(), signal.SIGKILL)

    def start_server(self) -> None:
        """Start the server again; it mends itself."""
        self.cluster = ensure_cluster(self.home)

    def environment(self, **more: str) -> dict[str, str]:
        """What a process of this node needs."""
        outer = clean_environment(self.home)
        inner = {k: v for k, v in self.node.environment(**more).items() if k.startswith(("ZIKAO", "DJANGO"))}
        return {**outer, **inner, **more}

    def python(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """A Python process of this node."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env=self.environment(**more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def writers(self, count: int, kind: str = "direct", *arguments: str) -> list[subprocess.Popen[str]]:
        """Start writers; each has written once when this returns."""
        names = [f"{self.blocks + n + 1}-clerk{n}" for n in range(count)]
        self.blocks += count
        started = [self.python("-m", "tests.faults.writer", kind, name, *arguments) for name in names]
        for writer in started:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n", writer.communicate()[1][-3000:]
        return started

    def end(self, writers: Sequence[subprocess.Popen[str]], told: Told) -> None:
        """Let the writers finish what they are at, and read what they were told."""
        for writer in writers:
            output, errors = writer.communicate("stop\n", timeout=120)
            assert writer.returncode == 0, errors[-3000:]
            told.read(output)

    def check(self, told: Told) -> None:
        """Everything acknowledged is there, once; no number is missing; the ledger holds."""
        candidates, numbers, counted, lines, keys = self.one(COUNTED)
        assert candidates == numbers == counted == lines == keys
        with self.owner() as owner:
            rows = owner.execute(
                "SELECT idempotency_key, id FROM ledger_line WHERE idempotency_key IS NOT NULL"
            ).fetchall()
        written = dict(rows)
        lost = {
            key: line for key, line in told.acknowledged.items() if key not in written or line not in (0, written[key])
        }
        assert not lost, f"{len(lost)} acknowledged changes are gone: {list(lost)[:3]}"
        verify = self.python("-m", "tests.faults.verify")
        output, errors = verify.communicate(timeout=300)
        assert verify.returncode == 0, output + errors[-3000:]
