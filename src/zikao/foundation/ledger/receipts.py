"""A receipt: one line of the ledger with everything that shows it stands there, for anyone to check without us. Pure.

Inside: the line's bytes, its place, the inclusion path, the signed checkpoint, the witnesses' cosignatures, and the
renewals of old signatures. Written as CBOR, deflated, in base 45 between "ZKR1:" and "." - text that a QR code packs
well (version 25 at level M holds it up to some 16,000 lines; a path of 24 hashes needs a file or a larger code).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime

import cbor2

from zikao.foundation.errors import BadInput
from zikao.foundation.ledger import base45
from zikao.foundation.ledger.tree import HASH_BYTES, Inclusion, leaf_hash

PREFIX, END = "ZKR1:", "."
FORMAT = 1
LONGEST_TEXT = 20_000
LONGEST_BYTES = 65_536


@dataclass(frozen=True)
class Cosignature:
    """A witness's signature over the instant and the note."""

    witness: str
    cosigned_at: datetime
    key_id: str
    signature: bytes


@dataclass(frozen=True)
class Renewal:
    """A later signature over an older one; the text is what it signs (see `renewals`)."""

    text: str
    signature: bytes


@dataclass(frozen=True)
class LedgerReceipt:
    """The line, and the proof of its place under a signed head."""

    entry: bytes
    proof: Inclusion
    note: str
    signature: bytes
    cosignatures: tuple[Cosignature, ...] = ()
    renewals: tuple[Renewal, ...] = ()

    @property
    def leaf(self) -> bytes:
        """The leaf hash of the line's bytes."""
        return leaf_hash(self.entry)


def encode_receipt(receipt: LedgerReceipt) -> str:
    """The receipt as text."""
    cosigned = [[c.witness, c.cosigned_at.isoformat(), c.key_id, c.signature] for c in receipt.cosignatures]
    renewed = [[r.text, r.signature] for r in receipt.renewals]
    path = b"".join(receipt.proof.path)
    proof = [receipt.proof.seq, receipt.proof.tree_size, path]
    content = [FORMAT, receipt.entry, proof, receipt.note, receipt.signature, cosigned, renewed]
    return PREFIX + base45.encode(zlib.compress(cbor2.dumps(content), 9)) + END


def decode_receipt(text: str) -> LedgerReceipt:
    """Read a receipt's text; nothing is checked yet. Raises BadInput where it is none."""
    try:
        return _decoded(text.strip())
    except (ValueError, TypeError, zlib.error, cbor2.CBORDecodeError, EOFError, RecursionError):
        raise BadInput(
            "receipt-unreadable",
            message="这不是一份完整的账本回执。",
            remedy="回执以 ZKR1: 开头、以一个句点结束；请完整复制全部文字，或上传下载的回执文件。",
        ) from None


def _decoded(text: str) -> LedgerReceipt:
    if len(text) > LONGEST_TEXT or not (text.startswith(PREFIX) and text.endswith(END)):
        raise ValueError("frame")
    inflate = zlib.decompressobj()
    packed = inflate.decompress(base45.decode(text[len(PREFIX) : -len(END)]), LONGEST_BYTES)
    if inflate.unconsumed_tail or inflate.unused_data or not inflate.eof:
        raise ValueError("length")
    form, entry, (seq, size, path), note, signature, cosigned, renewed = cbor2.loads(packed)
    if form != FORMAT or len(path) % HASH_BYTES or not isinstance(note, str):
        raise ValueError("form")
    _check_bytes(entry, path, signature, *(each[3] for each in cosigned), *(each[1] for each in renewed))
    steps = tuple(path[at : at + HASH_BYTES] for at in range(0, len(path), HASH_BYTES))
    return LedgerReceipt(
        entry,
        Inclusion(_whole(seq), _whole(size), steps),
        note,
        signature,
        tuple(Cosignature(str(w), _aware(at), str(key), bytes(sig)) for w, at, key, sig in cosigned),
        tuple(Renewal(str(words), bytes(sig)) for words, sig in renewed),
    )


def _check_bytes(*values: object) -> None:
    if not all(type(value) is bytes for value in values):
        raise ValueError("bytes")


def _whole(value: object) -> int:
    if type(value) is not int or not 0 <= value < 1 << 63:
        raise ValueError("number")
    return value


def _aware(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("naive")
    return at
