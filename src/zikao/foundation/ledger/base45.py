"""Base 45 (RFC 9285): bytes in the 45 characters that a QR code packs most tightly."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {char: value for value, char in enumerate(ALPHABET)}


def encode(data: bytes) -> str:
    """Two bytes become three characters, a last single byte two."""
    out: list[str] = []
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        value = int.from_bytes(pair, "big")
        for _ in range(3 if len(pair) == 2 else 2):
            value, rest = divmod(value, 45)
            out.append(ALPHABET[rest])
    return "".join(out)


def decode(text: str) -> bytes:
    """The bytes. Raises ValueError where the text is not base 45."""
    out = bytearray()
    for at in range(0, len(text), 3):
        group = text[at : at + 3]
        if len(group) == 1 or any(char not in _VALUE for char in group):
            raise ValueError("not base 45")
        value = sum(_VALUE[char] * 45**place for place, char in enumerate(group))
        out += value.to_bytes(2 if len(group) == 3 else 1, "big") if value < 1 << 8 * (len(group) - 1) else _refuse()
    return bytes(out)


def _refuse() -> bytes:
    raise ValueError("not base 45")
