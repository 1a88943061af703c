"""Where backups go: a directory, or S3 and its like, by URL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from zikao.node.trouble import NodeTrouble

BUFFER_BYTES = 8 << 20


class TargetTrouble(NodeTrouble):
    """The place where backups go cannot be reached, is full, or refuses."""


@dataclass(frozen=True)
class Target:
    """A folder at some place; `store` speaks to it."""

    url: str
    store: Any

    def write(self, path: str) -> Writer:
        """A stream to a new object; nothing is there before it is closed."""
        return Writer(self, path)

    def put(self, path: str, data: bytes) -> None:
        """Write a small object, whole or not at all."""
        with self.write(path) as writer:
            writer.write(data)

    def get(self, path: str) -> bytes:
        """A small object. Raises TargetTrouble when it is not there."""
        try:
            return bytes(obstore.get(self.store, path).bytes())
        except (BaseError, OSError) as error:
            raise _trouble(self.url, error) from None

    def read(self, path: str) -> BinaryIO:
        """A stream from an object. Raises TargetTrouble when it is not there."""
        try:
            return cast("BinaryIO", Reader(obstore.open_reader(self.store, path, buffer_size=BUFFER_BYTES)))
        except (BaseError, OSError) as error:
            raise _trouble(self.url, error) from None

    def paths(self, prefix: str = "") -> dict[str, int]:
        """Every object below a prefix, with its size in bytes."""
        try:
            found = obstore.list(self.store, prefix or None)
            return {each["path"]: each["size"] for chunk in found for each in chunk}
        except (BaseError, OSError) as error:
            raise _trouble(self.url, error) from None

    def remove(self, prefix: str) -> int:
        """Delete everything below a prefix; returns how many objects."""
        doomed = list(self.paths(prefix))
        for path in sorted(doomed, key=lambda path: not path.endswith("manifest.json")):
            with suppress(FileNotFoundError):
                obstore.delete(self.store, path)
        return len(doomed)


class Writer:
    """Bytes on their way to a target; left by an exception, nothing stays there."""

    def __init__(self, target: Target, path: str) -> None:
        self._target, self._path = target, path
        self._writer: Any = obstore.open_writer(target.store, path, buffer_size=BUFFER_BYTES)
        self.size = 0

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self._writer = None  # dropped unclosed: the store takes back what it has

    def write(self, data: bytes) -> int:
        """Take bytes. Raises TargetTrouble."""
        try:
            self._writer.write(data)
        except (BaseError, OSError) as error:
            raise _trouble(self._target.url, error) from None
        self.size += len(data)
        return len(data)

    def close(self) -> None:
        """Finish: now it is there."""
        try:
            self._writer.close()
            if isinstance(self._target.store, LocalStore):
                _sync(Path(str(self._target.store.prefix)) / self._path)
        except (BaseError, OSError) as error:
            raise _trouble(self._target.url, error) from None


class Reader:
    """A stream from a target as Python reads files."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """So many bytes, fewer only at the end."""
        return bytes(self._stream.read(size) if size >= 0 else self._stream.read())


def open_target(url: str, *, make: bool = False) -> Target:
    """The target of a URL or of a directory's path. Raises TargetTrouble.

    The keys of S3 come from the environment (AWS_ACCESS_KEY_ID …), never from the URL.
    """
    try:
        if "://" not in url:
            folder = Path(url).expanduser().resolve()
            if make:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return Target(str(folder), LocalStore(folder))
        options = {"allow_http": "true"} if os.environ.get("ZIKAO_S3_ALLOW_HTTP") == "1" else None
        return Target(url, from_url(url, client_options=cast("Any", options)))
    except (BaseError, OSError, ValueError) as error:
        raise _trouble(url, error) from None


def objects(target: Target, prefix: str) -> Iterator[tuple[str, int]]:
    """The objects below a prefix in order."""
    yield from sorted(target.paths(prefix).items())


def _sync(path: Path) -> None:
    for each in (path, path.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _trouble(url: str, error: Exception) -> TargetTrouble:
    said = str(error).strip().split("\n")[0][:300]
    full = "No space left" in str(error) or "File too large" in str(error) or "os error 28" in str(error)
    return TargetTrouble(
        "target-full" if full else "target-fails",
        facts={"target": url},
        message=f"备份目标 {url} {'已满' if full else '不能读写'}：{said}",
        remedy="请清理或更换该目标后重做；在此之前日志留在本机，不会丢失。"
        if full
        else "请检查该目标是否在线、路径和权限是否正确，然后重做。",
    )
