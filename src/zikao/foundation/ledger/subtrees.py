"""Proofs that do not read the whole ledger: the roots of complete subtrees are kept, and parts are put together.

What is kept is derived from the leaves and proves nothing by itself: the verifier reads leaves, and whoever gets a
proof checks it against a signed root. Levels 8, 16 and 24 are kept, so a proof reads at most 255 hashes a step.
"""

from __future__ import annotations

from django.db import connection

from zikao.foundation.ledger.tree import Inclusion, node_hash

KEPT_STEP = 8
KEPT_LEVELS = (8, 16, 24)
FILL_AT_ONCE = 8192


class Subtrees:
    """The roots of parts of the stored tree, each found once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bytes] = {}

    def root(self, lo: int, hi: int) -> bytes:
        """The root over the leaves lo..hi-1, where they are a part of the tree as RFC 9162 splits it."""
        size = hi - lo
        if size & (size - 1) == 0:
            level = size.bit_length() - 1
            return self.complete(level, lo >> level)
        split = split_of(size)
        return node_hash(self.root(lo, lo + split), self.root(lo + split, hi))

    def complete(self, level: int, place: int) -> bytes:
        """The root of the complete subtree of 2**level leaves at this place, counted from 0 at its level."""
        found = self._known.get((level, place))
        if found is None:
            found = self._stored(level, place)
            self._known[level, place] = found
        return found

    def _stored(self, level: int, place: int) -> bytes:
        if level == 0 or level in KEPT_LEVELS:
            kept = _kept(level, place, 1)
            if place in kept:
                return kept[place]
            if level == 0:
                raise LookupError(f"no leaf {place}")
        return self._computed(level, place)

    def _computed(self, level: int, place: int) -> bytes:
        base = (level - 1) // KEPT_STEP * KEPT_STEP
        count = 1 << (level - base)
        kept = _kept(base, place * count, count)
        wanted = range(place * count, (place + 1) * count)
        row = [kept[at] if at in kept else self.complete(base, at) for at in wanted]
        while len(row) > 1:
            row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
        return row[0]

    def inclusion(self, seq: int, tree_size: int) -> Inclusion:
        """The proof that leaf `seq` is in the tree of `tree_size` leaves (RFC 9162, 2.1.3.1)."""
        path: list[bytes] = []
        lo, hi = 0, tree_size
        while hi - lo > 1:
            middle = lo + split_of(hi - lo)
            if seq < middle:
                path.append(self.root(middle, hi))
                hi = middle
            else:
                path.append(self.root(lo, middle))
                lo = middle
        return Inclusion(seq, tree_size, tuple(reversed(path)))

    def consistency(self, old_size: int, new_size: int) -> tuple[bytes, ...]:
        """The proof that the tree of `new_size` leaves begins with that of `old_size` (RFC 9162, 2.1.4.1)."""
        return tuple(self._consistency(old_size, 0, new_size, whole=True))

    def _consistency(self, old: int, lo: int, hi: int, *, whole: bool) -> list[bytes]:
        if old == hi:
            return [] if whole else [self.root(lo, hi)]
        middle = lo + split_of(hi - lo)
        if old <= middle:
            return [*self._consistency(old, lo, middle, whole=whole), self.root(middle, hi)]
        return [*self._consistency(old, middle, hi, whole=False), self.root(lo, middle)]


def split_of(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1


def fill_subtrees(limit: int = FILL_AT_ONCE) -> int:
    """Keep the roots of subtrees that are complete now; returns how many were added."""
    added = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq) + 1, 0) FROM ledger_leaf")
        (size,) = cursor.fetchone()
        for level in KEPT_LEVELS:
            cursor.execute("SELECT coalesce(max(place) + 1, 0) FROM ledger_subtree WHERE level = %s", [level])
            (first,) = cursor.fetchone()
            places = range(first, min(size >> level, first + limit - added))
            hashes = [Subtrees().complete(level, place) for place in places]
            cursor.execute(
                "INSERT INTO ledger_subtree (level, place, hash)"
                " SELECT %s, * FROM unnest(%s::bigint[], %s::bytea[]) ON CONFLICT DO NOTHING",
                [level, list(places), hashes],
            )
            added += len(hashes)
    return added


def _kept(level: int, first: int, count: int) -> dict[int, bytes]:
    with connection.cursor() as cursor:
        if level == 0:
            cursor.execute("SELECT seq, hash FROM ledger_leaf WHERE seq >= %s AND seq < %s", [first, first + count])
        else:
            cursor.execute(
                "SELECT place, hash FROM ledger_subtree WHERE level = %s AND place >= %s AND place < %s",
                [level, first, first + count],
            )
        return {place: bytes(digest) for place, digest in cursor.fetchall()}
