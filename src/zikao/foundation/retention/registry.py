"""What later rooms tell this one: which cases still need a matter's things, and which files belong to a kind.

@needs("violations")
def undecided(matter: str) -> list[OpenCase]: ...

@files_of("scan-images")
def scans(matter: str) -> Iterable[str]: ...       # digests of stored files
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from zikao.foundation.commands import all_rows
from zikao.foundation.retention.states import OpenCase

CaseQuery = Callable[[str], list[OpenCase]]
FileQuery = Callable[[str], Iterable[str]]
_cases: dict[str, CaseQuery] = {}
_files: dict[str, FileQuery] = {}


def needs(name: str) -> Callable[[CaseQuery], CaseQuery]:
    """Register who knows of open cases of a matter."""

    def keep(query: CaseQuery) -> CaseQuery:
        _cases[name] = query
        return query

    return keep


def files_of(kind: str) -> Callable[[FileQuery], FileQuery]:
    """Register which stored files belong to a matter's things of a kind."""

    def keep(query: FileQuery) -> FileQuery:
        _files[kind] = query
        return query

    return keep


def open_cases(matter: str) -> list[OpenCase]:
    """Every case that still needs the things of a matter."""
    with all_rows("EA-44：案件不论在哪个机构，都要用到同一考次的材料"):
        return [case for _, query in sorted(_cases.items()) for case in query(matter)]


def stored_files(kind: str, matter: str) -> list[str]:
    """The digests of the stored files of a matter's things of a kind."""
    query = _files.get(kind)
    if query is None:
        return []
    with all_rows("EA-44：一个考次的文件整体保存、整体销毁"):
        return sorted(set(query(matter)))


@contextmanager
def registry_cleared() -> Iterator[None]:
    """Nothing registered for a while, and what was there afterwards; for tests."""
    cases, files = dict(_cases), dict(_files)
    _cases.clear()
    _files.clear()
    try:
        yield
    finally:
        _cases.clear()
        _cases.update(cases)
        _files.clear()
        _files.update(files)
