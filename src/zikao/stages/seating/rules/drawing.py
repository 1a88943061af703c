"""The draw itself, in pure Python: the reference that the database's set-based draw must equal, byte for byte."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256

from zikao.foundation.crypto.hashing import sm3
from zikao.stages.seating.states import ALGORITHM, WITHOUT_WISHES, Block, Group, PlacedSeat, PublicEntry

_HEX_32_BYTES = re.compile(r"[0-9a-f]{64}")


def is_secret(text: str) -> bool:
    """Whether a text is a secret number: 32 bytes in 64 lower-case hexadecimal digits."""
    return _HEX_32_BYTES.fullmatch(text) is not None


def is_digest(text: str) -> bool:
    """Whether a text is an SM3 digest in hexadecimal."""
    return _HEX_32_BYTES.fullmatch(text) is not None


def digest_of_secret(secret: str) -> str:
    """The commitment to a secret: SM3 of its 32 bytes."""
    return sm3(bytes.fromhex(secret)).hex()


def seed_of(entry_digest: str, secrets: Sequence[str]) -> bytes:
    """SM3(digest of the closed list || secrets in the order of commitment); all are 32 bytes long."""
    return sm3(bytes.fromhex(entry_digest) + b"".join(bytes.fromhex(secret) for secret in secrets))


def order_value(seed: bytes, key: str) -> bytes:
    """Where an entry stands in its course's order: SHA-256(seed || key), compared as bytes."""
    return sha256(seed + key.encode("ascii")).digest()


def assign(seed: bytes, entries: Iterable[PublicEntry], blocks: Iterable[Block]) -> list[PlacedSeat]:
    """Everybody's seat, in the order of the plan: area, unit, course, site wished for, rank."""
    order = ordered_keys(seed, entries)
    return [
        PlacedSeat(order[block.group][block.first_rank - 1 + at], block.room.label, seat)
        for block in blocks
        for at, seat in enumerate(range(block.first_seat, block.first_seat + block.count))
    ]


def ordered_keys(seed: bytes, entries: Iterable[PublicEntry]) -> dict[Group, list[str]]:
    """The keys of each area, unit, course and wish in the order of the draw."""
    groups: dict[Group, list[str]] = defaultdict(list)
    for entry in entries:
        groups[entry.group].append(entry.key)
    for keys in groups.values():
        keys.sort(key=lambda key: order_value(seed, key))
    return groups


def group_digest(keys: Iterable[str]) -> str:
    """SHA-256 of a course's keys, joined in the order of the draw."""
    return sha256("".join(keys).encode("ascii")).hexdigest()


def draw_digest(groups: Iterable[tuple[Group, str]], blocks: Iterable[Block], algorithm: str = ALGORITHM) -> str:
    """SM3 of the draw: a line for each group with the digest of its order, then one for each block.

    Both in the order of area, unit, course, site wished for, rank. It fixes everybody's seat. The first algorithm's
    lines have no site; in later ones "-" stands for no wish.
    """

    def named(group: Group) -> str:
        area, unit, course, site, alone, tutor = group
        claims = "" if algorithm == WITHOUT_WISHES else f" {site or '-'} {int(alone)} {tutor or '-'}"
        return f"{area} {unit} {course}{claims}"

    lines = [f"{named(group)} {digest}" for group, digest in groups]
    lines += [f"{named(b.group)} {b.room.label} {b.first_rank} {b.count} {b.first_seat}" for b in blocks]
    return sm3("\n".join(lines).encode("ascii")).hex()
