"""A device that holds a passkey: makes it, and signs challenges as the standard says, or wrongly where a test wants."""

from __future__ import annotations

import html
import json
import re
import secrets
import struct
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT_AND_VERIFIED, WITH_KEY = 0x05, 0x40


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def options_in(page: str) -> dict[str, Any]:
    """The options that a page hands to the browser."""
    found = re.search(r'data-options="([^"]*)"', page)
    assert found, "no passkey on this page"
    options: dict[str, Any] = json.loads(html.unescape(found[1]))
    return options


class Device:
    """One key pair for one host; origin, host, key and counter can be made wrong."""

    def __init__(self, origin: str, host: str) -> None:
        self.origin, self.host = origin, host
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.counter = 0

    def registers(self, page: str) -> str:
        """The answer to a page that asks for a new key, as its script would send it."""
        self.counter += 1
        public = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        held = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + cbor2.dumps(cose)
        data = self._data(PRESENT_AND_VERIFIED | WITH_KEY) + held
        client = self._client("webauthn.create", options_in(page)["challenge"])
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def signs(self, page: str) -> str:
        """The answer to a page that asks for a signature."""
        self.counter += 1
        data = self._data(PRESENT_AND_VERIFIED)
        client = self._client("webauthn.get", options_in(page)["challenge"])
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, flags: int) -> bytes:
        return sha256(self.host.encode()).digest() + struct.pack(">BI", flags, max(self.counter, 0))

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _answer(self, **response: bytes) -> str:
        key = _text(self.credential_id)
        parts = {name: _text(value) for name, value in response.items()}
        return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": parts})
