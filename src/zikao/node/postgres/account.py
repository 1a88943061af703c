"""Under which account the server runs: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zikao.node.trouble import NodeTrouble

HELPERS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """The system account the server's processes run as."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether it is another account than ours, so that files must be handed over to it."""
        return self.uid != os.geteuid()

    def run(self, command: Sequence[str | Path], *, timeout: float = 120.0) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, from the root directory, with a plain environment."""
        other: dict[str, Any] = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}
        return subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            check=False,
            **other,
        )

    def can(self, command: Sequence[str | Path]) -> bool:
        """Whether this account can run the command with success."""
        try:
            return self.run(command, timeout=30).returncode == 0
        except (OSError, subprocess.SubprocessError):
            return False

    def give(self, path: Path) -> None:
        """Hand a file or folder over to this account."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)


def server_account() -> Account:
    """Our own account, or when we are root an unprivileged helper account of the system."""
    if os.geteuid() != 0:
        return _own_account()
    for name in HELPERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise NodeTrouble(
        "no-helper-account",
        message="以 root 运行时，数据库需要一个普通系统账号（postgres 或 nobody），本机没有。",
        remedy="请先执行 useradd --system postgres，或改用普通用户运行。",
    )


def _own_account() -> Account:
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise NodeTrouble(
            "nameless-account",
            message=f"当前用户（uid {os.geteuid()}）在系统中没有名字，数据库无法以它运行。",
            remedy="请改用 /etc/passwd 中有名字的用户运行。",
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
