"""What a part of a backup says of itself: pieces with their digests, what they hold, signed and chained.

The manifest is the same at both custodies. It names the digest of the one before it, so that none can be taken out or
passed off as the newest; the node signs it and enters its digest in the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from zikao.foundation.crypto import canonical, sm3, verify

FORMAT = "zikao backup 1"
NAME = "manifest.json"
FIRST = "0" * 64


class BadManifest(Exception):
    """It is not a manifest, or its signature does not hold."""


@dataclass(frozen=True)
class Sealed:
    """The sealed copy of a piece: SM3 and size in bytes."""

    digest: str
    size: int


@dataclass(frozen=True)
class Piece:
    """One object of a part. `digest` and `size` are of the plain bytes, before gzip and seal."""

    name: str
    role: str
    digest: str
    size: int
    sealed: Mapping[str, Sealed]


@dataclass(frozen=True)
class Census:
    """What the node held at one place of the log (`lsn`; empty: when the dump was made).

    `exact` says that nothing else was written at that moment, so that a restore to it must count the same.
    """

    lsn: str
    exact: bool
    at: str
    counts: Mapping[str, int]
    ledger_size: int
    ledger_root: str
    checkpoint: str
    scores_root: str = ""
    files: int = 0
    sequences: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """One part: full, incremental, wal or logical."""

    node: str
    generation: str
    number: int
    kind: str
    began_at: str
    ended_at: str
    previous: str
    pieces: tuple[Piece, ...]
    keys: Mapping[str, tuple[str, ...]]
    databases: tuple[str, ...] = ()
    wal: tuple[str, ...] = ()
    base_wal: str = ""
    files: int = 0
    census: Census | None = None
    software: Mapping[str, str] = field(default_factory=dict)
    format: str = FORMAT

    @property
    def path(self) -> str:
        """Its folder under the node's name."""
        return f"{self.generation}/{self.number:06d}-{self.kind}"

    @property
    def binding(self) -> dict[str, str | int]:
        """What each of its pieces is bound to: a piece opens in no other place."""
        return binding(self.node, self.generation, self.number)

    @property
    def plain_bytes(self) -> int:
        """The size of what it holds."""
        return sum(piece.size for piece in self.pieces)

    def sealed_bytes(self, custody: str) -> int:
        """The size of one custody's copy."""
        return sum(piece.sealed[custody].size for piece in self.pieces if custody in piece.sealed)

    def content(self) -> bytes:
        """The canonical bytes that are signed."""
        return canonical(asdict(self))

    @property
    def digest(self) -> str:
        """SM3 of the signed bytes; the next manifest and the ledger name it."""
        return sm3(self.content()).hex()


@dataclass(frozen=True)
class Signed:
    """A manifest with the node's signature."""

    manifest: Manifest
    signature: bytes
    public_key: str

    def as_bytes(self) -> bytes:
        """As it lies at the target."""
        whole = {
            "manifest": json.loads(self.manifest.content()),
            "signature": self.signature.hex(),
            "public_key": self.public_key,
        }
        return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def binding(node: str, generation: str, number: int) -> dict[str, str | int]:
    """What a piece is sealed with besides its own name and custody."""
    return {"node": node, "generation": generation, "number": number}


def read_manifest(data: bytes, trusted: Mapping[str, str] | None = None) -> Signed:
    """The manifest in these bytes, its signature checked; with `trusted`, by one of these keys (PEM) only.

    Raises:  BadManifest
    """
    try:
        whole = json.loads(data)
        manifest, signature = _manifest(whole["manifest"]), bytes.fromhex(whole["signature"])
        public_key = str(whole["public_key"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadManifest(f"unreadable: {error}") from None
    if manifest.format != FORMAT:
        raise BadManifest("format")
    if trusted is not None and public_key.strip() not in {pem.strip() for pem in trusted.values()}:
        raise BadManifest("stranger")
    if not verify(manifest.content(), signature, public_key):
        raise BadManifest("signature")
    return Signed(manifest, signature, public_key)


def instant(text: str) -> datetime:
    """A manifest's time."""
    return datetime.fromisoformat(text)


def _manifest(raw: Mapping[str, Any]) -> Manifest:
    if set(raw) - {each.name for each in fields(Manifest)}:
        raise ValueError("unknown fields")
    pieces = tuple(
        Piece(
            name=str(each["name"]),
            role=str(each["role"]),
            digest=str(each["digest"]),
            size=int(each["size"]),
            sealed={custody: Sealed(**sealed) for custody, sealed in each["sealed"].items()},
        )
        for each in raw["pieces"]
    )
    census = Census(**raw["census"]) if raw.get("census") else None
    lists = {name: tuple(raw[name]) for name in ("databases", "wal")}
    keys = {custody: tuple(ids) for custody, ids in raw["keys"].items()}
    return Manifest(**{**raw, **lists, "pieces": pieces, "census": census, "keys": keys})
