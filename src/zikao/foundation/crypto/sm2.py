"""SM2 signatures over SM3, default signer id 1234567812345678 (GB/T 35276), keys as PEM."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from tongsuopy.crypto import exceptions, hashes, serialization
from tongsuopy.crypto.asymciphers import ec

_WITH_SM3 = ec.ECDSA(hashes.SM3())


class Signer:
    """One SM2 private key, ready to sign."""

    def __init__(self, private_key_pem: bytes) -> None:
        self._key = serialization.load_pem_private_key(private_key_pem, password=None)

    def sign(self, data: bytes) -> bytes:
        """The DER signature of data."""
        return bytes(self._key.sign(data, _WITH_SM3))


def new_private_key() -> tuple[bytes, bytes]:
    """A fresh key pair as PEM: private (PKCS #8) and public (SubjectPublicKeyInfo)."""
    key = ec.generate_private_key(ec.SM2())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return bytes(private), bytes(public)


@lru_cache(maxsize=256)
def _public(public_key_pem: bytes) -> Any:
    return serialization.load_pem_public_key(public_key_pem)


def is_public_key(public_key_pem: str | bytes) -> bool:
    """Whether the PEM holds an SM2 public key."""
    try:
        return isinstance(_public(_bytes(public_key_pem)).curve, ec.SM2)
    except (ValueError, TypeError, AttributeError, exceptions.InternalError, exceptions.UnsupportedAlgorithm):
        return False


def verify(data: bytes, signature: bytes, public_key_pem: str | bytes) -> bool:
    """Whether the signature over data was made with the private half of this public key."""
    try:
        _public(_bytes(public_key_pem)).verify(signature, data, _WITH_SM3)
    except (exceptions.InvalidSignature, exceptions.InternalError, ValueError, TypeError, AttributeError):
        return False
    return True


def _bytes(pem: str | bytes) -> bytes:
    return pem.encode() if isinstance(pem, str) else pem
