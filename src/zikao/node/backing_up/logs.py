"""PostgreSQL's log by pieces of 16 MiB: names, order, gaps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

PIECE = re.compile(r"[0-9A-F]{24}")
WANTED = re.compile(r"[0-9A-F]{24}(\.partial)?|[0-9A-F]{8}\.history")
PIECES_A_LOG = 0x100


def finished(spool: Path) -> list[str]:
    """What the server left in the spool, in order; files it is still writing begin with a dot."""
    return sorted(path.name for path in spool.iterdir() if WANTED.fullmatch(path.name)) if spool.is_dir() else []


def position(name: str) -> tuple[int, int]:
    """A piece's timeline and its number in the whole log."""
    return int(name[:8], 16), int(name[8:16], 16) * PIECES_A_LOG + int(name[16:24], 16)


def missing(first: str, have: Iterable[str]) -> list[str]:
    """Which pieces are missing between `first` and the last of each timeline on; names of the first one of each gap."""
    pieces = sorted({name for name in have if PIECE.fullmatch(name)}, key=lambda name: position(name)[::-1])
    timeline, expected = position(first)
    gaps: list[str] = []
    for name in pieces:
        line, number = position(name)
        if number < expected:
            continue  # older than the base, or the same place on an older timeline
        if number > expected:
            gaps.append(_name(timeline, expected))
        timeline, expected = line, number + 1
    return gaps if pieces else [first]


def _name(timeline: int, number: int) -> str:
    return f"{timeline:08X}{number // PIECES_A_LOG:08X}{number % PIECES_A_LOG:08X}"
