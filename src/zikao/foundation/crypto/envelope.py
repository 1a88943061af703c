"""Sealed to somebody: bytes that only the holder of a private key can open, however many the holders.

X25519 agreement, X9.63 derivation with SM3, SM4-GCM in chunks of one mebibyte. Each chunk's nonce holds its number and
whether it is the last: a chunk that is dropped, swapped or cut off breaks the seal. (ADR 17: why not SM2 encryption.)

Layout: "ZKE1", length of the head (4 bytes, big endian), head (canonical JSON), chunks of 1 MiB + 16 bytes.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from io import BytesIO
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF

from zikao.foundation.crypto.faults import KeysMissing, SealBroken
from zikao.foundation.crypto.hashing import canonical, sm3

MAGIC = b"ZKE1"
CHUNK_BYTES = 1 << 20
TAG_BYTES = 16
KEY_BYTES = 16
_LONGEST_HEAD = 1 << 16
_RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def new_envelope_key() -> tuple[bytes, bytes]:
    """A fresh key pair as PEM: private (PKCS #8) and public."""
    key = X25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private, public


def envelope_key_id(public_key_pem: bytes) -> str:
    """The name of a public key (16 hex characters)."""
    return sm3(_public(public_key_pem).public_bytes(*_RAW))[:8].hex()


def seal_to(public_keys_pem: Sequence[bytes], data: bytes, aad: bytes = b"") -> bytes:
    """Seal bytes to the holders of these keys; `aad` is bound, not stored."""
    target = BytesIO()
    seal_stream(public_keys_pem, BytesIO(data), target, aad)
    return target.getvalue()


def open_with(private_key_pem: bytes, sealed: bytes, aad: bytes = b"") -> bytes:
    """Open what was sealed to this key. Raises SealBroken, or KeysMissing where it was sealed to others."""
    target = BytesIO()
    open_stream(private_key_pem, BytesIO(sealed), target, aad)
    return target.getvalue()


def seal_stream(public_keys_pem: Sequence[bytes], source: BinaryIO, target: BinaryIO, aad: bytes = b"") -> None:
    """Seal a stream of any length in constant memory."""
    key, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(7)
    head = canonical({"nonce": nonce.hex(), "to": [_wrapped(pem, key) for pem in public_keys_pem]})
    target.write(MAGIC + len(head).to_bytes(4, "big") + head)
    cipher, bound = algorithms.SM4(key), sm3(head) + aad
    number, chunk = 0, source.read(CHUNK_BYTES)
    while True:
        following = source.read(CHUNK_BYTES) if len(chunk) == CHUNK_BYTES else b""
        target.write(_encrypt(cipher, _nonce(nonce, number, is_last=not following), chunk, bound))
        if not following:
            return
        number, chunk = number + 1, following


def open_stream(private_key_pem: bytes, source: BinaryIO, target: BinaryIO, aad: bytes = b"") -> None:
    """Open a stream. Believe nothing in `target` before this returns. Raises SealBroken, KeysMissing."""
    head = _head(source)
    cipher, bound = algorithms.SM4(_unwrapped(private_key_pem, head["to"])), sm3(canonical(head)) + aad
    nonce = bytes.fromhex(head["nonce"])
    number, chunk = 0, source.read(CHUNK_BYTES + TAG_BYTES)
    while True:
        following = source.read(CHUNK_BYTES + TAG_BYTES)
        target.write(_decrypt(cipher, _nonce(nonce, number, is_last=not following), chunk, bound))
        if not following:
            return
        number, chunk = number + 1, following


def _head(source: BinaryIO) -> dict[str, Any]:
    start = source.read(len(MAGIC) + 4)
    size = int.from_bytes(start[len(MAGIC) :], "big")
    if start[: len(MAGIC)] != MAGIC or not 0 < size < _LONGEST_HEAD:
        raise SealBroken("seal-broken", facts={"why": "format"})
    try:
        head = json.loads(source.read(size))
        bytes.fromhex(head["nonce"]), list(head["to"])
    except (ValueError, KeyError, TypeError):
        raise SealBroken("seal-broken", facts={"why": "head"}) from None
    return dict(head)


def _wrapped(public_key_pem: bytes, key: bytes) -> dict[str, str]:
    theirs, ours = _public(public_key_pem), X25519PrivateKey.generate()
    raw = ours.public_key().public_bytes(*_RAW)
    cipher = algorithms.SM4(_derived(ours.exchange(theirs), raw, theirs))
    wrapped = _encrypt(cipher, bytes(12), key, b"")  # the derived key is used once
    return {"key": envelope_key_id(public_key_pem), "agreed": raw.hex(), "wrapped": wrapped.hex()}


def _unwrapped(private_key_pem: bytes, holders: Sequence[dict[str, str]]) -> bytes:
    private = _private(private_key_pem)
    public = private.public_key()
    mine = sm3(public.public_bytes(*_RAW))[:8].hex()
    try:
        holder = next((each for each in holders if each["key"] == mine), None)
        if holder is None:
            raise KeysMissing("sealed-to-others", facts={"key": mine})
        raw, wrapped = bytes.fromhex(holder["agreed"]), bytes.fromhex(holder["wrapped"])
        derived = _derived(private.exchange(X25519PublicKey.from_public_bytes(raw)), raw, public)
    except (KeyError, TypeError, ValueError):
        raise SealBroken("seal-broken", facts={"why": "head"}) from None
    return _decrypt(algorithms.SM4(derived), bytes(12), wrapped, b"")


def _derived(shared: bytes, agreed: bytes, holder: X25519PublicKey) -> bytes:
    info = b"zikao envelope 1" + agreed + holder.public_bytes(*_RAW)
    return X963KDF(algorithm=hashes.SM3(), length=KEY_BYTES, sharedinfo=info).derive(shared)


def _nonce(start: bytes, number: int, *, is_last: bool) -> bytes:
    return start + number.to_bytes(4, "big") + bytes([is_last])


def _encrypt(cipher: algorithms.SM4, nonce: bytes, data: bytes, aad: bytes) -> bytes:
    encryptor = Cipher(cipher, modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(aad)
    return encryptor.update(data) + encryptor.finalize() + encryptor.tag


def _decrypt(cipher: algorithms.SM4, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    if len(sealed) < TAG_BYTES:
        raise SealBroken("seal-broken", facts={"why": "cut"})
    decryptor = Cipher(cipher, modes.GCM(nonce, sealed[-TAG_BYTES:])).decryptor()
    decryptor.authenticate_additional_data(aad)
    try:
        return decryptor.update(sealed[:-TAG_BYTES]) + decryptor.finalize()
    except InvalidTag:
        raise SealBroken("seal-broken", facts={"why": "tag"}) from None


def _private(private_key_pem: bytes) -> X25519PrivateKey:
    key = serialization.load_pem_private_key(private_key_pem, password=None)
    if not isinstance(key, X25519PrivateKey):
        raise KeysMissing("not-an-envelope-key")
    return key


def _public(public_key_pem: bytes) -> X25519PublicKey:
    key = serialization.load_pem_public_key(public_key_pem)
    if not isinstance(key, X25519PublicKey):
        raise KeysMissing("not-an-envelope-key")
    return key
