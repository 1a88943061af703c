"""A further copy of the newest generation, as sealed as it is, to a disk that is carried away or another store."""

from __future__ import annotations

from zikao.node.backing_up.catalogue import folder_of, read_catalogue
from zikao.node.backing_up.manifests import NAME
from zikao.node.backing_up.targets import Target

CHUNK_BYTES = 1 << 20


def copy_newest(source: Target, target: Target, code: str) -> int:
    """Copy what is missing at the target, manifests last; returns how many objects. Raises TargetTrouble."""
    generation = read_catalogue(source, code).generation()[0].generation
    prefix = f"{folder_of(code)}/{generation}"
    there = target.paths(prefix)
    wanted = [path for path, size in source.paths(prefix).items() if there.get(path) != size]
    for path in sorted(wanted, key=lambda path: (path.endswith(NAME), path)):
        stream = source.read(path)
        with target.write(path) as writer:
            while chunk := stream.read(CHUNK_BYTES):
                writer.write(chunk)
    return len(wanted)
