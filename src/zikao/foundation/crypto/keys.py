"""The keys of a node in a directory of its own, behind an interface that a hardware module can serve too.

Names: `data-0001-<id>.key` and `index-0001-<id>.key` (hex), `sign-0001-<id>.pem`, `verify-0001-<id>.pem`. The
highest number seals and signs; all unseal and verify, so a key is rotated by adding one. There is one index key:
changing it means rewriting every index. A random 96-bit nonce lets one data key seal 2**32 texts; rotate long before.
"""

from __future__ import annotations

import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives import hashes, hmac

from zikao.foundation.crypto.faults import KeysExposed, KeysMissing
from zikao.foundation.crypto.hashing import sm3
from zikao.foundation.crypto.sealing import KEY_ID_BYTES, Sealer
from zikao.foundation.crypto.sm2 import Signer, new_private_key

DATA_KEY_BYTES = 16
INDEX_KEY_BYTES = 32


class KeyStore(Protocol):
    """What the house asks of its keys; the keys themselves never leave."""

    def seal(self, data: bytes, aad: bytes) -> bytes: ...

    def unseal(self, sealed: bytes, aad: bytes) -> bytes: ...

    def index(self, data: bytes) -> bytes: ...

    def sign(self, data: bytes) -> bytes: ...

    @property
    def signing_key_id(self) -> str: ...

    def public_keys(self) -> dict[str, str]: ...


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
        self._hmac = hmac.HMAC(_read_hex(self._newest("index-*.key")), hashes.SM3())

    def seal(self, data: bytes, aad: bytes) -> bytes:
        """Encrypt with the newest data key."""
        return self._sealer.seal(data, aad)

    def unseal(self, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt with the data key that the sealed bytes name."""
        return self._sealer.unseal(sealed, aad)

    def index(self, data: bytes) -> bytes:
        """The keyed SM3 of data."""
        each = self._hmac.copy()
        each.update(data)
        return each.finalize()

    def sign(self, data: bytes) -> bytes:
        """The SM2 signature of the newest signing key."""
        return self._signer.sign(data)

    @property
    def signing_key_id(self) -> str:
        """The id of the newest signing key (hex)."""
        return _id_of_name(self._newest("sign-*.pem"))

    def public_keys(self) -> dict[str, str]:
        """Every public key of this node, PEM by key id, oldest first."""
        return {_id_of_name(path): path.read_text() for path in self._files("verify-*.pem")}

    @cached_property
    def _signer(self) -> Signer:
        return Signer(self._newest("sign-*.pem").read_bytes())

    def _files(self, pattern: str) -> list[Path]:
        found = sorted(self._directory.glob(pattern))
        if not found:
            raise KeysMissing("keys-missing", facts={"directory": self._directory, "file": pattern})
        return found

    def _newest(self, pattern: str) -> Path:
        return self._files(pattern)[-1]


def create_keys(directory: Path) -> None:
    """Make a node's first keys. Raises FileExistsError where there are keys already: none is ever overwritten."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    if any(directory.iterdir()):
        raise FileExistsError(directory)
    add_data_key(directory)
    add_signing_key(directory)
    _add_secret(directory, "index", INDEX_KEY_BYTES)


def add_data_key(directory: Path) -> str:
    """Rotate: a new data key that seals from the next start on; the older ones still unseal. Returns its id."""
    return _add_secret(directory, "data", DATA_KEY_BYTES)


def add_signing_key(directory: Path) -> str:
    """Rotate: a new SM2 key that signs from the next start on; older public keys still verify. Returns its id."""
    private, public = new_private_key()
    identifier = sm3(public)[:KEY_ID_BYTES].hex()
    name = f"{_next_number(directory, 'sign'):04d}-{identifier}.pem"
    _write_secret(directory / f"verify-{name}", public)
    _write_secret(directory / f"sign-{name}", private)
    return identifier


def _add_secret(directory: Path, kind: str, size: int) -> str:
    key = secrets.token_bytes(size)
    identifier = Sealer.key_id(key).hex()
    _write_secret(directory / f"{kind}-{_next_number(directory, kind):04d}-{identifier}.key", key.hex().encode())
    return identifier


def _next_number(directory: Path, kind: str) -> int:
    return max((int(path.name.split("-")[1]) for path in directory.glob(f"{kind}-*")), default=0) + 1


def _write_secret(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _read_hex(path: Path) -> bytes:
    return bytes.fromhex(path.read_text().strip())


def _id_of_name(path: Path) -> str:
    return path.name.split("-")[2].split(".")[0]
