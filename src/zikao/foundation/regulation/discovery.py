"""Finds the rules of the house: imports each `rules` module or package below the rooms that may hold law."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

PACKAGE = Path(__file__).resolve().parents[2]
FLOORS = ("foundation", "stages")
SINGLE_ROOMS = ("national",)


@cache
def load_rules() -> tuple[ModuleType, ...]:
    """Import all rule modules once and return them; an error inside one is not swallowed.

    Rooms without rules are found on disk and never imported: some of them need Django.
    """
    rooms = [f"{floor}/{folder.name}" for floor in FLOORS for folder in sorted((PACKAGE / floor).iterdir())]
    return tuple(module for room in (*rooms, *SINGLE_ROOMS) for module in _rules_of(room))


def _rules_of(room: str) -> list[ModuleType]:
    place = PACKAGE / room / "rules"
    if not place.with_suffix(".py").is_file() and not (place / "__init__.py").is_file():
        return []
    name = f"zikao.{room.replace('/', '.')}.rules"
    module = import_module(name)
    if not hasattr(module, "__path__"):
        return [module]
    below = [info.name for info in pkgutil.walk_packages(module.__path__, prefix=f"{name}.")]
    return [module, *map(import_module, below)]
