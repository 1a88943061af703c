"""What can be exported: lists that rooms above register, each with its columns and rows for an actor and a filter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import get_resolver

from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import BadInput, NotFound


@dataclass(frozen=True)
class ExportColumn:
    """A column of a file. `text` writes a row's value; `masked` what stands there where it is not to be shown."""

    key: str
    label: str
    text: Callable[[Any], str]
    masked: Callable[[str], str] | None = None
    path: str = ""
    is_number: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether the column tells who somebody is."""
        return self.masked is not None


@dataclass(frozen=True)
class Extract:
    """A list as an actor may see it under a filter: `rows()` streams its rows, `told` says the filter.

    `looked()` counts no further than a look needs, and says whether there are more; `counted()` counts them all.
    """

    columns: tuple[ExportColumn, ...]
    looked: Callable[[], tuple[int, bool]]
    counted: Callable[[], int]
    rows: Callable[[], Iterable[Any]]
    params: Mapping[str, str]
    told: tuple[tuple[str, str], ...] = ()

    @cached_property
    def count(self) -> int:
        """How many rows, exactly: what is approved and what is made go by it."""
        return self.counted()

    def chosen(self, keys: Sequence[str]) -> tuple[ExportColumn, ...]:
        """The columns of these keys, in the list's order. Raises BadInput for one that the list does not have."""
        if not keys or set(keys) - {column.key for column in self.columns}:
            raise BadInput("columns-unknown", field_errors={"columns": "请选择名单中的栏目。"})
        return tuple(column for column in self.columns if column.key in keys)


@dataclass(frozen=True)
class Dataset:
    """A list that can be exported. `marking`: it tells of answers, marking or scores (EA-50)."""

    name: str
    title: str
    posts: frozenset[Post]
    open: Callable[[Actor, Mapping[str, str]], Extract] = field(repr=False)
    marking: bool = False


_datasets: dict[str, Dataset] = {}


def register(dataset: Dataset) -> Dataset:
    """Make a list known; rooms do so in their views, which are loaded with the addresses."""
    _datasets[dataset.name] = dataset
    return dataset


def dataset_of(name: str, actor: Actor) -> Dataset:
    """The list of a name, if this post has it; NotFound else, as if there were none."""
    found = all_datasets().get(name)
    if found is None or actor.post not in found.posts:
        raise NotFound("dataset-not-found", facts={"dataset": name[:60]}, message="没有这个名单，或者不归您的岗位。")
    return found


def all_datasets() -> Mapping[str, Dataset]:
    """Every list by its name; a worker has not loaded the pages yet."""
    _ = get_resolver().url_patterns
    return _datasets
