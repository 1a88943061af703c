"""The keys of a node, behind an interface that a hardware module can serve too; the files are `keyfiles`' matter.

The newest key of a kind seals, indexes and signs; all of them unseal, look up and verify: so a key is rotated by
adding one, at any moment, while others write.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives import hashes, hmac

from zikao.foundation.crypto.counting import SealCounter
from zikao.foundation.crypto.envelope import open_with
from zikao.foundation.crypto.faults import KeysExposed, KeysMissing
from zikao.foundation.crypto.keyfiles import id_of_name
from zikao.foundation.crypto.sealing import Sealer
from zikao.foundation.crypto.sm2 import Signer


class KeyStore(Protocol):
    """What the house asks of its keys; the keys themselves never leave."""

    def seal(self, data: bytes, aad: bytes) -> bytes: ...

    def unseal(self, sealed: bytes, aad: bytes) -> bytes: ...

    def indexes(self, data: bytes) -> list[bytes]: ...

    def macs(self, data: bytes) -> list[bytes]: ...

    def sign(self, data: bytes, key_id: str | None = None) -> bytes: ...

    def open(self, sealed: bytes, aad: bytes) -> bytes: ...

    @property
    def signing_key_id(self) -> str: ...

    @property
    def data_key_id(self) -> str: ...

    def public_keys(self) -> dict[str, str]: ...

    def envelope_keys(self) -> dict[str, str]: ...


class FileKeys:
    """Keys in files that only the node's user can read (directory 0700, files 0600)."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        if not directory.is_dir():
            raise KeysMissing("keys-missing", facts={"directory": directory})
        for path in (directory, *directory.iterdir()):
            if path.stat().st_mode & 0o077:
                raise KeysExposed("keys-exposed", facts={"path": path})
        self._sealer = Sealer([_read_hex(path) for path in self._files("data-*.key")])
        self._count = SealCounter(directory, self.data_key_id).count
        self._indexers = self._hmacs("index")

    def seal(self, data: bytes, aad: bytes) -> bytes:
        """Encrypt with the newest data key. Raises KeysMissing where that one has sealed all it may."""
        self._count()
        return self._sealer.seal(data, aad)

    def unseal(self, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt with the data key that the sealed bytes name."""
        return self._sealer.unseal(sealed, aad)

    def indexes(self, data: bytes) -> list[bytes]:
        """The keyed SM3 of data under every index key, the newest key's first."""
        return [_finished(each, data) for each in self._indexers]

    def macs(self, data: bytes) -> list[bytes]:
        """The node's mark over data under every key for marks, the newest key's first."""
        return [_finished(each, data) for each in self._markers]

    def sign(self, data: bytes, key_id: str | None = None) -> bytes:
        """The SM2 signature of the newest signing key, or of the one named. Raises KeysMissing."""
        return self._signer(key_id or self.signing_key_id).sign(data)

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """Open what was sealed to one of this node's envelope keys. Raises SealBroken, KeysMissing."""
        for path in reversed(self._files("agree-*.pem")):
            try:
                return open_with(path.read_bytes(), sealed, aad)
            except KeysMissing:
                continue
        raise KeysMissing("sealed-to-others")

    @property
    def signing_key_id(self) -> str:
        """The id of the newest signing key (hex)."""
        return id_of_name(self._newest("sign-*.pem"))

    @cached_property
    def data_key_id(self) -> str:
        """The id of the data key that seals (hex), as the directory was when it was opened."""
        return id_of_name(self._newest("data-*.key"))

    def public_keys(self) -> dict[str, str]:
        """Every public key of this node, PEM by key id, oldest first."""
        return {id_of_name(path): path.read_text() for path in self._files("verify-*.pem")}

    def envelope_keys(self) -> dict[str, str]:
        """What others seal to, PEM by key id, oldest first."""
        return {id_of_name(path): path.read_text() for path in self._files("envelope-*.pem")}

    @lru_cache(maxsize=8)  # noqa: B019 - a store lives as long as its process
    def _signer(self, key_id: str) -> Signer:
        return Signer(self._newest(f"sign-*-{key_id}.pem").read_bytes())

    @cached_property
    def _markers(self) -> list[hmac.HMAC]:
        return self._hmacs("mac")

    def _hmacs(self, kind: str) -> list[hmac.HMAC]:
        return [hmac.HMAC(_read_hex(path), hashes.SM3()) for path in reversed(self._files(f"{kind}-*.key"))]

    def _files(self, pattern: str) -> list[Path]:
        found = sorted(self._directory.glob(pattern))
        if not found:
            raise KeysMissing("keys-missing", facts={"directory": self._directory, "file": pattern})
        return found

    def _newest(self, pattern: str) -> Path:
        return self._files(pattern)[-1]


def _finished(start: hmac.HMAC, data: bytes) -> bytes:
    each = start.copy()
    each.update(data)
    return each.finalize()


def _read_hex(path: Path) -> bytes:
    return bytes.fromhex(path.read_text().strip())
