"""The Merkle tree of RFC 9162 with SM3: pure, no database.

A leaf is SM3(0x00 || entry), a node SM3(0x01 || left || right); the root of no leaves is SM3 of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from zikao.foundation.crypto import sm3, sm3_prefixed

HASH_BYTES = 32
EMPTY_ROOT = sm3(b"")

leaf_hash = sm3_prefixed(b"\x00")
_node = sm3_prefixed(b"\x01")


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return _node(left + right)


class Frontier:
    """A tree that only grows: its size and the roots of its complete subtrees, one a set bit of the size."""

    def __init__(self, size: int = 0, peaks: bytes = b"") -> None:
        self.size = size
        self._peaks: list[bytes | None] = []
        stored = iter([peaks[at : at + HASH_BYTES] for at in range(0, len(peaks), HASH_BYTES)])
        for level in range(size.bit_length()):
            self._peaks.append(next(stored) if size >> level & 1 else None)

    @property
    def peaks(self) -> bytes:
        """The peaks as stored, smallest subtree first; with the size they give the frontier back."""
        return b"".join(peak for peak in self._peaks if peak is not None)

    def extend(self, items: Sequence[bytes], level: int = 0) -> None:
        """Append leaf hashes, or roots of complete subtrees of 2**level leaves where the size is a multiple of it."""
        if self.size % (1 << level):
            raise ValueError(f"{self.size} leaves end inside a subtree of level {level}")
        self.size += len(items) << level
        row = list(items)
        while row:
            while level >= len(self._peaks):
                self._peaks.append(None)
            waiting = self._peaks[level]
            if waiting is not None:
                row.insert(0, waiting)
            self._peaks[level] = row.pop() if len(row) % 2 else None
            row = [_node(left + right) for left, right in zip(row[::2], row[1::2], strict=True)]
            level += 1

    def root(self, tail: Frontier | None = None) -> bytes:
        """The root; with a smaller aligned `tail`, the root as if the tail's leaves followed."""
        root = None
        for peak in (*(tail._peaks if tail else ()), *self._peaks):
            if peak is not None:
                root = peak if root is None else _node(peak + root)
        return EMPTY_ROOT if root is None else root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


class Inclusion(NamedTuple):
    """Proof that a leaf stands at place `seq` of the tree of `tree_size` leaves."""

    seq: int
    tree_size: int
    path: tuple[bytes, ...]


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


class Levels:
    """A whole tree in memory, from its leaf hashes up; gives any number of inclusion paths."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._rows = [leaves]
        while len(row := self._rows[-1]) > 1:
            above = [_node(left + right) for left, right in zip(row[::2], row[1::2], strict=False)]
            self._rows.append([*above, row[-1]] if len(row) % 2 else above)

    def path(self, seq: int) -> tuple[bytes, ...]:
        """The sibling hashes from the leaf at `seq` up to the root (RFC 9162, 2.1.3.1)."""
        if not 0 <= seq < len(self._rows[0]):
            raise ValueError(f"no leaf {seq} in a tree of {len(self._rows[0])}")
        places = ((row, seq >> level ^ 1) for level, row in enumerate(self._rows))
        return tuple(row[sibling] for row, sibling in places if sibling < len(row))


def verify_inclusion(leaf: bytes, proof: Inclusion, root: bytes) -> bool:
    """Whether the proof leads from the leaf hash to the root (RFC 9162, 2.1.3.2)."""
    index, last = proof.seq, proof.tree_size - 1
    if not 0 <= index <= last:
        return False
    here = leaf
    for sibling in proof.path:
        if last == 0:
            return False
        if index & 1 or index == last:
            here = node_hash(sibling, here)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            here = node_hash(here, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and here == root


def consistency_path(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Proof that the tree over these leaves begins with the tree of `old_size` (RFC 9162, 2.1.4.1)."""
    if not 0 < old_size <= len(leaves):
        raise ValueError(f"no tree of {old_size} before one of {len(leaves)}")
    return tuple(_subproof(leaves, old_size, whole=True))


def _subproof(leaves: Sequence[bytes], old_size: int, *, whole: bool) -> Iterable[bytes]:
    if old_size == len(leaves):
        return [] if whole else [root_of(leaves)]
    split = _split(len(leaves))
    if old_size <= split:
        return [*_subproof(leaves[:split], old_size, whole=whole), root_of(leaves[split:])]
    return [*_subproof(leaves[split:], old_size - split, whole=False), root_of(leaves[:split])]


def verify_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path shows that the new tree begins with the old one (RFC 9162, 2.1.4.2)."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not path and old_root == new_root
    steps = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    if not steps:
        return False
    old, new = old_size - 1, new_size - 1
    while old & 1:
        old, new = old >> 1, new >> 1
    old_here = new_here = steps[0]
    for step in steps[1:]:
        if new == 0:
            return False
        if old & 1 or old == new:
            old_here, new_here = node_hash(step, old_here), node_hash(step, new_here)
            while old and not old & 1:
                old, new = old >> 1, new >> 1
        else:
            new_here = node_hash(new_here, step)
        old, new = old >> 1, new >> 1
    return new == 0 and old_here == old_root and new_here == new_root
