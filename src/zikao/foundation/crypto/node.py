"""The keys of this node, as the rest of the house uses them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from zikao.foundation.crypto.keys import FileKeys, KeyStore


@lru_cache(maxsize=8)
def _open(directory: str) -> KeyStore:
    return FileKeys(Path(directory))


def key_store() -> KeyStore:
    """The node's key store (settings.ZIKAO_KEYS), opened once a process."""
    return _open(str(settings.ZIKAO_KEYS))


def forget_keys() -> None:
    """Read the key directory anew at the next use, after a rotation."""
    _open.cache_clear()


def seal(data: bytes | str, aad: bytes = b"") -> bytes:
    """Encrypt text or bytes with the node's data key; `aad` binds the place it belongs to."""
    return key_store().seal(data.encode() if isinstance(data, str) else data, aad)


def unseal(sealed: bytes | memoryview, aad: bytes = b"") -> bytes:
    """Decrypt. Raises SealBroken where the bytes or the place were changed, KeysMissing where the key is gone."""
    return key_store().unseal(bytes(sealed), aad)


def unseal_text(sealed: bytes | memoryview, aad: bytes = b"") -> str:
    """Decrypt text that `seal` took."""
    return unseal(sealed, aad).decode()


def index_of(text: str) -> bytes:
    """The look-up index of an encrypted text: HMAC-SM3 under the node's index key (32 bytes)."""
    return key_store().index(text.encode())


def sign(data: bytes) -> bytes:
    """The node's SM2 signature (DER)."""
    return key_store().sign(data)


def signing_key_id() -> str:
    """The id of the key that `sign` uses (hex)."""
    return key_store().signing_key_id


def public_keys() -> dict[str, str]:
    """The node's public keys, PEM by key id, oldest first."""
    return key_store().public_keys()


def public_key_pem() -> str:
    """The public key of the key that `sign` uses."""
    return public_keys()[signing_key_id()]
