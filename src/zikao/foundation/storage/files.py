"""Encrypted files addressed by the SM3 digest of their content: `files/ab/cd/<digest>`.

A file is written whole or not at all (a temporary name, then a rename) before its row is; a transaction that is
rolled back leaves a file without a row, which nobody can reach and the same content takes over later. The digest of
small guessable content can be guessed from: so digests are never shown outside, and the directory is the node's own.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from zikao.foundation import crypto
from zikao.foundation.errors import NotFound, ZikaoError

_ADD = """
INSERT INTO storage_storedfile (digest, size, media_type, key_id, stored_at)
SELECT digest, size, %s, key_id, %s FROM unnest(%s::text[], %s::bigint[], %s::text[]) AS new (digest, size, key_id)
ON CONFLICT (digest) DO NOTHING
"""


class FileDamaged(ZikaoError):
    """The file on disk is gone, or is not what was stored."""

    http_status = 500
    default_message = "存储的文件缺失或已损坏。"
    default_remedy = "请由系统管理员核查存储目录，并从备份恢复该文件。"


def put(data: bytes, *, media_type: str, at: datetime) -> str:
    """Store bytes; returns their SM3 digest (64 hex characters). The same bytes are stored once."""
    return put_many([data], media_type=media_type, at=at)[0]


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

    Raises:  NotFound where nothing of that digest was stored, FileDamaged where the disk lost or changed it
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM storage_storedfile WHERE digest = %s", [digest])
        if cursor.fetchone() is None:
            raise NotFound("file-not-stored", facts={"digest": digest[:12]}, message="没有找到这个文件。")
    try:
        data = crypto.unseal(_path(digest).read_bytes(), digest.encode())
    except OSError:
        raise FileDamaged("file-missing", facts={"digest": digest[:12]}) from None
    except crypto.SealBroken:
        raise FileDamaged("file-damaged", facts={"digest": digest[:12]}) from None
    if crypto.sm3(data).hex() != digest:
        raise FileDamaged("file-damaged", facts={"digest": digest[:12]})
    return data


def damaged(digests: Sequence[str]) -> list[str]:
    """Which of these files the disk has lost or changed; for the verification of backups."""
    found = []
    for digest in digests:
        try:
            get(digest)
        except ZikaoError:
            found.append(digest)
    return found


def _path(digest: str) -> Path:
    return Path(settings.ZIKAO_FILES) / digest[:2] / digest[2:4] / digest


def _write(data: bytes) -> tuple[str, int, str]:
    digest = crypto.sm3(data).hex()
    path = _path(digest)
    if not path.exists():
        _write_atomically(path, crypto.seal(data, digest.encode()))
    with path.open("rb") as file:
        key_id = file.read(5)[1:].hex()
    return digest, len(data), key_id


def _write_atomically(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if getattr(settings, "ZIKAO_FILES_FSYNC", False):
                file.flush()
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
