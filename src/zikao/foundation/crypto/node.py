"""The keys of this node, as the rest of the house uses them."""

from __future__ import annotations

import hmac
import os
from pathlib import Path

from django.conf import settings

from zikao.foundation.crypto.faults import KeysMissing
from zikao.foundation.crypto.keys import FileKeys, KeyStore

_opened: dict[str, tuple[int, KeyStore]] = {}


def key_store() -> KeyStore:
    """The node's key store (settings.ZIKAO_KEYS), opened anew whenever its directory has changed.

    So every process of the machine uses a new key from the moment it lies there.
    """
    directory = str(settings.ZIKAO_KEYS)
    try:
        changed_ns = os.stat(directory).st_mtime_ns
    except OSError:
        raise KeysMissing("keys-missing", facts={"directory": directory}) from None
    known = _opened.get(directory)
    if known is None or known[0] != changed_ns:
        known = _opened[directory] = changed_ns, FileKeys(Path(directory))
    return known[1]


def forget_keys() -> None:
    """Read the key directory anew at the next use, whatever its date."""
    _opened.clear()


def seal(data: bytes | str, aad: bytes = b"") -> bytes:
    """Encrypt text or bytes with the node's data key; `aad` binds the place it belongs to."""
    return key_store().seal(data.encode() if isinstance(data, str) else data, aad)


def unseal(sealed: bytes | memoryview, aad: bytes = b"") -> bytes:
    """Decrypt. Raises SealBroken where the bytes or the place were changed, KeysMissing where the key is gone."""
    return key_store().unseal(bytes(sealed), aad)


def unseal_text(sealed: bytes | memoryview, aad: bytes = b"") -> str:
    """Decrypt text that `seal` took."""
    return unseal(sealed, aad).decode()


def data_key_id() -> str:
    """The id of the key that `seal` uses (hex)."""
    return key_store().data_key_id


def index_of(text: str) -> bytes:
    """The look-up index of an encrypted text as new rows keep it: HMAC-SM3 under the newest index key (32 bytes)."""
    return key_store().indexes(text.encode())[0]


def indexes_of(text: str) -> list[bytes]:
    """The indexes that a row of this text may have: two while the index key is being changed. For every look-up."""
    return key_store().indexes(text.encode())


def mac_of(text: str) -> bytes:
    """A mark over a text that only this node can make (32 bytes); it outlives the rotation of other keys."""
    return key_store().macs(text.encode())[0]


def is_mac_of(text: str, mac: bytes) -> bool:
    """Whether this node made the mark (its first bytes are enough) over the text, with any of its keys."""
    return len(mac) >= 8 and any(hmac.compare_digest(each[: len(mac)], mac) for each in key_store().macs(text.encode()))


def sign(data: bytes, key_id: str | None = None) -> bytes:
    """The node's SM2 signature (DER) with its newest key, or with the one named."""
    return key_store().sign(data, key_id)


def signing_key_id() -> str:
    """The id of the key that `sign` uses (hex)."""
    return key_store().signing_key_id


def public_keys() -> dict[str, str]:
    """The node's public keys, PEM by key id, oldest first."""
    return key_store().public_keys()


def public_key_pem() -> str:
    """The public key of the key that `sign` uses."""
    return public_keys()[signing_key_id()]


def envelope_key_pem() -> str:
    """What others seal to, so that this node alone can open it."""
    return list(key_store().envelope_keys().values())[-1]


def open_sealed(sealed: bytes, aad: bytes = b"") -> bytes:
    """Open what was sealed to this node. Raises SealBroken, or KeysMissing where it was sealed to others."""
    return key_store().open(sealed, aad)
