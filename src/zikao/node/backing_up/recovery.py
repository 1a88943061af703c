"""A copied cluster brought to life: the log replayed to its end, an instant, or a census, with no way in but ours.

While it replays, the server listens on a socket in a folder of its own account and nowhere else. Afterwards every
password is new: the copy may have been in other hands.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psycopg

from zikao.node.postgres.server import SUPERUSER, Server
from zikao.node.trouble import NodeTrouble

START_SECONDS = 24 * 3600
PORT = 5432
SETTINGS = """\
listen_addresses = ''
port = {port}
unix_socket_directories = '{folder}'
hba_file = '{folder}/hba.conf'
max_connections = 100
shared_buffers = 128MB
max_wal_size = 2GB
timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
archive_mode = off
summarize_wal = off
hot_standby = on
restore_command = 'cp "{wal}/%f" "%p"'
recovery_target_timeline = 'latest'
"""


class RecoveryTrouble(NodeTrouble):
    """The log would not be replayed, or not so far."""


@dataclass(frozen=True)
class Goal:
    """Where the replay ends: at the end of the log, at an instant, or right before a place of the log."""

    until: datetime | None = None
    lsn: str = ""

    def settings(self) -> str:
        """As PostgreSQL writes it; at a place of the log the server waits, so that it can be counted there."""
        if self.lsn:
            where = f"recovery_target_lsn = '{self.lsn}'\nrecovery_target_inclusive = off\n"
            return f"{where}recovery_target_action = 'pause'\n"
        if self.until is not None:
            return f"recovery_target_time = '{self.until.isoformat()}'\nrecovery_target_action = 'promote'\n"
        return ""


@dataclass
class Replay:
    """A server on a copied data directory, and the folder with the log."""

    server: Server
    wal: Path
    socket: Path = field(init=False)

    def url(self, database: str = "postgres") -> str:
        """How we enter: by the socket, as the superuser."""
        return psycopg.conninfo.make_conninfo(host=str(self.socket), port=PORT, user=SUPERUSER, dbname=database)

    @contextmanager
    def running(self, goal: Goal) -> Iterator[Replay]:
        """The server, replaying towards the goal. Raises RecoveryTrouble when it ends before."""
        self.socket = Path(tempfile.mkdtemp(prefix="zk-"))
        try:
            self._prepare(goal)
            self._start()
            yield self
        finally:
            self.server.stop()
            shutil.rmtree(self.socket, ignore_errors=True)

    def wait(self, *, paused: bool = False) -> None:
        """Wait until the replay is over, or until it stands at its goal. Raises RecoveryTrouble."""
        query = b"SELECT pg_get_wal_replay_pause_state() = 'paused'" if paused else b"SELECT NOT pg_is_in_recovery()"
        while True:
            try:
                with psycopg.connect(self.url(), autocommit=True) as connection:
                    row = connection.execute(query).fetchone()
                if row == (True,):
                    return
            except psycopg.Error:
                if self.server.pid() is None:
                    raise self._trouble() from None
            time.sleep(0.1)

    def new_password(self, password: str) -> None:
        """Give the superuser another password."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            statement = psycopg.sql.SQL("ALTER ROLE {} PASSWORD {}")
            connection.execute(statement.format(psycopg.sql.Identifier(SUPERUSER), psycopg.sql.Literal(password)))

    def _prepare(self, goal: Goal) -> None:
        account, data = self.server.account, self.server.place.data
        hba = self.socket / "hba.conf"
        hba.write_text("local  all  all  trust\n")
        text = SETTINGS.format(port=PORT, folder=self.socket, wal=self.wal) + goal.settings()
        (data / "zikao.conf").write_text(text)
        (data / "recovery.signal").touch()
        for path in (hba, self.socket, data / "zikao.conf", data / "recovery.signal"):
            path.chmod(0o700 if path.is_dir() else 0o600)
            account.give(path)

    def _start(self) -> None:
        place, account = self.server.place, self.server.account
        place.log.write_text("")
        account.give(place.log)
        program, options = self.server.binaries.path("pg_ctl"), ["-w", "-t", str(START_SECONDS)]
        command = [str(program), "start", f"--pgdata={place.data}", f"--log={place.log}", *options]
        answer = account.run(command, timeout=START_SECONDS)
        if answer.returncode != 0:
            raise self._trouble()

    def _trouble(self) -> RecoveryTrouble:
        said = self.server.place.log.read_text(errors="replace")
        if "recovery ended before configured recovery target" in said:
            return RecoveryTrouble(
                "log-ends-before", message="日志在指定时刻之前就结束了。", remedy="请指定更早的时刻。"
            )
        lines = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line or "ERROR" in line]
        return RecoveryTrouble(
            "cannot-replay",
            message=f"日志重放没有成功：{' '.join(lines[-2:])[:400]}",
            remedy="请改用另一处保管的副本，或更早的一套备份；并用 ./zikao verify backup 查明缺损。",
        )
