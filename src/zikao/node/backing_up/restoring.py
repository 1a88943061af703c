"""Bringing a node back from one custody's copy alone: the cluster, its log, the files; into an empty folder.

The node's own keys are not in a backup. Without them everything can be counted and verified, but nothing that is
sealed can be read, and the node cannot sign; they come from the escrow (see `escrow`).
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from zikao.foundation.crypto import KeysMissing, envelope_key_id
from zikao.node.backing_up import logs
from zikao.node.backing_up.catalogue import BASES, Catalogue, object_path
from zikao.node.backing_up.manifests import Manifest, instant
from zikao.node.backing_up.marks import MARKER
from zikao.node.backing_up.physical import damaged_files
from zikao.node.backing_up.recovery import Goal, Replay
from zikao.node.backing_up.streams import open_piece
from zikao.node.backing_up.targets import Target
from zikao.node.backing_up.tars import lay_out
from zikao.node.files import write_private
from zikao.node.postgres import Cluster, ensure_cluster
from zikao.node.postgres import place as places
from zikao.node.postgres.account import server_account
from zikao.node.postgres.binaries import reachable_binaries, wheel_binaries
from zikao.node.postgres.cluster import fresh_secret
from zikao.node.postgres.server import Server
from zikao.node.trouble import NodeTrouble

Say = Callable[[str], None]


class RestoreTrouble(NodeTrouble):
    """What was asked for cannot be restored from here."""


@dataclass(frozen=True)
class Plan:
    """What is needed for one restore: the bases in their order, and every part with log or files."""

    custody: str
    bases: tuple[Manifest, ...]
    parts: tuple[Manifest, ...]

    @property
    def newest(self) -> Manifest:
        """The last part used."""
        return self.parts[-1]

    @property
    def bytes(self) -> int:
        """What has to be laid out."""
        return sum(part.plain_bytes for part in self.parts)


@dataclass
class Bringer:
    """Opens parts of one custody's copy and lays them out under a home."""

    target: Target
    private_key: bytes
    plan: Plan
    home: Path
    server: Server
    code: str
    say: Say

    def lay_out(self) -> None:
        """The data directory, the log, and the node's files."""
        work = self.server.place.path / "restoring"
        shutil.rmtree(work, ignore_errors=True)
        folders = [self._base(base, work / str(base.number)) for base in self.plan.bases]
        _join(folders, self.server.place.data)
        shutil.rmtree(work)
        for part in self.plan.parts:
            self._unpack(part, "wal", self.wal)
            self._unpack(part, "files", self.home / self.code.replace(":", "-") / "files")
        (self.server.place.path / "log").mkdir(exist_ok=True)
        self._give()

    @property
    def wal(self) -> Path:
        """Where the log lies that is to be replayed."""
        return self.server.place.path / "wal"

    def replay(self) -> Replay:
        """The server that replays the log."""
        return Replay(self.server, self.wal)

    def settle(self, replay: Replay) -> None:
        """After the replay: new passwords."""
        replay.new_password(fresh_secret(self.home, "superuser"))

    def finish(self) -> Cluster:
        """Start the cluster as any other, with the node's ways in."""
        shutil.rmtree(self.wal, ignore_errors=True)
        for name in ("zikao.conf", "backup_manifest"):
            (self.server.place.data / name).unlink(missing_ok=True)
        places.record(self.home, self.server.place)
        cluster = ensure_cluster(self.home)
        cluster.create_node_database(self.code)
        return cluster

    def restore_dump(self) -> Cluster:
        """A new cluster with the dump of an outside server loaded into it; its transaction ids start again."""
        base = self.plan.bases[-1]
        dump = self.home / "dump"
        with dump.open("xb") as file:
            for piece in base.pieces:
                if piece.role == "dump":
                    source = self.target.read(object_path(base, piece))
                    opened = open_piece(piece, self.plan.custody, self.private_key, source, base.binding)
                    file.writelines(opened)
        self._unpack(base, "files", self.home / self.code.replace(":", "-") / "files")
        cluster = ensure_cluster(self.home)
        database = cluster.create_node_database(self.code)
        program = self.server.binaries.path("pg_restore")
        options = ["--clean", "--if-exists", "--exit-on-error", "--dbname", cluster.superuser_url(database.name)]
        _run("pg_restore", [program, *options, dump])
        dump.unlink()
        return cluster

    def discard(self) -> None:
        """Delete what was laid out, wherever it lies."""
        shutil.rmtree(self.server.place.path, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    def _base(self, base: Manifest, folder: Path) -> Path:
        self.say(f"正在解开 {base.path}（{base.plain_bytes / 2**20:,.0f} MB）……")
        self._unpack(base, "base", folder)
        if damaged := damaged_files(folder):
            raise _damaged("backup_manifest", ", ".join(damaged[:3]))
        return folder

    def _unpack(self, part: Manifest, role: str, folder: Path) -> None:
        for piece in part.pieces:
            if piece.role == role:
                source = self.target.read(object_path(part, piece))
                lay_out(open_piece(piece, self.plan.custody, self.private_key, source, part.binding), folder)

    def _give(self) -> None:
        for top in (self.server.place.data, self.wal, self.server.place.path / "log"):
            for path in (top, *top.rglob("*")) if top.exists() else ():
                path.chmod(0o700 if path.is_dir() else 0o600)
                self.server.account.give(path)


def key_id_of(private_key: bytes) -> str:
    """The id of the key pair to which a private key belongs."""
    public = load_pem_private_key(private_key, None).public_key()
    return envelope_key_id(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def custody_of(private_key: bytes, part: Manifest) -> str:
    """Whose copy this private key opens. Raises RestoreTrouble."""
    try:
        mine = key_id_of(private_key)
    except (ValueError, TypeError, KeysMissing):
        mine = "?"
    for custody, ids in part.keys.items():
        if mine in ids:
            return custody
    raise RestoreTrouble(
        "wrong-key",
        facts={"key": mine, "needed": ", ".join(f"{name}: {'/'.join(ids)}" for name, ids in part.keys.items())},
        message=f"这把私钥（{mine}）打不开这份备份。",
        remedy="请使用与该保管处对应、且在备份时有效的私钥："
        + "；".join(f"{k} {'/'.join(v)}" for k, v in part.keys.items()),
    )


def plan_of(
    catalogue: Catalogue,
    private_key: bytes,
    *,
    until: datetime | None = None,
    generation: str | None = None,
    custody: str = "",
) -> Plan:
    """Which parts a restore needs. Raises RestoreTrouble, TargetTrouble."""
    parts = catalogue.generation(generation or _reaching(catalogue, until))
    bases = [part for part in parts if part.kind in BASES and (until is None or instant(part.ended_at) <= until)]
    whole = [part for part, number in zip(parts, range(1, len(parts) + 1), strict=True) if part.number == number]
    if not bases or len(whole) != len(parts):
        raise RestoreTrouble(
            "incomplete-generation",
            message="这套备份缺少其中一份，不能恢复。",
            remedy="请改用另一处保管的副本，或另一套备份。",
        )
    have = [name for part in parts for name in part.wal]
    gaps = logs.missing(bases[-1].base_wal, have) if bases[-1].base_wal else []
    if gaps:
        raise RestoreTrouble(
            "log-missing",
            facts={"first": gaps[0]},
            message=f"缺少日志 {gaps[0]}，只能恢复到它之前。",
            remedy="请改用另一处保管的副本；两处都缺时，用 --until 指定更早的时刻。",
        )
    return Plan(custody or custody_of(private_key, bases[-1]), tuple(bases), tuple(parts))


def bringer(target: Target, private_key: bytes, plan: Plan, home: Path, *, say: Say = print) -> Bringer:
    """Prepare an empty home for a restore. Raises RestoreTrouble where something is there, or no room."""
    home = home.resolve()
    if home.exists() and any(home.iterdir()):
        raise RestoreTrouble(
            "not-empty", message=f"{home} 里已有内容，恢复不会覆盖任何数据。", remedy="请用 --to 指定一个空目录。"
        )
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    account = server_account()
    place = places.choose_place(home, account)
    if shutil.disk_usage(place.path).free < 2 * plan.bytes:
        raise RestoreTrouble(
            "no-room",
            message=f"{place.path} 所在磁盘空间不足，恢复大约需要 {2 * plan.bytes / 2**30:.1f} GB。",
            remedy="请清理磁盘，或用 --to 指定另一块磁盘上的目录。",
        )
    server = Server(reachable_binaries(account, place.path), account, place)
    return Bringer(target, private_key, plan, home, server, plan.newest.node, say)


def restore(made: Bringer, *, until: datetime | None = None) -> Cluster:
    """Bring the cluster to an instant, or to the end of the log, and start it. Leaves the node marked as restored."""
    if made.plan.bases[-1].kind == "logical":
        cluster = made.restore_dump()
        mark(made, None)
        return cluster
    made.lay_out()
    made.say("正在重放日志……")
    replay = made.replay()
    try:
        with replay.running(Goal(until=until)):
            replay.wait()
            made.settle(replay)
    except NodeTrouble as trouble:
        if trouble.code != "log-ends-before" or until is None or until > instant(made.plan.newest.ended_at):
            raise
        with replay.running(Goal()):  # nothing was committed between that instant and the end of the log
            replay.wait()
            made.settle(replay)
    cluster = made.finish()
    mark(made, until)
    return cluster


def mark(made: Bringer, until: datetime | None) -> None:
    """Say in the node's home that it was restored: it does not serve before that is declared."""
    newest = made.plan.newest
    said = {
        "from": made.target.url,
        "custody": made.plan.custody,
        "generation": newest.generation,
        "number": newest.number,
        "digest": newest.digest,
        "until": until.isoformat() if until else "",
        "restored_at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "newest_ledger_size": max((part.census.ledger_size for part in made.plan.parts if part.census), default=0),
        "sequences": dict(_sequences(made.plan.parts)),
    }
    path = made.home / newest.node.replace(":", "-") / MARKER
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(path, json.dumps(said, ensure_ascii=False, indent=1))


def _sequences(parts: Sequence[Manifest]) -> Iterator[tuple[str, Mapping[str, int]]]:
    for part in parts:
        if part.census:
            yield from part.census.sequences.items()


def _reaching(catalogue: Catalogue, until: datetime | None) -> str | None:
    if until is None:
        return None
    fitting = [name for name, parts in catalogue.generations().items() if instant(parts[0].ended_at) <= until]
    if not fitting:
        raise RestoreTrouble(
            "too-early",
            message="没有任何一套备份早于指定的时刻。",
            remedy="请用 ./zikao node backups 查看最早能恢复到何时。",
        )
    name = max(fitting)
    last = instant(catalogue.generations()[name][-1].ended_at)
    if until > last and name == max(catalogue.generations()):
        raise RestoreTrouble(
            "too-late",
            facts={"until": until, "last": last},
            message=f"备份只到 {last.astimezone():%Y-%m-%d %H:%M:%S}，达不到指定的时刻。",
            remedy="请指定更早的时刻，或不带 --until 恢复到最后。",
        )
    return name


def _join(folders: Sequence[Path], data: Path) -> None:
    if len(folders) == 1:
        folders[0].rename(data)
        return
    _run("pg_combinebackup", [wheel_binaries().path("pg_combinebackup"), *folders, "--output", data])


def _run(name: str, command: Sequence[str | Path]) -> None:
    answer = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise _damaged(name, (answer.stderr or answer.stdout).strip()[-300:])


def _damaged(by: str, said: str) -> RestoreTrouble:
    return RestoreTrouble(
        "copy-damaged",
        facts={"found by": by},
        message=f"数据库副本核验没有通过：{said}",
        remedy="请改用另一处保管的副本，或更早的一套备份。",
    )
