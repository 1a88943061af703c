"""SM2, SM3 and SM4 (GB/T 32918, 32905, 32907), and the node's keys."""

from zikao.foundation.crypto.counting import SEALS_PER_KEY, seals_of
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
from zikao.foundation.crypto.keyfiles import (
    KeyFile,
    add_data_key,
    add_key,
    add_signing_key,
    complete_keys,
    create_keys,
    key_files,
)
from zikao.foundation.crypto.keys import FileKeys, KeyStore
from zikao.foundation.crypto.node import (
    data_key_id,
    envelope_key_pem,
    forget_keys,
    index_of,
    indexes_of,
    is_mac_of,
    key_store,
    mac_of,
    open_sealed,
    public_key_pem,
    public_keys,
    seal,
    sign,
    signing_key_id,
    unseal,
    unseal_text,
)
from zikao.foundation.crypto.sealing import sealing_key_id
from zikao.foundation.crypto.sm2 import Signer, is_public_key, verify

__all__ = [
    "SEALS_PER_KEY",
    "FileKeys",
    "KeyFile",
    "KeyStore",
    "KeysExposed",
    "KeysMissing",
    "SealBroken",
    "Signer",
    "add_data_key",
    "add_key",
    "add_signing_key",
    "canonical",
    "complete_keys",
    "create_keys",
    "data_key_id",
    "envelope_key_id",
    "envelope_key_pem",
    "forget_keys",
    "index_of",
    "indexes_of",
    "is_mac_of",
    "is_public_key",
    "key_files",
    "key_store",
    "mac_of",
    "new_envelope_key",
    "open_sealed",
    "open_stream",
    "open_with",
    "public_key_pem",
    "public_keys",
    "seal",
    "seal_stream",
    "seal_to",
    "sealing_key_id",
    "seals_of",
    "sign",
    "signing_key_id",
    "sm3",
    "sm3_prefixed",
    "unseal",
    "unseal_text",
    "verify",
]
