"""The bytes between nodes: canonical JSON, signed with SM2 record by record and as a whole. Pure but for the keys.

A record is {from, to, message_id, sequence, kind, sent_at, body, signature}; its signature covers the others. On
the wire `sealed` stands in place of the body: its canonical bytes, sealed to the receiver and bound to the head.
A package is {format, from, to, made_at, records, signature}; an answer package has `answers` in their place, each
{message_id, state} and, when rejected, {code, clause, message, remedy}.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from zikao.foundation import crypto
from zikao.foundation.exchange.faults import BadPackage

FORMAT = 1
MAX_PACKAGE_BYTES = 8 * 1024 * 1024
MAX_RECORD_BYTES = 4 * 1024 * 1024
Json = dict[str, Any]

_RECORD = {
    "from": str,
    "to": str,
    "message_id": str,
    "sequence": int,
    "kind": str,
    "sent_at": str,
    "sealed": str,
    "signature": str,
}
_ANSWER = {"message_id": str, "state": str}


def record(
    *, sender: str, to: str, message_id: UUID, sequence: int, kind: str, sent_at: datetime, body: Mapping[str, Any]
) -> Json:
    """A record without its signature."""
    return {
        "from": sender,
        "to": to,
        "message_id": str(message_id),
        "sequence": sequence,
        "kind": kind,
        "sent_at": sent_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "body": dict(body),
    }


def signed_bytes(thing: Mapping[str, Any]) -> bytes:
    """What the signature of a record or package covers: all but the signature."""
    return crypto.canonical({name: value for name, value in thing.items() if name != "signature"})


def sealed(unsigned: Json, signature: bytes, envelope_key_pem: str) -> Json:
    """A record as it travels: nobody but the holder of the envelope key reads its body."""
    head = {name: value for name, value in unsigned.items() if name != "body"}
    body = crypto.seal_to([envelope_key_pem.encode()], crypto.canonical(unsigned["body"]), crypto.canonical(head))
    return {**head, "sealed": base64.b64encode(body).decode(), "signature": signature.hex()}


def opened(travelled: Json) -> Json:
    """A record with its body again, its signature not yet checked.

    Raises:  KeysMissing where it was sealed to another key, BadPackage where the seal is broken
    """
    head = {name: value for name, value in travelled.items() if name not in ("sealed", "signature")}
    try:
        body = crypto.open_sealed(base64.b64decode(travelled["sealed"], validate=True), crypto.canonical(head))
        content = json.loads(body, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, crypto.SealBroken):
        raise BadPackage("record-seal-broken") from None
    if not isinstance(content, dict):
        raise BadPackage("package-malformed")
    return {**head, "body": content, "signature": travelled["signature"]}


def pack(content: Mapping[str, Any], *, sender: str, to: str, at: datetime, key_id: str | None = None) -> bytes:
    """A package of {"records": [...]} or {"answers": [...]}, signed with the newest key or the one named."""
    made_at = at.astimezone(UTC).isoformat(timespec="microseconds")
    package = {"format": FORMAT, "from": sender, "to": to, "made_at": made_at, **content}
    return crypto.canonical({**package, "signature": crypto.sign(crypto.canonical(package), key_id).hex()})


def read(data: bytes) -> Json:
    """A package's content, not yet checked. Raises BadPackage where it is no package at all."""
    if len(data) > MAX_PACKAGE_BYTES:
        raise BadPackage("package-too-large", facts={"bytes": len(data)})
    try:
        package = json.loads(data, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError):
        raise BadPackage("package-unreadable") from None
    if not isinstance(package, dict) or package.get("format") != FORMAT:
        raise BadPackage("package-unreadable")
    return package


def check_package(package: Json, *, sender: str, to: str, keys: Sequence[str], holds: str) -> list[Json]:
    """The records or answers (`holds`) of a package whose address, signature and shapes are right.

    Raises:  BadPackage
    """
    if package.get("from") != sender or package.get("to") != to:
        raise BadPackage("package-misdirected", facts={"from": package.get("from"), "to": package.get("to")})
    check_signature(package, keys)
    items = package.get(holds)
    shape = _RECORD if holds == "records" else _ANSWER
    if not isinstance(items, list) or not all(_has_shape(item, shape) for item in items):
        raise BadPackage("package-malformed")
    return items


def check_signature(thing: Json, keys: Sequence[str]) -> None:
    """Raise BadPackage where the signature is not by one of these keys over these bytes."""
    try:
        signature = bytes.fromhex(thing["signature"])
        data = signed_bytes(thing)
    except (KeyError, TypeError, ValueError):
        raise BadPackage("signature-missing") from None
    if not any(crypto.verify(data, signature, key) for key in keys):
        raise BadPackage("signature-wrong")


def _has_shape(item: object, shape: Mapping[str, type]) -> bool:
    if not isinstance(item, dict):
        return False
    return all(type(item.get(name)) is kind for name, kind in shape.items()) and _is_uuid(item["message_id"])


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _no_float(text: str) -> object:
    raise ValueError(f"no float: {text}")
