"""A copied data directory against the list that PostgreSQL made of it while it was copied."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

MANIFEST = "backup_manifest"
ROUND_BYTES = 1 << 20


def damaged_files(folder: Path) -> list[str]:
    """The files that are missing, or differ from PostgreSQL's own list in size or SHA-256; the list itself, too."""
    path = folder / MANIFEST
    if not path.is_file():
        return [MANIFEST]
    text = path.read_bytes()
    try:
        listed = json.loads(text)
    except ValueError:
        return [MANIFEST]
    body = text[: text.rindex(b'"Manifest-Checksum"')]
    if hashlib.sha256(body).hexdigest() != listed["Manifest-Checksum"]:
        return [MANIFEST]
    return [each["Path"] for each in listed["Files"] if not _is_as_listed(folder / each["Path"], each)]


def _is_as_listed(path: Path, listed: dict[str, object]) -> bool:
    if not path.is_file() or path.stat().st_size != listed["Size"]:
        return False
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(ROUND_BYTES):
            digest.update(chunk)
    return digest.hexdigest() == listed["Checksum"]
