"""Where a cluster's data lies, and the record of it in the home."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from zikao.node.files import write_private
from zikao.node.postgres.account import Account
from zikao.node.trouble import NodeTrouble

ROOT_PLACES = (Path("/var/lib/zikao"), Path("/var/tmp/zikao"), Path("/tmp/zikao"))  # noqa: S108
SPACE_NEEDED = 300 * 1024 * 1024  # bytes: an empty cluster, its log, and room to work


@dataclass(frozen=True)
class Place:
    """A cluster's folder (data, log, copies of programs) and the port it listened on last."""

    folder: str
    port: int = 0

    @property
    def path(self) -> Path:
        """The folder."""
        return Path(self.folder)

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.path / "data"

    @property
    def spool(self) -> Path:
        """Where the server leaves finished log for the backups, while the folder is there."""
        return self.path / "spool"

    @property
    def log(self) -> Path:
        """What the server says while starting."""
        return self.path / "start.log"


def record_path(home: Path) -> Path:
    """The file in the home that says where the cluster is."""
    return home / "postgres" / "place.json"


def recorded_place(home: Path) -> Place | None:
    """The place chosen earlier, when its data still exists."""
    try:
        place = Place(**json.loads(record_path(home).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return place if (place.data / "PG_VERSION").exists() else None


def record(home: Path, place: Place) -> None:
    """Remember the place."""
    write_private(record_path(home), json.dumps(asdict(place)))
    if place.path != home / "postgres":
        (place.path / "home.txt").write_text(f"{home}\n")  # so that whoever finds the data knows whose it is


def choose_place(home: Path, account: Account) -> Place:
    """A folder that the server's account can reach: in the home, else in one of the system's places.

    Raises NodeTrouble when there is none, or too little room.
    """
    for folder in _candidates(home, account):
        if _prepare(folder, account):
            _check_room(folder)
            return Place(str(folder))
    raise NodeTrouble(
        "no-place",
        message="找不到数据库账号可以使用的目录。",
        remedy="请用 ZIKAO_HOME 指定一个所有上级目录都可进入的目录，例如 ZIKAO_HOME=/srv/zikao。",
    )


def _candidates(home: Path, account: Account) -> list[Path]:
    folders = [home / "postgres"]
    if account.is_other:
        tag = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:10]
        folders += [_unused(place / tag) for place in ROOT_PLACES]
    return folders


def _unused(folder: Path) -> Path:
    # a place whose home is gone may hold somebody's data: leave it, take the next
    number, candidate = 1, folder
    while candidate.exists() and any(candidate.iterdir()):
        number += 1
        candidate = folder.with_name(f"{folder.name}-{number}")
    return candidate


def _prepare(folder: Path, account: Account) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if account.is_other:
            folder.chmod(0o711)
            if folder.parent in ROOT_PLACES:
                if folder.parent.stat().st_uid != 0:
                    return False  # somebody else made it: not ours to trust
                folder.parent.chmod(0o711)
    except OSError:
        return False
    return not account.is_other or account.can(["test", "-x", folder])


def _check_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < SPACE_NEEDED:
        raise NodeTrouble(
            "disk-full",
            facts={"folder": folder, "free_bytes": free},
            message=f"{folder} 所在磁盘只剩 {free // 2**20} MB，不够建立数据库（至少 300 MB）。",
            remedy="请清理磁盘，或用 ZIKAO_HOME 指定另一块磁盘上的目录。",
        )


def forget(home: Path, place: Place | None) -> None:
    """Delete a cluster's folder and every record of it in the home."""
    if place is not None and place.path.resolve() != (home / "postgres").resolve():
        shutil.rmtree(place.path, ignore_errors=True)
    shutil.rmtree(home / "postgres", ignore_errors=True)
