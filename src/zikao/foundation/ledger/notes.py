"""What nodes sign about the ledger: checkpoint notes and cosignatures, each with one form only. Pure.

A note is five lines: "zikao ledger <origin>", tree size, root (base64), instant (UTC), key id. A witness signs
"zikao cosignature v1", its code, the instant and its key id, followed by the note that it saw.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime

TITLE = "zikao ledger "
ROOT_BYTES = 32


class NoteMalformed(ValueError):
    """It is not a note in the one form."""


@dataclass(frozen=True)
class Note:
    """A checkpoint note, read."""

    origin: str
    tree_size: int
    root: bytes
    signed_at: datetime
    key_id: str

    @property
    def text(self) -> str:
        """The note as it is signed."""
        return note_text(
            origin=self.origin,
            tree_size=self.tree_size,
            root=self.root,
            signed_at=self.signed_at,
            key_id=self.key_id,
        )


def instant(at: datetime) -> str:
    """An instant as notes write it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def note_text(*, origin: str, tree_size: int, root: bytes, signed_at: datetime, key_id: str) -> str:
    """What the node signs: five lines, readable, one form only."""
    return f"{TITLE}{origin}\n{tree_size}\n{b64encode(root).decode()}\n{instant(signed_at)}\n{key_id}\n"


def parse_note(text: str) -> Note:
    """Read a note. Raises NoteMalformed where it is not exactly what `note_text` writes."""
    try:
        title, size, root, when, key_id, end = text.split("\n")
        note = Note(title.removeprefix(TITLE), int(size), b64decode(root), datetime.fromisoformat(when), key_id)
        same = not end and note.signed_at.tzinfo is not None and note.text == text
    except ValueError:
        raise NoteMalformed(text[:200]) from None
    if not same or note.tree_size < 1 or len(note.root) != ROOT_BYTES:
        raise NoteMalformed(text[:200])
    return note


def cosignature_text(*, note: str, witness: str, cosigned_at: datetime, key_id: str) -> str:
    """What a witness signs: who, when, with which key, and the whole note."""
    return f"zikao cosignature v1\n{witness}\n{instant(cosigned_at)}\n{key_id}\n\n{note}"
