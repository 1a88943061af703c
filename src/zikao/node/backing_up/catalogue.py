"""What lies at a target: generations, and the parts of each in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from zikao.node.backing_up.manifests import NAME, BadManifest, Manifest, Piece, Signed, read_manifest
from zikao.node.backing_up.targets import Target, TargetTrouble
from zikao.node.postgres import slug

_MANIFEST = re.compile(
    r"(?P<node>[a-z0-9_]+)/(?P<generation>\d{8}T\d{6}Z)/(?P<number>\d{6})-(?P<kind>[a-z]+)/manifest\.json"
)
BASES = {"full", "incremental", "logical"}


@dataclass(frozen=True)
class Place:
    """Where the manifest of a part lies, as its path says."""

    path: str
    generation: str
    number: int


@dataclass
class Catalogue:
    """The parts of one node at one target, the oldest first; `bad` are manifests that do not hold, with why."""

    target: Target
    parts: list[Signed] = field(default_factory=list)
    bad: list[tuple[str, str]] = field(default_factory=list)

    @property
    def newest(self) -> Manifest | None:
        """The last part."""
        return self.parts[-1].manifest if self.parts else None

    def generations(self) -> dict[str, list[Manifest]]:
        """The parts by generation."""
        found: dict[str, list[Manifest]] = {}
        for signed in self.parts:
            found.setdefault(signed.manifest.generation, []).append(signed.manifest)
        return found

    def generation(self, name: str | None = None) -> list[Manifest]:
        """The parts of one generation, of the newest when none is named. Raises TargetTrouble."""
        generations = self.generations()
        if not generations or (name is not None and name not in generations):
            raise TargetTrouble(
                "no-backup",
                facts={"target": self.target.url, "generation": name or ""},
                message=f"{self.target.url} 中没有可用的备份{f'（{name}）' if name else ''}。",
                remedy="请核对地址和节点；清单验不过的备份不会被采用，可用 ./zikao verify backup 查看原因。",
            )
        return generations[name or max(generations)]


def folder_of(code: str) -> str:
    """A node's folder at a target."""
    return slug(code)


def object_path(part: Manifest, piece: Piece | None = None) -> str:
    """Where a piece (or the manifest) of a part lies."""
    return f"{folder_of(part.node)}/{part.path}/{piece.name if piece else NAME}"


def places(target: Target, code: str) -> list[Place]:
    """The manifests of a node at a target by their paths, the oldest first."""
    found = (_MANIFEST.fullmatch(path) for path in target.paths(folder_of(code)))
    every = [Place(m.string, m["generation"], int(m["number"])) for m in found if m is not None]
    return sorted(every, key=lambda place: (place.generation, place.number))


def nodes_at(target: Target) -> list[str]:
    """The folders of nodes at a target."""
    return sorted({path.split("/")[0] for path in target.paths() if _MANIFEST.fullmatch(path)})


def read_catalogue(target: Target, code: str, trusted: Mapping[str, str] | None = None) -> Catalogue:
    """Every part of a node at a target whose manifest holds and lies where it says."""
    catalogue = Catalogue(target)
    for place in places(target, code):
        try:
            signed = read_manifest(target.get(place.path), trusted)
        except BadManifest as error:
            catalogue.bad.append((place.path, str(error)))
            continue
        if object_path(signed.manifest) != place.path or signed.manifest.node != code:
            catalogue.bad.append((place.path, "moved"))
            continue
        catalogue.parts.append(signed)
    return catalogue


def newest_common(targets: Sequence[Target], code: str, trusted: Mapping[str, str] | None = None) -> Signed | None:
    """The newest part that all targets hold alike; what came after it at one of them was never finished."""
    listed = [{place.path for place in places(target, code)} for target in targets]
    shared = set.intersection(*listed) if listed else set()
    for path in sorted(shared, reverse=True):
        try:
            found = [read_manifest(target.get(path), trusted) for target in targets]
        except BadManifest:
            continue
        if len({each.manifest.digest for each in found}) == 1:
            return found[0]
    return None


def chain_of(parts: Sequence[Manifest]) -> Iterator[tuple[Manifest, Manifest]]:
    """Each part with the one before it."""
    return pairwise(parts)
