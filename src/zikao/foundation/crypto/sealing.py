"""SM4-GCM. Sealed bytes: format 1 (1 byte), key id (4), nonce (12), ciphertext, tag (16)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from zikao.foundation.crypto.faults import KeysMissing, SealBroken
from zikao.foundation.crypto.hashing import sm3

FORMAT = b"\x01"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
TAG_BYTES = 16
_HEAD = len(FORMAT) + KEY_ID_BYTES
_BODY = _HEAD + NONCE_BYTES


class Sealer:
    """Seals with the last of its keys and unseals with any of them."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ciphers = {self.key_id(key): algorithms.SM4(key) for key in keys}
        self._head = FORMAT + self.key_id(keys[-1])
        self._cipher = self._ciphers[self.key_id(keys[-1])]

    @staticmethod
    def key_id(key: bytes) -> bytes:
        """The public name of a key: it tells nothing of the key."""
        return sm3(b"zikao key id" + key)[:KEY_ID_BYTES]

    def seal(self, data: bytes, aad: bytes) -> bytes:
        """Encrypt; `aad` is bound, not stored, and must be given again to unseal."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        encryptor = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(self._head + aad)
        return self._head + nonce + encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def unseal(self, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt. Raises SealBroken, or KeysMissing where the key that it names is not here."""
        if len(sealed) < _BODY + TAG_BYTES or sealed[:1] != FORMAT:
            raise SealBroken("seal-broken", facts={"why": "format"})
        cipher = self._ciphers.get(sealed[1:_HEAD])
        if cipher is None:
            raise KeysMissing("data-key-missing", facts={"key_id": sealed[1:_HEAD].hex()})
        mode = modes.GCM(sealed[_HEAD:_BODY], sealed[-TAG_BYTES:])
        decryptor = Cipher(cipher, mode).decryptor()
        decryptor.authenticate_additional_data(sealed[:_HEAD] + aad)
        try:
            return decryptor.update(sealed[_BODY:-TAG_BYTES]) + decryptor.finalize()
        except InvalidTag:
            raise SealBroken("seal-broken", facts={"why": "tag"}) from None


def sealing_key_id(sealed: bytes | memoryview) -> str:
    """The id (hex) of the key that bytes were sealed with; the head alone is enough."""
    return bytes(sealed[len(FORMAT) : _HEAD]).hex()
