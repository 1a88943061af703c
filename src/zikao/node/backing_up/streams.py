"""Bytes on their way: read once, squeezed, digested, and sealed to each custody at the same time."""

from __future__ import annotations

import queue
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO, cast

from cryptography.hazmat.primitives import hashes

from zikao.foundation.crypto import canonical, open_stream, seal_stream
from zikao.node.backing_up.manifests import Piece, Sealed
from zikao.node.backing_up.targets import Target, Writer

CHUNK_BYTES = 1 << 20
WAITING = 8
GZIP = 31  # zlib's window bits for a stream that gunzip reads


@dataclass(frozen=True)
class Custodian:
    """A custody as a backup needs it: its name, where its copies go, and the public keys they are sealed to."""

    custody: str
    target: Target
    keys: tuple[bytes, ...]


class Digest:
    """A running SM3 and a count of bytes."""

    def __init__(self) -> None:
        self._hash = hashes.Hash(hashes.SM3())
        self.size = 0

    def update(self, data: bytes) -> None:
        """Take bytes."""
        self._hash.update(data)
        self.size += len(data)

    def hex(self) -> str:
        """The digest so far."""
        return self._hash.copy().finalize().hex()


class Pipe:
    """Bytes handed from one thread to another, a few chunks at a time; reads like a file."""

    def __init__(self) -> None:
        self._chunks: queue.Queue[bytes | None] = queue.Queue(WAITING)
        self._rest = b""
        self._ended = False
        self.abandoned = threading.Event()

    def push(self, data: bytes | None) -> None:
        """Give bytes, or None for the end; bytes that nobody reads any more are dropped."""
        while not self.abandoned.is_set():
            try:
                self._chunks.put(data, timeout=0.2)
            except queue.Full:
                continue
            return

    def read(self, size: int) -> bytes:
        """So many bytes, fewer only at the end."""
        parts, have = [self._rest], len(self._rest)
        while have < size and not self._ended:
            chunk = self._chunks.get()
            if chunk is None:
                self._ended = True
                break
            parts.append(chunk)
            have += len(chunk)
        whole = b"".join(parts)
        self._rest = whole[size:]
        return whole[:size]


class Broken(Exception):
    """The source ended in an error: what was read is not the whole."""


class _Reader(threading.Thread):
    """One thread that reads a pipe to its end; its failure is kept and raised in the main thread."""

    def __init__(self, work: Callable[[Pipe], None]) -> None:
        super().__init__(daemon=True)
        self.pipe, self._work = Pipe(), work
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Read to the end."""
        try:
            self._work(self.pipe)
        except BaseException as failure:
            self.failure = failure
        finally:
            self.pipe.abandoned.set()


def seal_piece(
    name: str,
    role: str,
    source: Iterable[bytes],
    custodians: Iterable[Custodian],
    *,
    path: str,
    binding: Mapping[str, str | int],
    inspect: Callable[[Pipe], None] | None = None,
) -> Piece:
    """Squeeze a stream and write it to every custody, sealed to each; `inspect` reads the plain stream besides.

    Nothing stays at any target when the source or one target fails. Raises whatever failed.
    """
    plain, packed = Digest(), Digest()
    with ExitStack() as stack:
        writers = {each.custody: stack.enter_context(each.target.write(f"{path}/{name}")) for each in custodians}
        digests = {custody: Digest() for custody in writers}
        sealers = [
            _Reader(
                _sealing(each.keys, writers[each.custody], digests[each.custody], _aad(each.custody, name, binding))
            )
            for each in custodians
        ]
        inspector = _Reader(inspect) if inspect is not None else None
        _pour(_squeezed(source, plain, packed, inspector), sealers, inspector)
        sealed = {custody: Sealed(digest.hex(), digest.size) for custody, digest in digests.items()}
    return Piece(name=name, role=role, digest=plain.hex(), size=plain.size, sealed=sealed)


def open_piece(
    piece: Piece, custody: str, private_key: bytes, source: BinaryIO, binding: Mapping[str, str | int]
) -> Iterator[bytes]:
    """The plain bytes of a piece; the end is reached only when seal, size, digest hold. Raises SealBroken, Broken."""
    found = Digest()

    def opening(pipe: Pipe) -> None:
        target = cast("BinaryIO", _Into(pipe))
        try:
            open_stream(private_key, source, target, _aad(custody, piece.name, binding))
        finally:
            pipe.push(None)

    opener = _Reader(opening)
    opener.start()
    inflater = zlib.decompressobj(GZIP)
    try:
        while chunk := opener.pipe.read(CHUNK_BYTES):
            data = inflater.decompress(chunk)
            found.update(data)
            yield data
    except zlib.error:
        raise Broken(piece.name) from opener.failure
    finally:
        opener.pipe.abandoned.set()
    opener.join()
    if opener.failure is not None:
        raise opener.failure
    if not inflater.eof or found.hex() != piece.digest or found.size != piece.size:
        raise Broken(piece.name)


def _squeezed(source: Iterable[bytes], plain: Digest, packed: Digest, inspector: _Reader | None) -> Iterator[bytes]:
    squeezer = zlib.compressobj(1, zlib.DEFLATED, GZIP)
    for chunk in source:
        plain.update(chunk)
        if inspector is not None:
            inspector.pipe.push(chunk)
        if squeezed := squeezer.compress(chunk):
            packed.update(squeezed)
            yield squeezed
    yield squeezer.flush()


def _pour(chunks: Iterable[bytes], sealers: list[_Reader], inspector: _Reader | None) -> None:
    readers = [*sealers, *([inspector] if inspector else [])]
    for reader in readers:
        reader.start()
    failure: BaseException | None = None
    try:
        for chunk in chunks:
            if any(reader.failure is not None for reader in readers):
                break
            for sealer in sealers:
                sealer.pipe.push(chunk)
    except BaseException as error:
        failure = error
    for reader in readers:
        reader.pipe.push(None)
    for reader in readers:
        reader.join()
    failure = failure or next((reader.failure for reader in readers if reader.failure is not None), None)
    if failure is not None:
        raise failure


def _sealing(keys: tuple[bytes, ...], writer: Writer, digest: Digest, aad: bytes) -> Callable[[Pipe], None]:
    class Counted:
        def write(self, data: bytes) -> int:
            digest.update(data)
            return writer.write(data)

    return lambda pipe: seal_stream(keys, cast("BinaryIO", pipe), cast("BinaryIO", Counted()), aad)


class _Into:
    """A pipe as a file to write to."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    def write(self, data: bytes) -> int:
        """Hand the bytes on."""
        if self._pipe.abandoned.is_set():
            raise Broken("nobody reads")
        self._pipe.push(data)
        return len(data)


def _aad(custody: str, name: str, binding: Mapping[str, str | int]) -> bytes:
    return canonical({"custody": custody, "piece": name, **binding})
