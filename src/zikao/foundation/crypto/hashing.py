"""SM3, and the canonical bytes that are hashed and signed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes

_SM3 = hashes.SM3()


def sm3(data: bytes) -> bytes:
    """The SM3 digest (32 bytes)."""
    digest = hashes.Hash(_SM3)
    digest.update(data)
    return digest.finalize()


def sm3_prefixed(prefix: bytes) -> Callable[[bytes], bytes]:
    """A fast function of SM3(prefix || data); the tree calls it millions of times."""
    start = hashes.Hash(_SM3)
    start.update(prefix)
    copy = start.copy

    def digest(data: bytes) -> bytes:
        each = copy()
        each.update(data)
        return each.finalize()

    return digest


def canonical(value: Any) -> bytes:
    """Canonical JSON: keys sorted by code point, no white space, UTF-8.

    Takes None, bool, int, str, lists, tuples and mappings with text keys.
    Raises:  TypeError on anything else; a float above all, because two machines may write it differently.
    """
    _check(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def _check(value: Any) -> None:
    if value is None or isinstance(value, str | bool | int):
        return
    if isinstance(value, Mapping):
        for name, item in value.items():
            if not isinstance(name, str):
                raise TypeError(f"canonical JSON has text keys, not {type(name).__name__}")
            _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
    else:
        raise TypeError(f"canonical JSON cannot hold a {type(value).__name__}")
