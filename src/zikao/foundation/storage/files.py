"""Encrypted files addressed by the SM3 digest of their content: `files/ab/cd/<digest>`.

A file is written whole or not at all (a temporary name, then a rename) before its row is; a transaction that is
rolled back leaves a file without a row, which nobody can reach and the same content takes over later. The digest of
small guessable content can be guessed from: so digests are never shown outside, and the directory is the node's own.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from zikao.foundation import crypto
from zikao.foundation.errors import NotFound, ZikaoError
from zikao.foundation.statements import prepared

_ADD = """
INSERT INTO storage_storedfile (digest, size, media_type, key_id, stored_at)
SELECT digest, size, %s, key_id, %s FROM unnest(%s::text[], %s::bigint[], %s::text[]) AS new (digest, size, key_id)
ON CONFLICT (digest) DO NOTHING
"""
ADD_ONE = """
INSERT INTO storage_storedfile (media_type, stored_at, digest, size, key_id)
VALUES (%(file_media_type)s, %(file_stored_at)s, %(file_digest)s, %(file_size)s, %(file_key_id)s)
ON CONFLICT (digest) DO NOTHING
"""
"""Adds the row of one file, alone or within a larger statement; `put_with` gives its values."""
_ERASE = """
INSERT INTO storage_erasedfile (digest, destruction_id, erased_at)
SELECT stored.digest, %s, %s FROM storage_storedfile stored WHERE stored.digest = ANY(%s::text[])
ON CONFLICT (digest) DO NOTHING RETURNING digest
"""


class FileDamaged(ZikaoError):
    """The file on disk is gone, or is not what was stored."""

    http_status = 500
    default_message = "存储的文件缺失或已损坏。"
    default_remedy = "请由系统管理员核查存储目录，并从备份恢复该文件。"


class FileErased(NotFound):
    """The file was destroyed when its time was over."""

    default_message = "这个文件已在保存期满后依法销毁。"
    default_remedy = "可查阅销毁证明。"


def put(data: bytes, *, media_type: str, at: datetime) -> str:
    """Store bytes; returns their SM3 digest (64 hex characters). The same bytes are stored once."""
    digest, row = put_with(data, media_type=media_type, at=at)
    prepared(ADD_ONE, row)
    return digest


def put_with(data: bytes, *, media_type: str, at: datetime) -> tuple[str, dict[str, Any]]:
    """Write the file; returns its digest, and the values of `ADD_ONE` for a caller who adds its row with others."""
    digest, size, key_id = _write(data)
    names = ("file_media_type", "file_stored_at", "file_digest", "file_size", "file_key_id")
    return digest, dict(zip(names, (media_type, at, digest, size, key_id), strict=True))


def put_many(items: Iterable[bytes], *, media_type: str, at: datetime) -> list[str]:
    """Store many of one media type with one statement; returns their digests in order."""
    kept = [_write(data) for data in items]
    rows = sorted(set(kept))  # in one order for all, so that two bulk stores do not wait on each other in a circle
    columns = [[row[column] for row in rows] for column in range(3)]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [media_type, at, *columns])
    return [digest for digest, _, _ in kept]


def get(digest: str) -> bytes:
    """The bytes behind a digest.

    Raises:  NotFound where nothing of that digest was stored, FileErased where it was destroyed in due form,
             FileDamaged where the disk lost or changed it
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM storage_storedfile WHERE digest = %s", [digest])
        if cursor.fetchone() is None:
            raise NotFound("file-not-stored", facts={"digest": digest[:12]}, message="没有找到这个文件。")
    try:
        data = crypto.unseal(_path(digest).read_bytes(), digest.encode())
    except OSError:
        if _is_erased(digest):
            raise FileErased("file-erased", facts={"digest": digest[:12]}) from None
        raise FileDamaged("file-missing", facts={"digest": digest[:12]}) from None
    except crypto.SealBroken:
        raise FileDamaged("file-damaged", facts={"digest": digest[:12]}) from None
    if crypto.sm3(data).hex() != digest:
        raise FileDamaged("file-damaged", facts={"digest": digest[:12]})
    return data


def erase(digests: Sequence[str], *, destruction_id: int, at: datetime) -> int:
    """Destroy files whose time is over: their row says so at once, the bytes go when the transaction is committed.

    The database refuses it unless the destruction was approved, carried out and witnessed. Returns how many.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ERASE, [destruction_id, at, list(digests)])
        gone = [row[0] for row in cursor.fetchall()]
    transaction.on_commit(lambda: _unlink(gone))
    return len(gone)


def sweep() -> int:
    """Unlink what a crash left of erased files; what was stored again since then stays. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest, extract(epoch FROM erased_at)::float8 FROM storage_erasedfile")
        rows = cursor.fetchall()
    left = [digest for digest, erased in rows if (path := _path(digest)).exists() and path.stat().st_mtime < erased]
    _unlink(left)
    return len(left)


def seal_anew(digest: str) -> bool:
    """Seal a stored file with the newest data key; False where the disk lost or changed it."""
    try:
        data = get(digest)
    except ZikaoError:
        return False
    _write_atomically(_place(digest), crypto.seal(data, digest.encode()))
    return True


def damaged(digests: Sequence[str]) -> list[str]:
    """Which of these files the disk has lost or changed; for the verification of backups."""
    found = []
    for digest in digests:
        try:
            get(digest)
        except ZikaoError:
            found.append(digest)
    return found


def _is_erased(digest: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM storage_erasedfile WHERE digest = %s", [digest])
        return cursor.fetchone() is not None


def _unlink(digests: Iterable[str]) -> None:
    for digest in digests:
        _path(digest).unlink(missing_ok=True)


def _place(digest: str) -> str:
    # text, not a Path: every registration and every scan pays for it
    return f"{settings.ZIKAO_FILES}/{digest[:2]}/{digest[2:4]}/{digest}"


def _path(digest: str) -> Path:
    return Path(_place(digest))


def _write(data: bytes) -> tuple[str, int, str]:
    digest = crypto.sm3(data).hex()
    place = _place(digest)
    key_id = _key_of(place)
    if key_id != crypto.data_key_id():  # none yet, or left over from a key that may be gone
        sealed = crypto.seal(data, digest.encode())
        _write_atomically(place, sealed)
        key_id = crypto.sealing_key_id(sealed)
    return digest, len(data), key_id


def _opened_new(folder: str, name: str) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        return os.open(f"{folder}/{name}", flags, 0o600)
    except FileNotFoundError:  # the first file of its directory
        os.makedirs(folder, mode=0o700, exist_ok=True)
        return os.open(f"{folder}/{name}", flags, 0o600)


def _key_of(place: str) -> str:
    try:
        handle = os.open(place, os.O_RDONLY)
    except FileNotFoundError:
        return ""
    try:
        return crypto.sealing_key_id(os.read(handle, 16))
    finally:
        os.close(handle)


def _write_atomically(place: str, content: bytes) -> None:
    folder, name = os.path.dirname(place), f".{token_hex(8)}"
    temporary = f"{folder}/{name}"
    handle = _opened_new(folder, name)
    try:
        with os.fdopen(handle, "wb", buffering=0) as file:
            if file.write(content) != len(content):
                raise OSError(errno.ENOSPC, "not everything was written")
            if getattr(settings, "ZIKAO_FILES_FSYNC", False):
                os.fsync(file.fileno())
        os.replace(temporary, place)
    except BaseException:
        os.unlink(temporary)
        raise
