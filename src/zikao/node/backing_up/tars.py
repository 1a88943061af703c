"""Tars as streams: made of files, looked at while they pass, laid out again."""

from __future__ import annotations

import io
import os
import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from zikao.node.backing_up.streams import Broken, Pipe

CHUNK_BYTES = 1 << 20
KEPT = {"backup_manifest", "backup_label"}
_START = re.compile(r"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)")


@dataclass
class Glance:
    """What was seen in a base backup as it passed: two small files, and how many there were."""

    files: int = 0
    kept: dict[str, bytes] = field(default_factory=dict)

    def look(self, pipe: Pipe) -> None:
        """Read the tar to its end. Raises tarfile.TarError when it is cut."""
        with tarfile.open(fileobj=cast("IO[bytes]", pipe), mode="r|", bufsize=CHUNK_BYTES) as tar:
            for member in tar:
                self.files += member.isfile()
                if member.name.removeprefix("./") in KEPT:
                    content = tar.extractfile(member)
                    self.kept[member.name.removeprefix("./")] = content.read() if content else b""
        while pipe.read(CHUNK_BYTES):
            """What follows the tar's end is padding."""

    @property
    def first_log(self) -> str:
        """The first piece of log that this base needs."""
        found = _START.search(self.kept.get("backup_label", b"").decode())
        if found is None:
            raise Broken("backup_label")
        return found.group(1)


def tar_of(folder: Path, names: Iterable[str]) -> Iterator[bytes]:
    """A tar of files below a folder, as a stream; no owners and no times, so the same files give the same bytes."""
    for name in names:
        path = folder / name
        size = path.stat().st_size
        head = tarfile.TarInfo(name)
        head.size, head.mode = size, 0o600
        yield head.tobuf(tarfile.PAX_FORMAT)
        sent = 0
        with path.open("rb") as file:
            while chunk := file.read(min(CHUNK_BYTES, size - sent)):
                sent += len(chunk)
                yield chunk
        if sent != size:
            raise Broken(name)
        yield bytes(-size % tarfile.BLOCKSIZE)
    yield bytes(tarfile.RECORDSIZE)


def lay_out(chunks: Iterable[bytes], folder: Path) -> int:
    """Unpack a tar stream into a folder; returns how many files. Raises Broken; nothing leaves the folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stream = cast("IO[bytes]", _Chunks(iter(chunks)))
    count = 0
    try:
        with tarfile.open(fileobj=stream, mode="r|", bufsize=CHUNK_BYTES) as tar:
            for member in tar:
                tar.extract(member, folder, filter=_tame)
                count += member.isfile()
        while stream.read(CHUNK_BYTES):
            """To the end of the seal: only there it is known to be whole."""
    except tarfile.TarError as error:
        raise Broken(str(error)) from error
    return count


def _tame(member: tarfile.TarInfo, path: str) -> tarfile.TarInfo | None:
    safe = tarfile.data_filter(member, path)
    return None if safe is None else safe.replace(mode=0o700 if member.isdir() else 0o600, deep=False)


class _Chunks(io.RawIOBase):
    """Chunks of any size read as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, b""

    def read(self, size: int = -1) -> bytes:
        """So many bytes, fewer only at the end."""
        parts, have = [self._rest], len(self._rest)
        while have < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            parts.append(chunk)
            have += len(chunk)
        whole = b"".join(parts)
        self._rest = whole[size:]
        return whole[:size]


def files_below(folder: Path) -> list[str]:
    """The names of all files below a folder, in order."""
    found: list[str] = []
    for place, _, names in os.walk(folder):
        found += [str((Path(place) / name).relative_to(folder)) for name in names if not name.startswith("tmp")]
    return sorted(found)
