"""The whole house surveyed: every command and route loaded, for the lists and the register of clauses."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from zikao.foundation.regulation import Cover, coverage, coverage_problems


@dataclass(frozen=True)
class CommandLine:
    """A command as a list shows it."""

    name: str
    writes: str
    clauses: tuple[str, ...]
    posts: tuple[str, ...]
    posts_zh: tuple[str, ...]
    summary: str

    def as_dict(self) -> dict[str, Any]:
        """The line as plain JSON values."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


@cache
def load_house() -> None:
    """Set Django up and import every app's commands, so that the registries are full."""
    import os

    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zikao.node.settings")
    django.setup()
    for config in apps.get_app_configs():
        if config.name.startswith("zikao.") and find_spec(f"{config.name}.commands"):
            _import_all(f"{config.name}.commands")


def _import_all(name: str) -> None:
    module = import_module(name)
    for found in pkgutil.walk_packages(getattr(module, "__path__", ()), prefix=f"{name}."):
        import_module(found.name)


def command_lines() -> list[CommandLine]:
    """Every command, by name."""
    from zikao.foundation.commands import all_commands

    load_house()
    return [
        CommandLine(
            name,
            info.writes,
            info.clauses,
            tuple(sorted(info.posts)),
            tuple(post.label for post in sorted(info.posts)),
            info.summary,
        )
        for name, info in all_commands().items()
    ]


def route_names() -> list[str]:
    """The full name of every URL ("seating:notice")."""
    from django.urls import get_resolver

    load_house()
    return sorted(set(_names(get_resolver(), "")))


def _names(resolver: Any, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from _names(entry, prefix + (f"{entry.namespace}:" if entry.namespace else ""))
        elif entry.name:
            yield prefix + entry.name


def covered_clauses() -> list[Cover]:
    """The register: one line for each clause."""
    return coverage(_clauses_of_commands(), routes=route_names())


def register_problems() -> list[str]:
    """What the register claims and the house does not have."""
    return coverage_problems(_clauses_of_commands(), routes=route_names())


def _clauses_of_commands() -> dict[str, tuple[str, ...]]:
    return {line.name: line.clauses for line in command_lines()}
