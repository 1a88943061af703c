"""Reads the files of `zikao/law`.

The scalars of YAML 1.1 are a trap for law: `on:` would be a truth value, `00012` an octal number, `14:30` a
number of minutes and 0.5 a binary fraction. Here only true/false are truth values, numbers with leading zeros and
clock times stay text, and fractions are Decimal. A key written twice is an error.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from zikao.foundation.regulation.faults import LawError

if TYPE_CHECKING:
    from yaml import SafeLoader as _Base
else:
    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

LAW_FOLDER = Path(__file__).resolve().parents[2] / "law"


class LawLoader(_Base):
    """Safe YAML with the plain scalars described above."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """Build a mapping; a repeated key is an error instead of a silent overwrite."""
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise LawError(f"{key_node.start_mark}: {key!r} is written twice")
            seen.add(key)
        return super().construct_mapping(node, deep)


def _decimal(loader: LawLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node))


def _resolve(tag: str, pattern: str, first: str) -> None:
    LawLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern, re.X), list(first))


_resolve("null", r"^(?:~|null|)$", "~n\0")
_resolve("bool", r"^(?:true|false)$", "tf")
_resolve("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789")
_resolve("float", r"^[-+]?(?:0|[1-9][0-9]*)\.[0-9]+$", "-+0123456789")
_resolve(
    "timestamp",
    r"""^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:\s*(?:Z|[-+]\d\d?(?::?\d\d)?))?)?$""",
    "0123456789",
)
LawLoader.yaml_implicit_resolvers.setdefault("", []).append(("tag:yaml.org,2002:null", re.compile("^$")))
LawLoader.add_constructor("tag:yaml.org,2002:float", _decimal)


def read(path: Path) -> Any:
    """Return the content of one law file; an empty file gives None."""
    with path.open(encoding="utf-8") as stream:
        try:
            return yaml.load(stream, Loader=LawLoader)  # noqa: S506 - a safe loader, made stricter
        except yaml.YAMLError as error:
            raise LawError(f"{path.name}: {error}") from error


def read_folder(folder: Path) -> Iterator[tuple[str, Any]]:
    """Yield (stem, content) of each `*.yaml` right in the folder, by name; nothing when absent."""
    for path in sorted(folder.glob("*.yaml")):
        content = read(path)
        if content is not None:
            yield path.stem, content


def read_entries(folder: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (stem, key, entry) of all mappings in the folder; one key may stand in one file only.

    Raises LawError when a file is no mapping of mappings or a key comes again.
    """
    owner: dict[str, str] = {}
    for stem, content in read_folder(folder):
        if not isinstance(content, dict):
            raise LawError(f"{folder.name}/{stem}.yaml: expected a mapping")
        for key, entry in content.items():
            if not isinstance(entry, dict):
                raise LawError(f"{folder.name}/{stem}.yaml: {key}: expected a mapping")
            if key in owner:
                raise LawError(f"{folder.name}: {key} stands in {owner[key]}.yaml and in {stem}.yaml")
            owner[key] = stem
            yield stem, key, entry
