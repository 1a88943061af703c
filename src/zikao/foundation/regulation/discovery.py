"""Finds the rules of the house: imports each `rules` module or package below the rooms that may hold law."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

FLOORS = ("zikao.foundation", "zikao.stages")
SINGLE_ROOMS = ("zikao.national",)


@cache
def load_rules() -> tuple[ModuleType, ...]:
    """Import all rule modules once and return them; an error inside one is not swallowed."""
    rooms = [f"{floor}.{info.name}" for floor in FLOORS for info in _children(floor) if info.ispkg]
    return tuple(module for room in (*rooms, *SINGLE_ROOMS) for module in _rules_of(room))


def _children(package: str) -> list[pkgutil.ModuleInfo]:
    return list(pkgutil.iter_modules(import_module(package).__path__))


def _rules_of(room: str) -> list[ModuleType]:
    name = f"{room}.rules"
    if find_spec(name) is None:
        return []
    module = import_module(name)
    if not hasattr(module, "__path__"):
        return [module]
    below = [info.name for info in pkgutil.walk_packages(module.__path__, prefix=f"{name}.")]
    return [module, *map(import_module, below)]
