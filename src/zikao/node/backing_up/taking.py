"""Taking a backup: the cluster, the files, the log, a census; sealed to both custodies, accepted by its manifest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from zikao.foundation import crypto
from zikao.node.backing_up import logs
from zikao.node.backing_up.catalogue import folder_of, newest_common, object_path
from zikao.node.backing_up.census import count, take_census
from zikao.node.backing_up.manifests import FIRST, Census, Manifest, Piece, Signed, binding
from zikao.node.backing_up.source import Source, SourceTrouble
from zikao.node.backing_up.streams import Custodian, seal_piece
from zikao.node.backing_up.tars import Glance, files_below, tar_of
from zikao.node.files import write_private

LOG_SECONDS = 120.0
Say = Callable[[str], None]
Record = Callable[[Signed], object]


@dataclass
class Part:
    """A part in the making."""

    source: Source
    custodians: Sequence[Custodian]
    kind: str
    generation: str
    number: int
    previous: str
    began_at: str
    pieces: list[Piece] = field(default_factory=list)
    wal: tuple[str, ...] = ()
    base_wal: str = ""
    file_names: Sequence[str] = ()
    census: Census | None = None

    @property
    def _path(self) -> str:
        return f"{folder_of(self.source.node.code)}/{self.generation}/{self.number:06d}-{self.kind}"

    def clear(self) -> None:
        """Sweep away what an earlier attempt at this part left; nobody accepted it."""
        for each in self.custodians:
            each.target.remove(self._path)

    def seal(self, name: str, chunks: Iterable[bytes], glance: Glance | None = None) -> None:
        """Write one piece to every custody."""
        bound = binding(self.source.node.code, self.generation, self.number)
        piece = seal_piece(
            f"{name}.zke",
            name,
            chunks,
            self.custodians,
            path=self._path,
            binding=bound,
            inspect=glance.look if glance else None,
        )
        self.pieces.append(piece)

    def accept(self) -> Signed:
        """Sign the manifest and lay it beside the pieces: from now on the part counts."""
        source = self.source
        manifest = Manifest(
            node=source.node.code,
            generation=self.generation,
            number=self.number,
            kind=self.kind,
            began_at=self.began_at,
            ended_at=_now(),
            previous=self.previous,
            pieces=tuple(self.pieces),
            keys={each.custody: tuple(map(crypto.envelope_key_id, each.keys)) for each in self.custodians},
            databases=source.databases(),
            wal=self.wal,
            base_wal=self.base_wal,
            files=len(self.file_names),
            census=self.census,
            software={"zikao": version_of(), "postgresql": "18" if source.is_physical else "outside"},
        )
        key = crypto.public_keys()[crypto.signing_key_id()]
        signed = Signed(manifest, crypto.sign(manifest.content()), key)
        for each in self.custodians:
            each.target.put(object_path(manifest), signed.as_bytes())
        return signed


def version_of() -> str:
    """The program's version."""
    try:
        return version("zikao")
    except Exception:
        return "0"


def take(
    source: Source, custodians: Sequence[Custodian], *, kind: str, record: Record, known: str = "", say: Say = print
) -> Signed:
    """Take a backup: kind full or incremental. An outside server is dumped whatever the kind.

    `known` is the digest of the last part that the node's ledger names. Raises SourceTrouble, TargetTrouble, Broken.
    """
    if not source.is_physical:
        return _logical(source, custodians, record, known)
    source.begin_archiving()
    last = _last(source, custodians, known, record)
    if kind == "incremental":
        return _incremental(source, custodians, last, record, say)
    return _full(source, custodians, last, record, known, say)


def ship(
    source: Source, custodians: Sequence[Custodian], *, record: Record, known: str = "", keep: bool = False
) -> Signed | None:
    """Send finished log and new files to the newest generation; None when there is nothing new or no generation."""
    last = _last(source, custodians, known, record)
    if last is None:
        return None
    names = logs.finished(source.spool) if source.is_physical else []
    new = _new_files(source, last.generation)
    if not names and not new:
        return None
    part = _part(source, custodians, "wal", last.generation, last.number + 1, last.digest)
    part.wal = tuple(names)
    if names:
        part.seal("wal", tar_of(source.spool, names))
    _seal_files(part, new)
    signed = part.accept()
    record(signed)
    _remember_files(source, last.generation, new)
    if not keep:
        _forget_log(source, names)
    return signed


def _full(
    source: Source, custodians: Sequence[Custodian], last: Manifest | None, record: Record, known: str, say: Say
) -> Signed:
    generation = datetime.now(tz=UTC).strftime("%Y%m%dT%H%M%SZ")
    if last is not None and generation <= last.generation:
        raise SourceTrouble("clock-behind", message="时钟早于上一次备份。", remedy="请先校准本机时钟。")
    glance = Glance()
    part = _part(source, custodians, "full", generation, 1, "")
    say("正在复制数据库……")
    part.seal("base", source.stream(), glance)
    part.base_wal = glance.first_log
    say("正在复制文件……")
    _seal_files(part, files_below(source.node.home / "files"))
    part.census = _census_in_log(source)
    if last is not None:  # so that no instant is lost between two generations
        newer = ship(source, custodians, record=record, known=known, keep=True)
        last = newer.manifest if newer is not None else last
    part.previous = last.digest if last is not None else known or FIRST
    return _finish(part, glance, record)


def _incremental(
    source: Source, custodians: Sequence[Custodian], last: Manifest | None, record: Record, say: Say
) -> Signed:
    base = _base_manifest(source, last.generation) if last is not None else None
    if last is None or base is None:
        raise SourceTrouble(
            "no-full-backup", message="还没有可以续接的全量备份。", remedy="请先执行 ./zikao node backup --full。"
        )
    glance = Glance()
    part = _part(source, custodians, "incremental", last.generation, last.number + 1, last.digest)
    say("正在复制数据库自上次备份以来的变化……")
    part.seal("base", source.stream(previous=base), glance)
    part.base_wal = glance.first_log
    _seal_files(part, _new_files(source, last.generation))
    part.census = _census_in_log(source)
    return _finish(part, glance, record)


def _finish(part: Part, glance: Glance, record: Record) -> Signed:
    names = logs.finished(part.source.spool)
    part.wal = tuple(names)
    part.seal("wal", tar_of(part.source.spool, names))
    signed = part.accept()
    record(signed)
    _remember_files(part.source, part.generation, part.file_names)
    path = _state(part.source) / f"{part.generation}.base"
    for old in _state(part.source).glob("*.base"):
        old.unlink()
    write_private(path, glance.kept["backup_manifest"].decode())
    _forget_log(part.source, names)
    return signed


def _logical(source: Source, custodians: Sequence[Custodian], record: Record, known: str) -> Signed:
    last = newest_common([each.target for each in custodians], source.node.code)
    generation = datetime.now(tz=UTC).strftime("%Y%m%dT%H%M%SZ")
    previous = last.manifest.digest if last is not None else known or FIRST
    part = _part(source, custodians, "logical", generation, 1, previous)
    with psycopg.connect(source.counting_url()) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = reader.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        part.census = count(reader)
        part.seal("dump", source.stream(snapshot=str(row[0])))
    _seal_files(part, files_below(source.node.home / "files"))
    signed = part.accept()
    record(signed)
    return signed


def _part(
    source: Source, custodians: Sequence[Custodian], kind: str, generation: str, number: int, previous: str
) -> Part:
    part = Part(source, custodians, kind, generation, number, previous, _now())
    part.clear()
    return part


def _last(source: Source, custodians: Sequence[Custodian], known: str, record: Record) -> Manifest | None:
    """The newest part at both custodies, which must be the one that the ledger names."""
    signed = newest_common([each.target for each in custodians], source.node.code, crypto.public_keys())
    if signed is None or not known or signed.manifest.digest == known:
        return signed.manifest if signed else None
    if signed.manifest.previous == known:  # taken, but the node died before it could note it
        record(signed)
        return signed.manifest
    raise SourceTrouble(
        "custody-changed",
        facts={"known": known[:16], "found": signed.manifest.digest[:16]},
        message="保管处最新的备份不是本节点账本记载的那一份：备份可能被替换、删除或截断。",
        remedy="请两处保管人立即用 ./zikao verify backup 核验，查明原因；"
        "确认后用 ./zikao node backup --full --accept-gap 另起一套。",
        clause="SR-A1.11",
    )


def _census_in_log(source: Source) -> Census:
    census = take_census(source.counting_url())
    name = source.switch_log()
    deadline = time.monotonic() + LOG_SECONDS
    while name not in logs.finished(source.spool):
        if time.monotonic() > deadline:
            raise SourceTrouble(
                "log-not-archived",
                facts={"log": name, "spool": source.spool},
                message=f"数据库没有交出日志 {name}。",
                remedy="内置数据库升级后要重新启动一次才开始归档：请停止全部服务再启动，然后重做。",
            )
        time.sleep(0.1)
    return census


def _seal_files(part: Part, names: Sequence[str]) -> None:
    part.file_names = names
    if names:
        part.seal("files", tar_of(part.source.node.home / "files", names))


def _state(source: Source) -> Path:
    folder = source.node.home / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _base_manifest(source: Source, generation: str) -> Path | None:
    path = _state(source) / f"{generation}.base"
    return path if path.exists() else None


def _new_files(source: Source, generation: str) -> list[str]:
    shipped = _state(source) / f"{generation}.files"
    known = set(shipped.read_text().split("\n")) if shipped.exists() else set()
    return [name for name in files_below(source.node.home / "files") if name not in known]


def _remember_files(source: Source, generation: str, names: Sequence[str]) -> None:
    for old in _state(source).glob("*.files"):
        if old.stem != generation:
            old.unlink()
    with (_state(source) / f"{generation}.files").open("a") as file:
        file.write("".join(f"{name}\n" for name in names))


def _forget_log(source: Source, names: Sequence[str]) -> None:
    for name in names:
        (source.spool / name).unlink(missing_ok=True)


def _now() -> str:
    return datetime.now(tz=UTC).isoformat(timespec="seconds")
