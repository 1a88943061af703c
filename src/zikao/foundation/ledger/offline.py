"""Verifies an exported ledger with nothing but the file and public keys: no database, no network, two processes.

Each process reads its own chunks of the file, hashes lines and the chunk's subtree; the main one puts the subtrees
together and compares the root at every signed head.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any, BinaryIO

import cbor2

from zikao.foundation.errors import BadInput
from zikao.foundation.ledger.audit import CHUNK, CHUNK_LEVEL, PARALLEL_FROM, Chunk, Problem
from zikao.foundation.ledger.exporting import FORMAT, LENGTH_BYTES, MAGIC
from zikao.foundation.ledger.keybook import KeyBook
from zikao.foundation.ledger.notes import Note, NoteMalformed, cosignature_text, parse_note
from zikao.foundation.ledger.tree import Frontier, leaf_hash
from zikao.foundation.ledger.verify import Result


def verify_export(path: Path, keys: KeyBook, *, kept_notes: Sequence[str] = (), processes: int = 2) -> Result:
    """Verify the file. Raises BadInput where it is no export at all."""
    began = perf_counter()
    result = Result()
    head, places, tail = _outline(path)
    result.leaves = result.lines = int(tail["leaves"])
    notes = _check_signatures(result, tail, keys, str(head["origin"]))
    kept = [parse_note(note) for note in kept_notes]
    _check_tree(result, path, places, [*notes, *kept], processes)
    result.seconds = perf_counter() - began
    return result


def _outline(path: Path) -> tuple[dict[str, Any], list[int], dict[str, Any]]:
    """The head, where each chunk begins, and the tail."""
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise ValueError
            places, size = [], path.stat().st_size
            while file.tell() < size:
                places.append(file.tell())
                length = int.from_bytes(file.read(LENGTH_BYTES), "big")
                file.seek(length, 1)
            if file.tell() != size:
                raise ValueError
            head, tail = _record(file, places[0]), _record(file, places[-1])
            if head["format"] != FORMAT or not isinstance(tail["leaves"], int):
                raise ValueError
            return head, places[1:-1], tail
    except (OSError, ValueError, KeyError, TypeError, IndexError, cbor2.CBORDecodeError, EOFError):
        raise BadInput(
            "export-unreadable",
            message=f"{path} 不是完整的账本导出文件。",
            remedy="请重新导出，或核对文件在传送中没有被截断。",
        ) from None


def _record(file: BinaryIO, at: int) -> Any:
    file.seek(at)
    return cbor2.loads(file.read(int.from_bytes(file.read(LENGTH_BYTES), "big")))


def _check_signatures(result: Result, tail: dict[str, Any], keys: KeyBook, origin: str) -> list[Note]:
    notes: list[Note] = []
    for text, signature in tail["heads"]:
        note = _note(text)
        if note is None or note.origin != origin:
            result.problems.append(Problem("signature", detail=str(note.tree_size if note else "?")))
            continue
        if keys.why_not(origin, note.key_id, note.signed_at, text.encode(), signature):
            result.problems.append(Problem("signature", detail=f"{note.tree_size}"))
        notes.append(note)
    result.checkpoints = len(notes)
    result.signed = max((note.tree_size for note in notes), default=0)
    cosigned = [note for each in tail["cosignatures"] if (note := _cosigned(result, each, keys)) is not None]
    return [*notes, *cosigned]


def _cosigned(result: Result, given: Sequence[Any], keys: KeyBook) -> Note | None:
    witness, when, key_id, signature, text = given
    at, note = datetime.fromisoformat(when), _note(text)
    signed = cosignature_text(note=text, witness=witness, cosigned_at=at, key_id=key_id).encode()
    if note is None or keys.why_not(witness, key_id, at, signed, signature):
        result.problems.append(Problem("cosignature", detail=str(note.tree_size if note else "?")))
        return None
    return note


def _note(text: str) -> Note | None:
    try:
        return parse_note(text)
    except NoteMalformed:
        return None


def _check_tree(result: Result, path: Path, places: Sequence[int], notes: Sequence[Note], processes: int) -> None:
    roots: dict[int, set[bytes]] = {}
    for note in notes:
        roots.setdefault(note.tree_size, set()).add(note.root)
    tree, done, good = Frontier(), 0, 0
    for chunk in _chunks(path, places, sorted(roots), result.leaves, processes):
        if chunk.start != done or done % CHUNK:
            result.problems.append(Problem("leaf-removed", None, done))
            return
        for size, head in chunk.heads.items():
            if roots[size] == {tree.root(head)}:
                good = size
            else:
                result.problems.append(Problem("root", detail=f"{good}-{size}"))
        done += chunk.end.size
        if chunk.end.size == CHUNK:
            tree.extend([chunk.end.root()], CHUNK_LEVEL)
    result.problems += [Problem("truncated", detail=f"{size}") for size in sorted(roots) if size > done]
    if done != result.leaves:
        result.problems.append(Problem("truncated", detail=f"{result.leaves}"))


def _chunks(path: Path, places: Sequence[int], stops: Sequence[int], leaves: int, processes: int) -> Iterator[Chunk]:
    starts = range(0, len(places) * CHUNK, CHUNK)
    work = [
        (at, [stop for stop in stops if first < stop <= first + CHUNK])
        for at, first in zip(places, starts, strict=True)
    ]
    if leaves < PARALLEL_FROM or processes < 2:
        yield from _read_chunks(str(path), work)
        return
    parts = [work[at : at + 4] for at in range(0, len(work), 4)]
    # nothing here holds a connection or a thread, so a fork is safe, and it starts at once
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        for found in pool.map(partial(_read_chunks, str(path)), parts):
            yield from found


def _read_chunks(path: str, work: Sequence[tuple[int, list[int]]]) -> list[Chunk]:
    with Path(path).open("rb") as file:
        return [_read_chunk(file, at, stops) for at, stops in work]


def _read_chunk(file: BinaryIO, at: int, stops: Sequence[int]) -> Chunk:
    first, entries = _record(file, at)
    hashes = [leaf_hash(entry) for entry in entries]
    chunk, done = Chunk(first), first
    for stop in stops:
        chunk.end.extend(hashes[done - first : stop - first])
        done = stop
        chunk.heads[stop] = Frontier(chunk.end.size, chunk.end.peaks)
    chunk.end.extend(hashes[done - first :])
    return chunk
