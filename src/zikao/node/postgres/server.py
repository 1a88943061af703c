"""One PostgreSQL server process: is it running, start it, stop it, and say plainly why it does not start."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from zikao.node.ports import free_port, is_free
from zikao.node.postgres.account import Account
from zikao.node.postgres.binaries import Binaries
from zikao.node.postgres.place import Place
from zikao.node.trouble import NodeTrouble

SUPERUSER = "zikao_root"
START_SECONDS = 60
ORPHAN_SECONDS = 15.0

SETTINGS = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
effective_cache_size = 1GB
random_page_cost = 1.1
timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
logging_collector = on
log_directory = '../log'
log_filename = 'server-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_statement = 'none'
log_min_error_statement = 'panic'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
wal_keep_size = 512MB
summarize_wal = on
archive_mode = on
archive_timeout = {archive_seconds}
archive_command = '{archive}'
"""
ARCHIVE_SECONDS = 300
ARCHIVE = (
    "test ! -d ../spool || "
    '{ cp "%p" "../spool/.%f" && { sync -d "../spool/.%f" || sync; } && mv "../spool/.%f" "../spool/%f"; }'
)
"""Finished log goes to the folder `spool` beside the data, while there is one: whoever makes backups makes it."""
THROW_AWAY = """\
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
archive_mode = off
summarize_wal = off
autovacuum_naptime = 10min
"""
ACCESS = """\
# TYPE  DATABASE  USER  ADDRESS  METHOD
host  all  all  127.0.0.1/32  scram-sha-256
host  replication  zikao_backup  127.0.0.1/32  scram-sha-256
"""


@dataclass(frozen=True)
class Server:
    """The programs, the account and the place of one server."""

    binaries: Binaries
    account: Account
    place: Place
    is_throw_away: bool = False

    def initialise(self, password: str) -> None:
        """Make the data directory; an interrupted earlier attempt is cleared away."""
        draft = self.place.path / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.account.give(draft)
        (self.place.path / "log").mkdir(exist_ok=True)
        self.account.give(self.place.path / "log")
        key = self.place.path / "superuser.new"
        key.touch(mode=0o600)
        try:
            key.write_text(password)
            self.account.give(key)
            answer = self.account.run(
                [
                    self.binaries.path("initdb"),
                    f"--pgdata={draft}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={key}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--data-checksums",
                    *(["--no-sync"] if self.is_throw_away else []),
                ]
            )
        finally:
            key.unlink(missing_ok=True)
        if answer.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise _trouble("cannot-initialise", "数据库初始化失败", answer.stdout)
        with (draft / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude_if_exists = 'zikao.conf'\n")
        draft.rename(self.place.data)

    def pid(self) -> int | None:
        """The process id of the running server of this data directory, None when it does not run."""
        try:
            pid = int((self.place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if _is_postmaster(pid, self.place.data) else None

    def start(self) -> Place:
        """Start it, on the remembered port or another; returns the place with the port in use.

        Raises NodeTrouble with the server's own last words.
        """
        (self.place.data / "postmaster.pid").unlink(missing_ok=True)  # pid() said: nobody's
        deadline = time.monotonic() + ORPHAN_SECONDS
        while True:
            port = free_port(preferred=self.place.port or None)
            self._write(self.place.data / "zikao.conf", self._settings(port))
            self._write(self.place.data / "pg_hba.conf", ACCESS)
            said = self._try_start()
            if said is None:
                return Place(self.place.folder, port)
            # after kill -9 of the server its children need a moment to notice and go
            passing = "pre-existing shared memory" in said or not is_free(port)
            if not passing or time.monotonic() > deadline:
                raise _trouble("cannot-start", "数据库没有启动", said)
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop it; open connections are ended, nothing committed is lost."""
        pid = self.pid()
        if pid is None:
            return
        mode = "immediate" if self.is_throw_away else "fast"
        program, data = str(self.binaries.path("pg_ctl")), str(self.place.data)
        command = [program, "stop", "-D", data, "-m", mode, "-w", "-t", "60"]
        try:
            stopped = self.account.run(command).returncode == 0
        except (OSError, subprocess.SubprocessError):
            stopped = False
        if not stopped and self.pid() is not None:
            os.kill(pid, signal.SIGQUIT)

    def _settings(self, port: int) -> str:
        settings = SETTINGS.format(port=port, archive=ARCHIVE, archive_seconds=ARCHIVE_SECONDS)
        return settings + (THROW_AWAY if self.is_throw_away else "")

    def _try_start(self) -> str | None:
        self.place.log.unlink(missing_ok=True)
        self._write(self.place.log, "")
        options = [f"--pgdata={self.place.data}", f"--log={self.place.log}", "-w", "-t", str(START_SECONDS)]
        answer = self.account.run([self.binaries.path("pg_ctl"), "start", *options])
        if answer.returncode == 0:
            return None
        return answer.stdout + self.place.log.read_text(errors="replace")

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        self.account.give(path)
        path.chmod(0o600)


def _is_postmaster(pid: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL server of this data directory (a number may belong to anybody by now)."""
    proc = Path("/proc") / str(pid)
    if Path("/proc/self").exists():
        try:
            return (proc / "comm").read_text().strip() == "postgres" and _same(proc / "cwd", data)
        except OSError:
            return False
    answer = subprocess.run(["/bin/ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True, check=False)
    return "postgres" in answer.stdout


def _same(cwd: Path, data: Path) -> bool:
    try:
        return cwd.samefile(data)
    except PermissionError:
        return True  # cannot look: another account's server, which is what ours is
    except OSError:
        return False


def _trouble(code: str, title: str, said: str) -> NodeTrouble:
    lines = [line for line in said.splitlines() if line.strip()]
    loud = [line for line in lines if "FATAL" in line or "PANIC" in line or "error" in line.lower()]
    if "No space left on device" in said:
        return NodeTrouble(
            "disk-full",
            message=f"{title}：磁盘已满。",
            remedy="请清理磁盘后再试；已提交的数据没有丢失。",
        )
    return NodeTrouble(
        code,
        message=f"{title}：{' '.join((loud or lines)[-2:])[:400]}",
        remedy="请查看数据目录旁 log/ 中的服务器日志。",
    )
