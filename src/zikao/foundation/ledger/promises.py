"""The code on a paper: the node's signed promise that a line stands in its ledger, small enough for any paper. Pure.

A paper is printed seconds after its line is written, before the next checkpoint. So it carries no inclusion proof but a
promise: node, line number, the line's digest, the digest of what the paper says, key, signature. Checked offline with
the node's public key alone it shows that the node wrote that line and printed that paper; a node whose ledger later
lacks the line has signed the proof of its own fault. The receipt itself follows by the line's number.
"""

from __future__ import annotations

from base64 import b32decode, b32encode
from collections.abc import Mapping
from dataclasses import dataclass

import cbor2

from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput

PREFIX = "ZKP1"
FORMAT = 1
PAPER_BYTES = 16
LONGEST_TEXT = 800


@dataclass(frozen=True)
class Promise:
    """What the code says; `paper` is the digest of the kind of paper and of the facts printed on it."""

    origin: str
    line_id: int
    leaf: bytes
    kind: str
    paper: bytes
    key_id: str
    signature: bytes = b""

    @property
    def text(self) -> str:
        """What the node signs."""
        return (
            f"zikao promise v1\n{self.origin}\n{self.line_id}\n{self.leaf.hex()}\n{self.kind}\n{self.paper.hex()}\n"
            f"{self.key_id}\n"
        )


def paper_digest(kind: str, printed: Mapping[str, str]) -> bytes:
    """The digest of what a paper says: its kind and the facts printed, white space at the ends left out."""
    facts = {name.strip(): value.strip() for name, value in printed.items()}
    return sm3(canonical([kind, facts]))[:PAPER_BYTES]


def encode_promise(promise: Promise) -> str:
    """The promise as text of capital letters and digits."""
    raw = _raw_of_der(promise.signature)
    fields = [FORMAT, promise.origin, promise.line_id, promise.leaf, promise.kind, promise.paper]
    packed = cbor2.dumps([*fields, bytes.fromhex(promise.key_id), raw])
    return PREFIX + b32encode(packed).decode().rstrip("=")


def decode_promise(text: str) -> Promise:
    """Read a promise, also from the address that a QR code holds; nothing is checked yet. Raises BadInput."""
    try:
        return _decoded(text.strip().rstrip("/").rpartition("/")[2].upper())
    except (ValueError, TypeError, cbor2.CBORDecodeError, EOFError, RecursionError):
        raise BadInput(
            "promise-unreadable",
            message="这不是一个完整的存证码。",
            remedy="存证码以 ZKP1 开头；请重新扫描纸面上的二维码，或完整输入全部字符。",
        ) from None


def _decoded(text: str) -> Promise:
    if len(text) > LONGEST_TEXT or not text.startswith(PREFIX):
        raise ValueError("frame")
    body = text[len(PREFIX) :]
    packed = b32decode(body + "=" * (-len(body) % 8))
    form, origin, line_id, leaf, kind, paper, key_id, raw = cbor2.loads(packed)
    shapes = ((form, int), (origin, str), (line_id, int), (kind, str), (leaf, bytes), (paper, bytes), (key_id, bytes))
    if form != FORMAT or not all(type(value) is shape for value, shape in shapes):
        raise ValueError("form")
    if len(leaf) != 32 or len(paper) != PAPER_BYTES or type(raw) is not bytes or len(raw) != 64:
        raise ValueError("length")
    if not 0 < line_id < 1 << 63 or encode_fields(form, origin, line_id, leaf, kind, paper, key_id, raw) != packed:
        raise ValueError("form")
    return Promise(origin, line_id, leaf, kind, paper, key_id.hex(), _der_of_raw(raw))


def encode_fields(*fields: object) -> bytes:
    """The one form of the bytes."""
    return cbor2.dumps(list(fields))


def _raw_of_der(signature: bytes) -> bytes:
    """The two numbers of a DER signature, 32 bytes each."""
    numbers, at = b"", 2
    for _ in range(2):
        size = signature[at + 1]
        numbers += int.from_bytes(signature[at + 2 : at + 2 + size], "big").to_bytes(32, "big")
        at += 2 + size
    return numbers


def _der_of_raw(raw: bytes) -> bytes:
    body = b""
    for part in (raw[:32], raw[32:]):
        number = int.from_bytes(part, "big")
        value = number.to_bytes(number.bit_length() // 8 + 1, "big")
        body += bytes([2, len(value)]) + value
    return bytes([0x30, len(body)]) + body
