"""The custodians' segments: made by the program, told once, verified by the database without ever being sent to it.

As in RFC 5802: a client key is derived slowly (argon2id) from the segment and its salt; the database keeps SHA-256 of
it. A proof is the client key XOR HMAC(stored key, message), and the message names one window, its digest and its nonce.
So a statement log, a traffic trace or a ledger line holds nothing that opens another window.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from argon2.low_level import Type, hash_secret_raw

from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import WrongState
from zikao.stages.results.models import FilingWindow, Segment

COST = "argon2id:t=3,m=65536,p=1"
"""Passes, KiB and lanes for new segments; each segment keeps its own."""
GROUPS, GROUP = 5, 5
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class NewSegment:
    """A fresh segment: `text` is told to its holder once; the others go to the database."""

    text: str
    salt: bytes
    cost: str
    stored_key: bytes


def new_segment(*, text: str = "", salt: bytes = b"", cost: str = COST) -> NewSegment:
    """A segment of 125 random bits in five groups, or (tests, rehearsals) a given one."""
    text = text or "-".join("".join(secrets.choice(_ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    salt = salt or secrets.token_bytes(16)
    return NewSegment(text, salt, cost, sha256(_client_key(_plain(text), salt, cost)).digest())


def presence_proof(window: FilingWindow, held: Segment, text: str) -> bytes:
    """What a custodian's browser page sends to the database for this window."""
    message = (
        f"zikao-archive-1|{window.pk}|{window.kind}|{window.list_id}|{bytes(window.digest).hex()}"
        f"|{held.post}|{held.pk}|{window.nonce}"
    )
    return _proof(held, text, message)


def change_proof(held: Segment, text: str, new: NewSegment) -> bytes:
    """The old segment's word for the new one."""
    message = f"zikao-segment-1|{held.pk}|{new.salt.hex()}|{new.cost}|{new.stored_key.hex()}"
    return _proof(held, text, message)


def holders() -> dict[str, Segment]:
    """The segments in force by post."""
    rows = Segment.objects.order_by("post", "-id").distinct("post")
    return {row.post: row for row in rows}


def segment_of(by: Actor) -> Segment:
    """The actor's own segment in force. Raises WrongState where it is not set, or is another person's."""
    held = holders().get(by.post.value)
    if held is None or held.account_id != by.account_id:
        raise WrongState(
            "segment-not-yours",
            message="您还没有掌管这一岗位的密码段。",
            remedy="首次掌管请在“我的密码段”领取；岗位换人或者密码段遗失，请申请补发。",
            clause="SR-A1.10a",
        )
    return held


def custodians(posts: Iterable[Post]) -> frozenset[str]:
    """The posts' values."""
    return frozenset(post.value for post in posts)


def rehearsal_segment(post: str) -> str:
    """The segment of a post in a rehearsal, where everybody may try it; in real use nobody knows another's."""
    letters = post.replace("-", "").upper().translate(str.maketrans("OILU", "011V"))
    return "-".join((*(f"{letters:0<15}"[at : at + 5] for at in (0, 5, 10)), "ZJKA0", "DEM00"))


def _proof(held: Segment, text: str, message: str) -> bytes:
    client = _client_key(_plain(text), bytes(held.salt), held.cost)
    signature = hmac.digest(sha256(client).digest(), message.encode(), "sha256")
    return bytes(a ^ b for a, b in zip(client, signature, strict=True))


def _plain(text: str) -> str:
    """As written on paper: without hyphens, spaces and case; O and I, L read as 0 and 1."""
    kept = "".join(text.upper().split()).replace("-", "")
    return kept.translate(str.maketrans("OIL", "011"))


def _client_key(text: str, salt: bytes, cost: str) -> bytes:
    passes, memory, lanes = (int(part.partition("=")[2]) for part in cost.removeprefix("argon2id:").split(","))
    secret = hash_secret_raw(text.encode(), salt, passes, memory, lanes, 32, Type.ID)
    return hmac.digest(secret, b"zikao client key", "sha256")
