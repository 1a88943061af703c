"""SM2, SM3 and SM4 (GB/T 32918, 32905, 32907), and the node's keys."""

from zikao.foundation.crypto.envelope import (
    envelope_key_id,
    new_envelope_key,
    open_stream,
    open_with,
    seal_stream,
    seal_to,
)
from zikao.foundation.crypto.faults import KeysExposed, KeysMissing, SealBroken
from zikao.foundation.crypto.hashing import canonical, sm3, sm3_prefixed
from zikao.foundation.crypto.keys import FileKeys, KeyStore, add_data_key, add_signing_key, create_keys
from zikao.foundation.crypto.node import (
    forget_keys,
    index_of,
    key_store,
    public_key_pem,
    public_keys,
    seal,
    sign,
    signing_key_id,
    unseal,
    unseal_text,
)
from zikao.foundation.crypto.sm2 import Signer, is_public_key, verify

__all__ = [
    "FileKeys",
    "KeyStore",
    "KeysExposed",
    "KeysMissing",
    "SealBroken",
    "Signer",
    "add_data_key",
    "add_signing_key",
    "canonical",
    "create_keys",
    "envelope_key_id",
    "forget_keys",
    "index_of",
    "is_public_key",
    "key_store",
    "new_envelope_key",
    "open_stream",
    "open_with",
    "public_key_pem",
    "public_keys",
    "seal",
    "seal_stream",
    "seal_to",
    "sign",
    "signing_key_id",
    "sm3",
    "sm3_prefixed",
    "unseal",
    "unseal_text",
    "verify",
]
